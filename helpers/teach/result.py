"""What a check says about an exercise: one of four states, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["passed", "not tried yet", "wrong", "error"]


class NotTried(Exception):
    """Raised by a check when the learner has not begun: there is nothing to judge yet."""


class Wrong(Exception):
    """Raised by a check that recognises a mistake.

    ``misconception`` names the belief behind it ("the user pool sub is the identity id");
    ``message`` says what the cloud did because of it, and where to look.
    """

    def __init__(self, misconception: str, message: str) -> None:
        """Keep the two apart: tests ask which belief was met, learners read both."""
        super().__init__(f"{misconception}: {message}")
        self.misconception = misconception
        self.message = message


@dataclass(frozen=True)
class Result:
    """How one task went. A notebook cell that ends with it shows it as one paragraph of text."""

    task: str
    state: State
    message: str = ""
    misconception: str = ""

    def __repr__(self) -> str:
        name = f" ({self.misconception})" if self.misconception else ""
        tail = f". {self.message}" if self.message else "."
        return f"Task {self.task}: {self.state}{name}{tail}"

    def require(self) -> Result:
        """Return the result if the task is passed, raise ``AssertionError`` otherwise.

        For cells that a program grades: there a task that was not tried must fail as well.
        """
        if self.state != "passed":
            raise AssertionError(repr(self))
        return self
