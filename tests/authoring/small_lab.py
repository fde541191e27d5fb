"""A small lab, as an author would write it, with checks that need no cloud."""

from __future__ import annotations

from nbformat import NotebookNode, v4

NAME = "lab_99_doubling"

# The checks live in the notebook, so that a kernel of its own has them too.
SETUP = """\
import sys
from types import ModuleType
from helpers.teach import check
from helpers.teach.result import Wrong
from helpers.teach.task import task

@task("99.1", hints=("What is twice two?", "Add two to two.", "It is 4."))
def doubled(answer):
    if answer == 5:
        raise Wrong("addition is generous", "2 + 2 came out as 5.")
    return f"Twice two is {4 // (answer == 4)}."

@task("99.2", hints=("Read the name.", "Use *.", "return 2 * number"))
def doubles(double):
    if double(3) == 9:
        raise Wrong("doubling is squaring", "double(3) gave 9.")
    assert double(3) == 6
    return "double(3) gave 6."

sys.modules["helpers.teach.checks.lab_99"] = ModuleType("lab_99")
vars(sys.modules["helpers.teach.checks.lab_99"]).update(doubled=doubled, doubles=doubles)
"""

FIRST = """\
# Task 99.1: about 1 line
answer = (
    ### BEGIN SOLUTION
    2 + 2
    ### END SOLUTION
)"""

SECOND = '''\
# Task 99.2: about 1 line
def double(number):
    """Return twice the number."""
    ### BEGIN SOLUTION
    return 2 * number
    ### END SOLUTION'''


def check_cell(call: str) -> str:
    """Return the cell that checks a task, with what only a grader runs."""
    return (
        f"result = {call}\n### BEGIN HIDDEN TESTS\nresult.require()\n### END HIDDEN TESTS\nresult"
    )


def solution_notebook() -> NotebookNode:
    """Return the lab's solution as typed: without marks, ids by chance."""
    reason = v4.new_markdown_cell("Because two and two are four.")
    reason.metadata["tags"] = ["reason"]
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Lab 99"),
            v4.new_code_cell(SETUP),
            v4.new_markdown_cell("## Task 99.1: double two"),
            v4.new_code_cell(FIRST),
            v4.new_code_cell(check_cell('check.task("99.1", answer=answer)')),
            reason,
            v4.new_markdown_cell("## Task 99.2: double anything"),
            v4.new_code_cell(SECOND),
            v4.new_code_cell(check_cell('check.task("99.2", double=double)')),
        ]
    )
