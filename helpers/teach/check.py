"""Check an exercise, or ask for a hint: what the cells of a lab call.

A lab's tasks are in ``helpers/teach/checks/lab_NN.py``; the number before the dot of a task's id
says which.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from .result import NotTried, Result, Wrong
from .task import Task
from .untouched import untouched

CHECKS = "helpers.teach.checks"


def task(id: str, **answers: Any) -> Result:
    """Check task ``id`` ("10.1") with the learner's objects, given by name.

    Never raises for what the learner wrote: whatever goes wrong is a state of the result. An
    answer that still holds the stub's ``...`` is not tried yet. Raises ``LookupError`` for an
    unknown task and ``TypeError`` for answers that the task does not ask for.
    """
    found = find(id)
    inspect.signature(found.check).bind(**answers)
    left = [name for name, answer in answers.items() if untouched(answer)]
    if left:
        return _not_tried(id, f"Replace the ... of {left[0]}")
    try:
        return Result(id, "passed", found.check(**answers) or "")
    except NotTried as reason:
        return _not_tried(id, str(reason).rstrip("."))
    except Wrong as wrong:
        return Result(id, "wrong", wrong.message, wrong.misconception)
    except Exception as error:  # a learner's code can raise anything: say it in one line
        return Result(id, "error", f"{_explain(error)} {_first_hint(id)}")


def hint(id: str, number: int = 1) -> None:
    """Print hint 1, 2 or 3 of a task, each one nearer to the answer."""
    hints = find(id).hints
    if number not in range(1, len(hints) + 1):
        raise LookupError(f"task {id} has hints 1 to {len(hints)}, not {number!r}")
    more = f' Still stuck? check.hint("{id}", {number + 1})' if number < len(hints) else ""
    print(f"Hint {number} of {len(hints)} for task {id}: {hints[number - 1].strip()}{more}")


def find(id: str) -> Task:
    """Return the task with this id. Raises ``LookupError`` that lists the tasks there are."""
    tasks = tasks_of(str(id).partition(".")[0])
    if id not in tasks:
        raise LookupError(f"there is no task {id!r}; this lab has {', '.join(sorted(tasks))}")
    return tasks[id]


def tasks_of(lab: str) -> Mapping[str, Task]:
    """Return the tasks of a lab ("10") by id. Raises ``LookupError`` if there is no such lab."""
    name = f"{CHECKS}.lab_{lab}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise LookupError(f"there is no lab {lab!r}: a task's id looks like 10.1") from None
    return {each.id: each for each in vars(module).values() if isinstance(each, Task)}


def _not_tried(id: str, reason: str) -> Result:
    said = f"{reason}. " if reason else ""
    return Result(id, "not tried yet", f"{said}{_first_hint(id)}")


def _first_hint(id: str) -> str:
    return f'A first hint: check.hint("{id}", 1)'


def _explain(error: Exception) -> str:
    """Say in one line what stopped the check, in AWS's words where AWS spoke."""
    if isinstance(error, ClientError):
        told = error.response["Error"]
        return f"{error.operation_name} was answered with {told['Code']}: {told['Message']}"
    if isinstance(error, ParamValidationError):
        return f"boto3 did not send the request: {' '.join(str(error).split())}"
    text = " ".join(str(error).split())
    said = f": {text}" if text else ""
    return f"Your answer stopped the check with {type(error).__name__}{said}."
