"""Play a lab through as a learner would: type the answers in, run the cells, read the checks."""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from helpers import lab
from helpers.teach.result import Result


def answers_in(solution: NotebookNode) -> dict[str, str]:
    """Return the code of each task's cell in a marked solution, by task id ("10.1")."""
    return {
        _task_of(cell): cell.source
        for cell in solution.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def play(
    exercise: NotebookNode, answers: Mapping[str, str], until: str | None = None
) -> dict[str, Result]:
    """Run a learner's copy from the top, with ``answers`` typed in, and return every result.

    A task without an answer keeps its stub. Stops after the check of task ``until``. The cells run
    in this process, as a script would; a lesson they start is stopped again. Whatever a cell raises
    comes out: a lab must run to its end even where nothing was tried.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    results: dict[str, Result] = {}
    try:
        for cell in exercise.cells:
            if cell.cell_type != "code" or until in results:
                continue
            is_task = cell.metadata.get("nbgrader", {}).get("solution")
            source = answers.get(_task_of(cell), cell.source) if is_task else cell.source
            with contextlib.redirect_stdout(io.StringIO()):
                shown = run_cell(source, namespace)
            if isinstance(shown, Result):
                results[shown.task] = shown
    finally:
        lab.stop()
    return results


def run_cell(source: str, namespace: dict[str, Any]) -> object:
    """Execute a cell's code in ``namespace`` and return what a notebook would show of it."""
    tree = ast.parse(source)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "<cell>", "exec"), namespace)
    return eval(compile(last, "<cell>", "eval"), namespace) if last else None


def _task_of(cell: NotebookNode) -> str:
    return cell.metadata["nbgrader"]["grade_id"].removeprefix("task-").replace("-", ".")
