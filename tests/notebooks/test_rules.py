"""Every notebook keeps the rules of the course; and every rule notices when it is broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode

from helpers.authoring import normal_form, rules
from helpers.authoring.course import LABS, NOTEBOOKS, ROOT
from tests.notebooks import synthetic
from tests.notebooks.conftest import Judge
from tests.notebooks.synthetic import code, html, picture, printed, refused, result, text

PAGES = sorted(NOTEBOOKS.glob("*.ipynb")) + sorted(LABS.glob("solutions/*/*.ipynb"))
Breach = Callable[[NotebookNode], object]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_of_the_course_keeps_every_rule(path: Path) -> None:
    assert rules.breaches(path, ROOT) == []


def replace(cell: int, old: str, new: str) -> Breach:
    """Return the breach that changes the words of a cell."""

    def breach(notebook: NotebookNode) -> None:
        assert old in notebook.cells[cell].source
        notebook.cells[cell].source = notebook.cells[cell].source.replace(old, new)

    return breach


def insert(cell: NotebookNode) -> Breach:
    """Return the breach that adds a cell in the first step."""
    return lambda notebook: notebook.cells.insert(4, cell)


def remove(cell: int) -> Breach:
    """Return the breach that leaves a cell out."""
    return lambda notebook: notebook.cells.pop(cell)


def never_run(notebook: NotebookNode) -> None:
    """Leave one cell without a count, as a notebook that was not run to its end."""
    notebook.cells[3].execution_count = None


OPENING, SETUP, STEP, FIGURE, REFUSAL, LAST_QUESTION, CLOSE = 0, 1, 2, 4, 6, 12, 13
HOME = "/" + "home/ann"  # in two parts: no file of the project names such a place
LONG = "\n".join(f"x = {n}" for n in range(13))

BREACHES: dict[str, tuple[Breach, str]] = {
    # the shape of the page
    "no title": (replace(OPENING, "# Confine", "Confine"), "has 0 headings of the first level"),
    "two titles": (replace(STEP, "## 1. Make", "# 1. Make"), "has 2 headings of the first level"),
    "another opening": (replace(OPENING, "What you'll do", "Goal"), "its sections are not What"),
    "another close": (replace(7, "Recap", "Summary"), "its sections are not What"),
    "close out of order": (
        lambda notebook: notebook.cells.insert(7, notebook.cells.pop(8)),
        "its sections are not What",
    ),
    "steps out of order": (replace(5, "## 2.", "## 3."), "its steps are not “1. …”, “2. …”"),
    "a step without number": (replace(STEP, "## 1. Make", "## Make"), "its steps are not"),
    "a level skipped": (replace(STEP, "### Break", "#### Break"), "“Break it” skips a level"),
    "no minutes": (replace(OPENING, "About 35 minutes.", "Soon done."), "About 35 minutes."),
    "no setup": (remove(SETUP), "its first code cell is not the setup"),
    "another notebook's scene": (replace(SETUP, '"10"', '"09"'), "is not the setup"),
    "setup too late": (
        lambda notebook: notebook.cells.insert(2, notebook.cells.pop(SETUP)),
        "setup cell comes after the first step",
    ),
    "two starts": (insert(code('cloud = lab.start("10")')), "starts the lab more than once"),
    "a question left out": (remove(LAST_QUESTION), "asks the questions [1, 2]"),
    "another quiz": (replace(LAST_QUESTION, '"10"', '"09"'), "asks the questions [1, 2]"),
    "no navigation above": (replace(OPENING, "Contents", "Start"), "its first line is not [← 09"),
    "no navigation below": (replace(CLOSE, "Contents", "Start"), "its last line is not [← 09"),
    "no way to the lab": (replace(CLOSE, "/labs/exercises/", "/x/"), "no link to the exercises"),
    # the code
    "a long cell": (insert(code(LONG)), "13 lines of code, more than 12"),
    "long cells": (
        lambda notebook: [insert(code(LONG[:35]))(notebook) for _ in range(9)],
        "half of its code cells have more than 4",
    ),
    "only a comment": (insert(code("# nothing")), "a code cell without code"),
    "a magic": (insert(code("%matplotlib inline")), "cell 4: not plain Python"),
    "a shell": (insert(code("!aws s3 ls")), "cell 4: not plain Python"),
    "a wrapper": (insert(code("from helpers.sign_in import sign_in")), "helpers.sign_in: sign_in"),
    "a room": (insert(code("import helpers.cloud")), "imports helpers.cloud; it is offered"),
    "another name": (insert(code("from helpers import cloud")), "imports helpers: cloud"),
    "test code": (insert(code("from tests.conftest import x")), "imports tests.conftest: x"),
    "looking away": (
        insert(code("x = 1", tags=["nbval-ignore-output"])),
        "tagged nbval-ig",
    ),
    "skipping": (insert(code("x = 1", tags=["nbval-skip"])), "tagged nbval-skip"),
    "looking away in words": (insert(code("# NBVAL_IGNORE_OUTPUT\nx = 1")), "tells nbval to look"),
    # the text
    "a long text": (insert(text("word " * 121)), "121 words, more than 120"),
    "no words": (insert(text("---")), "a text cell without words"),
    "an unknown term": (
        insert(text("A **boundary**.")),
        "**boundary** is not in GLOSSARY.md",
    ),
    "a dead link": (insert(text("[x](99_none.ipynb)")), "the link 99_none.ipynb leads to no file"),
    "a dead anchor": (insert(text("[x](GLOSSARY.md#none)")), "leads to no such heading"),
    "a dead heading": (insert(text("[x](#9.-None)")), "leads to no such heading"),
    "outside": (insert(text("[x](../../other.md)")), "leads out of the project"),
    "plain http": (insert(text("[x](http://example.com)")), "is not https"),
    "a picture unsaid": (insert(text("![](GLOSSARY.md)")), "has no words for who cannot see it"),
    # what it shows
    "never run": (never_run, "its counts are [1, None, 3"),
    "an error": (insert(code("1 / 0", refused())), "raised ZeroDivisionError and is not tagged"),
    "no error": (
        lambda notebook: notebook.cells[REFUSAL].outputs.clear(),
        "tagged raises-exception and raised nothing",
    ),
    "a warning": (insert(code("x", printed("careful\n", "stderr"))), "wrote to stderr"),
    "a picture alone": (
        lambda notebook: notebook.cells[FIGURE].outputs.pop(0),
        "a picture without its one printed sentence",
    ),
    "a picture with much to say": (
        insert(code("x", printed(synthetic.SENTENCE * 2), picture())),
        "a picture without its one printed sentence",
    ),
    "a picture with a word": (
        insert(code("x", printed("Done.\n"), picture())),
        "a picture without its one printed sentence",
    ),
    "a picture and a repr": (
        insert(code("x", printed(synthetic.SENTENCE), picture(), result("[Line2D]"))),
        "shows an object's repr beside its picture",
    ),
    "an address": (insert(code("x", result("<Pool object at 0x7f3a2b1c>"))), "a memory address"),
    "a place shown": (
        insert(code("x", printed(f"{HOME}/x\n"))),
        "names a folder of the",
    ),
    "a place named": (insert(code(f"path = '{HOME}/x'")), "names a folder of the machine"),
    "a page of HTML": (insert(code("x", html())), "shows text/html"),
}


def test_a_notebook_that_keeps_every_rule(judge: Judge) -> None:
    assert judge(synthetic.notebook()) == []


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_caught(name: str, judge: Judge) -> None:
    breach, complaint = BREACHES[name]
    notebook = synthetic.notebook()
    breach(notebook)
    found = judge(notebook)
    assert any(complaint in sentence for sentence in found), found


def test_a_term_is_needed_only_once_and_may_be_plural(judge: Judge) -> None:
    notebook = synthetic.notebook()
    insert(text("**Policy variables** and `**not a term**`."))(notebook)
    assert judge(notebook) == []


def test_a_missing_glossary_is_told(judge: Judge, project: Path) -> None:
    (project / "notebooks" / "GLOSSARY.md").unlink()
    found = judge(synthetic.notebook())
    assert any("there is no notebooks/GLOSSARY.md" in sentence for sentence in found), found


def test_paths_that_are_no_places_on_a_machine(judge: Judge) -> None:
    notebook = synthetic.notebook()
    insert(code('key = "/users/x"', result(f"'https://a.example{HOME} bucket{HOME}'")))(notebook)
    assert judge(notebook) == []


def test_a_file_written_otherwise_is_told(project: Path) -> None:
    path = project / "notebooks" / f"{synthetic.STEM}.ipynb"
    notebook = normal_form.normalise(synthetic.notebook())
    notebook.metadata["language_info"]["version"] = "3.11.7"
    normal_form.write(notebook, path)
    assert any("is not in normal form" in found for found in rules.breaches(path, project))


def test_a_notebook_outside_the_contents_is_told(project: Path) -> None:
    path = project / "notebooks" / "10_other.ipynb"
    normal_form.write(normal_form.normalise(synthetic.notebook()), path)
    found = rules.breaches(path, project)
    assert any("it is not in the table of contents" in sentence for sentence in found), found
