"""What may stand in a code cell: little of it, and nothing that hides AWS's own calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from statistics import median

from .page import Cell, Page

MOST_LINES = 12
MEDIAN_LINES = 4
OFFERED = {"check", "draw", "lab", "providers", "quiz"}
TAGS = {"raises-exception"}

# The cells whose outputs may differ between runs, as (notebook, cell id). None does.
VARYING: frozenset[tuple[str, str]] = frozenset()


def size(page: Page) -> Iterator[str]:
    """A cell has at most twelve lines of code, and half of the cells at most four."""
    lengths = [lines(cell) for cell in page.codes]
    for cell, length in zip(page.codes, lengths, strict=True):
        if length > MOST_LINES:
            yield f"cell {cell.number}: {length} lines of code, more than {MOST_LINES}"
        if length == 0:
            yield f"cell {cell.number}: a code cell without code"
    if lengths and median(lengths) > MEDIAN_LINES:
        yield f"half of its code cells have more than {MEDIAN_LINES} lines"


def lines(cell: Cell) -> int:
    """Count a cell's lines of code, without blank lines and comments."""
    stripped = (line.strip() for line in cell.source.splitlines())
    return sum(bool(line) and not line.startswith("#") for line in stripped)


def is_python(page: Page) -> Iterator[str]:
    """Every cell could be pasted into a script: no magics, no shell."""
    for cell in page.codes:
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            yield f"cell {cell.number}: not plain Python ({error.msg})"


def imports(page: Page) -> Iterator[str]:
    """Of ours, a notebook imports only the names it is offered, and never a wrapper of boto3."""
    for cell in page.codes:
        for module, names in _imported(cell):
            if module.split(".")[0] not in ("helpers", "tests", "labs"):
                continue
            if module != "helpers" or not set(names) <= OFFERED:
                what = f"{module}: {', '.join(names)}" if names else module
                yield f"cell {cell.number}: imports {what}; it is offered {sorted(OFFERED)}"


def _imported(cell: Cell) -> Iterator[tuple[str, list[str]]]:
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)


def tags(page: Page) -> Iterator[str]:
    """Nothing is kept from comparison: no tag or comment tells nbval to look away."""
    for cell in page.codes:
        allowed = TAGS | ({"nbval-ignore-output"} if _varies(page, cell) else set())
        for tag in sorted(cell.tags - allowed):
            yield f"cell {cell.number}: tagged {tag}"
        if "NBVAL_" in cell.source and not _varies(page, cell):
            yield f"cell {cell.number}: a comment tells nbval to look away"


def _varies(page: Page, cell: Cell) -> bool:
    return (page.stem, cell.node.get("id", "")) in VARYING


CODE_RULES = (size, is_python, imports, tags)
