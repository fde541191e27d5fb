"""How a notebook of the course is built: its opening, its steps, its close."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpers.teach.questions import load

from ..course import CONTENTS, lab_of, navigation
from .page import Page

OPENING = ["What you'll do", "What you'll learn", "What you'll need"]
CLOSE = ["Recap", "On real AWS", "Quiz", "Next"]
STEP = re.compile(r"^(\d+)\. \S")
MINUTES = re.compile(r"^About \d+ minutes\.$", re.MULTILINE)
ASKED = re.compile(r'quiz\.ask\("(\d\d)", (\d+)\)')
EXAM_REVIEW = CONTENTS[-1]


def headings(page: Page) -> Iterator[str]:
    """One H1 in the first cell; then the opening, the steps 1, 2, 3 … and the close, in order."""
    titles = [heading for heading in page.headings if heading.level == 1]
    if len(titles) != 1 or titles[0].cell != 0:
        yield f"has {len(titles)} headings of the first level; it needs one, in its first cell"
    sections = page.sections
    if sections[:3] != OPENING or sections[-4:] != CLOSE:
        yield f"its sections are not {', '.join(OPENING)}, steps, {', '.join(CLOSE)}: {sections}"
        return
    steps = [STEP.match(title) for title in sections[3:-4]]
    numbers = [int(step[1]) if step else None for step in steps]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        yield f"its steps are not “1. …”, “2. …” in order: {sections[3:-4]}"


def levels(page: Page) -> Iterator[str]:
    """No heading skips a level: a screen reader's table of contents would have a hole."""
    before = 0
    for heading in page.headings:
        if heading.level > before + 1:
            yield f"cell {heading.cell}: “{heading.title}” skips a level of headings"
        before = heading.level


def minutes(page: Page) -> Iterator[str]:
    """The opening says how long it takes, on a line of its own."""
    if not any(MINUTES.search(cell.source) for cell in page.section("What you'll need")):
        yield "“What you'll need” does not end with a line “About 35 minutes.”"


def setup(page: Page) -> Iterator[str]:
    """The first code cell starts the lab for this notebook, before the first step."""
    start = f'lab.start("{page.stem[:2]}"'
    first = page.codes[0] if page.codes else None
    if first is None or start not in first.source or "from helpers import" not in first.source:
        yield f"its first code cell is not the setup with “from helpers import …” and {start})"
    elif any(h.level == 2 and STEP.match(h.title) and h.cell < first.number for h in page.headings):
        yield "its setup cell comes after the first step began"
    if sum("lab.start(" in cell.source for cell in page.codes) > 1:
        yield "it starts the lab more than once"


def quiz(page: Page) -> Iterator[str]:
    """The quiz asks every question of this notebook's file, in order; three to five as a rule."""
    number = page.stem[:2]
    code = "\n".join(c.source for c in page.section("Quiz") if c.node.cell_type == "code")
    asked = [int(found[2]) for found in ASKED.finditer(code) if found[1] == number]
    try:
        there = len(load(number))
    except LookupError as error:
        yield str(error)
        return
    if asked != list(range(1, there + 1)):
        yield f"its quiz asks the questions {asked}, and the file has {there}"
    if there < 3 or (there > 5 and page.stem != EXAM_REVIEW):
        yield f"its quiz has {there} questions, not three to five"


def navigated(page: Page) -> Iterator[str]:
    """It opens and closes with the line that leads to the notebooks around it."""
    if page.stem not in CONTENTS:
        yield "it is not in the table of contents (CONTENTS in helpers/authoring/course.py)"
        return
    line = navigation(page.stem)
    if not page.cells or page.cells[0].source.split("\n")[0] != line:
        yield f"its first line is not {line}"
    if not page.cells or page.cells[-1].source.rstrip().split("\n")[-1] != line:
        yield f"its last line is not {line}"


def leads_to_lab(page: Page) -> Iterator[str]:
    """The close leads to the exercises."""
    lab = lab_of(page.stem)
    link = f"(../labs/exercises/{lab}/{lab}.ipynb)"
    if lab and not any(link in cell.source for cell in page.section("Next")):
        yield f"“Next” has no link to the exercises, {link}"


SHAPE_RULES = (headings, levels, minutes, setup, quiz, navigated, leads_to_lab)
