"""Run notebooks from a clean kernel and save what they show, the same way every time."""

from __future__ import annotations

import os
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from . import normal_form
from .course import ROOT

SECONDS_FOR_A_CELL = 120


class RunFailed(Exception):
    """A cell raised an error that it is not tagged to raise."""


def run(path: Path) -> NotebookNode:
    """Execute the notebook in its own folder and return it with its outputs, in normal form.

    Raises ``RunFailed`` with the cell and the error if one stops it.
    """
    notebook = normal_form.read(path)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_FOR_A_CELL,
        kernel_name=normal_form.KERNEL["name"],
        resources={"metadata": {"path": str(path.resolve().parent)}},
        # The kernel's own greeting would stand among what we tell.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
    )
    # Found also where the project is not installed: authors often work in another environment.
    search = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    try:
        client.execute(env={**os.environ, "PYTHONPATH": search})
    except CellExecutionError as error:
        what = f"{error.ename}: {error.evalue}"
        raise RunFailed(f"{path.name}: {_where(notebook)}: {what}") from error
    return normal_form.normalise(notebook)


def refresh(path: Path) -> bool:
    """Execute a notebook in place. Return whether the file changed."""
    before = path.read_text(encoding="utf-8")
    normal_form.write(run(path), path)
    return path.read_text(encoding="utf-8") != before


def is_normal(path: Path) -> bool:
    """Say, without running it, whether a notebook's file is in normal form and was run in full."""
    notebook = normal_form.read(path)
    is_run = all(c.execution_count for c in notebook.cells if c.cell_type == "code")
    written = normal_form.text(normal_form.normalise(notebook))
    return is_run and written == path.read_text(encoding="utf-8")


def _where(notebook: NotebookNode) -> str:
    for number, cell in enumerate(notebook.cells):
        expected = "raises-exception" in cell.metadata.get("tags", [])
        if not expected and any(o.output_type == "error" for o in cell.get("outputs", [])):
            return f"cell {number} (counting text cells too, from 0) stopped the run"
    return "a cell stopped the run"
