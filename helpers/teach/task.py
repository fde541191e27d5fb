"""One task of a lab: its three hints and the check that asks the cloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Check = Callable[..., str | None]


@dataclass(frozen=True)
class Task:
    """A task, made by the ``task`` decorator from the function that checks it."""

    id: str
    hints: tuple[str, str, str]
    check: Check


def task(id: str, *, hints: tuple[str, str, str]) -> Callable[[Check], Task]:
    """Make the function below it the check of task ``id`` ("10.1").

    The function takes the learner's objects as keyword arguments, calls the cloud with them (as
    the user and as the attacker) and returns one sentence on what it saw. It raises ``Wrong`` for
    a mistake it recognises and ``NotTried`` where there is nothing to judge.
    """
    if len(hints) != 3 or not all(hint.strip() for hint in hints):
        raise ValueError(f"task {id} needs three hints, from a nudge to nearly the answer")

    def make(check: Check) -> Task:
        return Task(id, tuple(hints), check)

    return make
