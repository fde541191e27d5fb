"""How the solution of a lab is built: tasks, each with a story, a stub, a check and the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpers.teach import check

from .. import labs, normal_form
from ..course import lab_navigation
from . import code
from .page import Cell, Page
from .shape import MINUTES

TASK = re.compile(r"^Task (\d\d\.\d+): \S")
MOST_LINES = 30  # of a solution: a policy document is long and still one idea
STUB = re.compile(r"### BEGIN SOLUTION.*?### END SOLUTION", re.DOTALL)
# What a program grades stays with the solutions; a learner sees the result in words.
GRADED = "\n### BEGIN HIDDEN TESTS\nresult.require()\n### END HIDDEN TESTS\nresult"


def headings(page: Page) -> Iterator[str]:
    """One H1, then the tasks NN.1, NN.2 … as the checks know them, then Next."""
    titles = [heading for heading in page.headings if heading.level == 1]
    if len(titles) != 1 or titles[0].cell != 0:
        yield f"has {len(titles)} headings of the first level; it needs one, in its first cell"
    lab = number(page)
    try:
        known = list(check.tasks_of(lab))
    except LookupError as error:
        yield str(error)
        return
    wanted = [f"{lab}.{n}" for n in range(1, len(known) + 1)]
    found = list(tasks(page))
    if found != wanted or known != wanted or page.sections[-1:] != ["Next"]:
        yield f"its sections are {page.sections}; its checks want Task {wanted} and Next"


def number(page: Page) -> str:
    """Return the lab's number, ``10`` of ``lab_10_scoping_s3``."""
    return page.stem.removeprefix("lab_")[:2]


def tasks(page: Page) -> dict[str, str]:
    """Return the headings of the tasks by id."""
    found = ((TASK.match(title), title) for title in page.sections)
    return {match[1]: title for match, title in found if match}


def parts(page: Page) -> Iterator[str]:
    """A task has its minutes, the way to its hints, one stub, one check, and the reason."""
    for task, title in tasks(page).items():
        cells = page.section(title)
        story = "\n".join(cell.source for cell in cells if cell.node.cell_type == "markdown")
        if not MINUTES.search(story):
            yield f"task {task} has no line “About 10 minutes.”"
        if f'check.hint("{task}", 1)' not in story:
            yield f'task {task} does not say how to get a hint, `check.hint("{task}", 1)`'
        if not any("reason" in c.tags for c in cells if c.node.cell_type == "markdown"):
            yield f"task {task} has no text cell tagged reason, which says why the answer is right"
        yield from _stub(task, [cell for cell in cells if labs.SOLUTION in cell.source])
        yield from _check(task, [cell for cell in cells if labs.CHECK.search(cell.source)])


def _stub(task: str, cells: list[Cell]) -> Iterator[str]:
    if len(cells) != 1:
        yield f"task {task} has {len(cells)} cells with a solution, not one"
        return
    said = labs.TASK.match(cells[0].source)
    if said is None or said[1] != task:
        yield f"task {task}: its cell does not begin with “# Task {task}: about 3 lines”"
    if len(STUB.findall(cells[0].source)) != 1:
        yield f"task {task}: its cell needs one ### BEGIN SOLUTION … ### END SOLUTION"


def _check(task: str, cells: list[Cell]) -> Iterator[str]:
    if len(cells) != 1 or f'check.task("{task}"' not in cells[0].source:
        yield f"task {task} has no cell of its own that calls check.task"
    elif not (cells[0].source.startswith("result = ") and cells[0].source.endswith(GRADED)):
        yield f"task {task}: its check is not “result = check.task(…)” and then:{GRADED}"


def size(page: Page) -> Iterator[str]:
    """Given cells are as short as in a notebook; a solution may be as long as a policy."""
    for cell in page.codes:
        most = MOST_LINES if labs.SOLUTION in cell.source else code.MOST_LINES
        if not 0 < code.lines(cell) <= most:
            yield f"cell {cell.number}: {code.lines(cell)} lines of code, not 1 to {most}"


def setup(page: Page) -> Iterator[str]:
    """The first code cell starts the lab, in a scene of its own."""
    start = f'lab.start("lab_{number(page)}"'
    first = page.codes[0].source if page.codes else ""
    if start not in first or "from helpers import" not in first:
        yield f"its first code cell is not the setup with “from helpers import …” and {start})"


def navigated(page: Page) -> Iterator[str]:
    """It opens and closes with the line that leads back to its notebook."""
    try:
        line = lab_navigation(page.stem)
    except ValueError as error:
        yield str(error)
        return
    if not page.cells or page.cells[0].source.split("\n")[0] != line:
        yield f"its first line is not {line}"
    if not page.cells or page.cells[-1].source.rstrip().split("\n")[-1] != line:
        yield f"its last line is not {line}"


def marked(page: Page) -> Iterator[str]:
    """The file is written as ``python -m helpers.authoring labs`` writes it."""
    try:
        written = normal_form.text(labs.mark(page.notebook))
    except ValueError as error:
        yield str(error)
        return
    if written != page.path.read_text(encoding="utf-8"):
        yield "its file lacks nbgrader's marks: python -m helpers.authoring labs"


LAB_SHAPE_RULES = (headings, parts, size, setup, navigated, marked)
