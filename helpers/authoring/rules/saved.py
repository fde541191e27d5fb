"""What a page shows: run once, top to bottom, and the same again at the next run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .. import normal_form
from .page import Cell, Page

ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{4,}")
MACHINE = re.compile(
    r"(?<![\w.:/}>-])/(?:home|root|tmp|Users|var/folders)/[\w.]"
    r"|\b[A-Z]:\\\\?Users|ipykernel_\d|site-packages"
)

FRAME = re.compile(r"<the page \S+ of \S+, in a frame>")  # what `cloud.show` says of itself


def counts(page: Page) -> Iterator[str]:
    """Every code cell was run once, in order: 1, 2, 3 …"""
    found = [cell.node.execution_count for cell in page.codes]
    if found != list(range(1, len(found) + 1)):
        yield f"it was not run from top to bottom: its counts are {found}"


def errors(page: Page) -> Iterator[str]:
    """A cell shows an error only if it is tagged ``raises-exception``, and then it does."""
    for cell in page.codes:
        raised = [output.ename for output in cell.outputs if output.output_type == "error"]
        if raised and "raises-exception" not in cell.tags:
            yield f"cell {cell.number}: raised {raised[0]} and is not tagged raises-exception"
        if not raised and "raises-exception" in cell.tags:
            yield f"cell {cell.number}: tagged raises-exception and raised nothing"
        if any(output.get("name") == "stderr" for output in cell.outputs):
            yield f"cell {cell.number}: wrote to stderr (a warning?)"


def figures(page: Page) -> Iterator[str]:
    """A cell with a picture prints one sentence for it, and nothing else."""
    for cell in page.codes:
        said = cell.printed.splitlines()
        if cell.figures and (len(said) != cell.figures or not all(_sentence(s) for s in said)):
            yield f"cell {cell.number}: a picture without its one printed sentence"
        if cell.figures and any(o.output_type == "execute_result" for o in cell.outputs):
            yield f"cell {cell.number}: shows an object's repr beside its picture"


def _sentence(line: str) -> bool:
    return line.endswith(".") and len(line.split()) > 3


def stable(page: Page) -> Iterator[str]:
    """No memory address and no path of the machine, neither in what it shows nor in its text."""
    for cell in page.cells:
        shown = _shown(cell)
        if ADDRESS.search(shown):
            yield f"cell {cell.number}: shows a memory address"
        text = shown + "\n" + cell.source
        if MACHINE.search(text) or str(page.root) in text:
            yield f"cell {cell.number}: names a folder of the machine it was made on"


def _shown(cell: Cell) -> str:
    parts = []
    for output in cell.outputs:
        data = output.get("data", {})
        parts += [str(output.get("text", "")), str(output.get("evalue", ""))]
        parts += [str(data[kind]) for kind in data if not kind.startswith("image/")]
        parts += output.get("traceback", [])
    return "\n".join(parts)


def scripts(page: Page) -> Iterator[str]:
    """No output needs to be trusted before it shows: no HTML, no JavaScript, no SVG.

    Only a page that `cloud.show` frames is HTML: without a running cloud there is nothing to see.
    """
    for cell in page.codes:
        shown = [output.get("data", {}) for output in cell.outputs]
        kinds = {kind for data in shown for kind in data if not _is_frame(data, kind)}
        for kind in sorted(kinds - {"text/plain", "image/png"}):
            yield f"cell {cell.number}: shows {kind}, which a fresh clone does not trust"


def _is_frame(data: Mapping[str, str], kind: str) -> bool:
    return kind == "text/html" and FRAME.fullmatch(data.get("text/plain", "")) is not None


def normal(page: Page) -> Iterator[str]:
    """The file is written as ``python -m helpers.authoring outputs`` writes it."""
    written = normal_form.text(normal_form.normalise(page.notebook))
    if written != page.path.read_text(encoding="utf-8"):
        yield "its file is not in normal form: python -m helpers.authoring outputs"


SAVED_RULES = (counts, errors, figures, stable, scripts, normal)
