"""One way to write a notebook down, so that a difference between two versions is a difference.

Metadata that changes with the editor, the machine or the moment goes; cell ids follow from the
text; counts run from one.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
# The loopback port of a cloud that a browser looks at. nbval is told the same (nbval.cfg).
PORT = re.compile(r"(http://localhost:)\d+")
KEPT = ("deletable", "editable", "nbgrader", "tags")  # of a cell's metadata


def read(path: Path) -> NotebookNode:
    """Read a notebook. Raises ``nbformat.ValidationError`` or ``ValueError`` if it is not one."""
    return nbformat.read(path, as_version=4)


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook as :func:`text` has it."""
    path.write_text(text(notebook), encoding="utf-8", newline="\n")


def text(notebook: NotebookNode) -> str:
    """Return the notebook as the text of a file, with one newline at its end."""
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Return a copy in normal form. Doing it again changes nothing."""
    normal = nbformat.from_dict(notebook.copy())
    normal.nbformat, normal.nbformat_minor = 4, 5
    normal.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    count = 0
    taken: set[str] = set()
    for cell in normal.cells:
        cell.source = cell.source.rstrip()
        cell.metadata = nbformat.from_dict(
            {k: cell.metadata[k] for k in KEPT if k in cell.metadata}
        )
        cell.id = _id(cell, taken)
        if cell.cell_type == "code":
            count += 1
            _number(cell, count)
            cell.outputs = [_output(output) for output in cell.outputs]
    return normal


def _id(cell: NotebookNode, taken: set[str]) -> str:
    """Name a cell after its text, so that it keeps its name when others come and go."""
    name = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:8]
    while name in taken:
        name = hashlib.sha256(name.encode()).hexdigest()[:8]
    taken.add(name)
    return name


def _number(cell: NotebookNode, count: int) -> None:
    if cell.execution_count is None:
        return  # never run: the rules complain, a number would hide it
    cell.execution_count = count
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.execution_count = count


def _output(output: NotebookNode) -> NotebookNode:
    if output.output_type == "error":
        # A traceback names files of the machine it was made on; readers need the last line.
        output.traceback = [f"{output.ename}: {output.evalue}"]
    if "metadata" in output:
        output.metadata = nbformat.from_dict({})
    shown = output.get("data", {})
    if "text/html" in shown:
        shown["text/html"] = PORT.sub(r"\1PORT", shown["text/html"])
    return output
