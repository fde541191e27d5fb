"""The wrong answers that every lab must recognise: data, one TOML file for each lab.

``tests/labs/lab_10.toml`` holds, at least twice for each task::

    [[wrong]]
    task = "10.1"
    misconception = "the user pool sub is the identity id"
    answer = '''
    prefix = f"users/{claims['sub']}/"
    '''

``answer`` is the code a learner types into the task's cell; ``misconception`` is the name that the
check must give to the mistake. Earlier tasks are answered rightly when it is played.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from helpers.authoring.play import play

MEMBERS = {"task", "misconception", "answer"}


@dataclass(frozen=True)
class WrongAnswer:
    """A mistake that people make in one task, and what the check must call it."""

    task: str
    misconception: str
    answer: str


def read(path: Path) -> list[WrongAnswer]:
    """Read a lab's wrong answers. Raises ``ValueError`` for a member that is missing or unknown."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))["wrong"]
    for raw in found:
        if set(raw) != MEMBERS or not all(str(value).strip() for value in raw.values()):
            raise ValueError(f"{path.name}: a wrong answer has {sorted(MEMBERS)}, not {raw}")
    return [WrongAnswer(**raw) for raw in found]


def complaints(
    exercise: NotebookNode, answers: Mapping[str, str], wrong: Sequence[WrongAnswer]
) -> list[str]:
    """Play each wrong answer of one task and say what is amiss; an empty list if nothing is.

    ``answers`` are the right ones by task. Each mistake must be caught under its own name and with
    a message of its own.
    """
    found: list[str] = []
    messages: set[str] = set()
    for each in wrong:
        result = play(exercise, {**answers, each.task: each.answer}, until=each.task)[each.task]
        if (result.state, result.misconception) != ("wrong", each.misconception):
            found.append(f"“{each.misconception}” came out as: {result}")
        if result.message in messages:
            found.append(f"“{each.misconception}” has the message of another: {result.message}")
        messages.add(result.message)
    if len({each.misconception for each in wrong}) < 2:
        found.append("fewer than two mistakes are declared in tests/labs")
    return found
