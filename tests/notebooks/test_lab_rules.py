"""Every lab's solution keeps its form; and every rule of the form notices when it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.authoring import normal_form, rules
from tests.notebooks import synthetic
from tests.notebooks.conftest import Judge
from tests.notebooks.synthetic import code, html, picture, refused, result, text
from tests.notebooks.test_rules import Breach, insert, never_run, remove, replace

OPENING, SETUP, STORY, STUB, CHECK, REASON, CLOSE = range(7)

BREACHES: dict[str, tuple[Breach, str]] = {
    "no title": (replace(OPENING, "# Lab", "Lab"), "has 0 headings of the first level"),
    "another task": (replace(STORY, "Task 10.1:", "Task 10.2:"), "its checks want Task ['10.1']"),
    "no close": (replace(CLOSE, "## Next", "Next"), "and Next"),
    "no minutes": (replace(STORY, "About 10 minutes.", ""), "has no line “About 10 minutes.”"),
    "no hint": (replace(STORY, "check.hint", "ask"), "does not say how to get a hint"),
    "no reason": (remove(REASON), "has no text cell tagged reason"),
    "no stub": (remove(STUB), "has 0 cells with a solution"),
    "no size": (replace(STUB, "# Task 10.1: about 1 line\n", ""), "does not begin with “# Task"),
    "no end": (replace(STUB, "### END SOLUTION", "#"), "needs one ### BEGIN SOLUTION"),
    "no check": (remove(CHECK), "has no cell of its own that calls check.task"),
    "no grading": (replace(CHECK, "result.require()", "result"), "its check is not"),
    "no setup": (remove(SETUP), "its first code cell is not the setup"),
    "no navigation above": (replace(OPENING, "Contents", "Start"), "its first line is not [← 10"),
    "no navigation below": (replace(CLOSE, "Contents", "Start"), "its last line is not [← 10"),
    "a long given cell": (
        insert(code("\n".join(f"x = {n}" for n in range(13)))),
        "13 lines of code, not 1 to 12",
    ),
    "a wrapper": (insert(code("import helpers.cloud")), "imports helpers.cloud"),
    "looking away": (insert(code("x", tags=["nbval-skip"])), "tagged nbval-skip"),
    "a level skipped": (replace(STORY, "Alice", "#### Alice"), "skips a level of headings"),
    "a magic": (insert(code("%time 1")), "not plain Python"),
    "a long text": (insert(text("word " * 121)), "121 words, more than 120"),
    "an unknown term": (insert(text("A **boundary**.")), "**boundary** is not in GLOSSARY.md"),
    "a picture unsaid": (insert(text("![](x.png)")), "has no words for who cannot see it"),
    "never run": (never_run, "its counts are [1, None, 3]"),
    "an error": (insert(code("1 / 0", refused())), "raised ZeroDivisionError and is not tagged"),
    "a picture alone": (insert(code("x", picture())), "a picture without its one printed sentence"),
    "an address": (insert(code("x", result("<Pool at 0x7f3a2b1c>"))), "shows a memory address"),
    "a page of HTML": (insert(code("x", html())), "shows text/html"),
    "a dead link": (replace(STORY, "Alice", "[Alice](alice.md)"), "leads to no file"),
}


def test_a_lab_that_keeps_every_rule(judge_lab: Judge) -> None:
    assert judge_lab(synthetic.lab()) == []


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_caught(name: str, judge_lab: Judge) -> None:
    breach, complaint = BREACHES[name]
    notebook = synthetic.lab()
    breach(notebook)
    found = judge_lab(notebook)
    assert any(complaint in sentence for sentence in found), found


def test_a_solution_without_marks_is_told(project: Path) -> None:
    path = project / "labs" / "solutions" / synthetic.LAB / f"{synthetic.LAB}.ipynb"
    normal_form.write(normal_form.normalise(synthetic.lab()), path)
    assert any("lacks nbgrader's marks" in found for found in rules.breaches(path, project))
