"""A notebook and a lab that keep every rule, made to be broken one rule at a time."""

from __future__ import annotations

from nbformat import NotebookNode, v4

from helpers.authoring import course

STEM = "10_scoping_s3"
LAB = f"lab_{STEM}"

OPENING = f"""{course.navigation(STEM)}

# Confine each user to one S3 prefix

## What you'll do

You give every user a folder of their own and try to get into another one.

## What you'll learn

- write a policy with a **policy variable**

## What you'll need

Notebook [09](09_identity_pools.ipynb).

About 35 minutes."""

SETUP = 'from helpers import draw, lab, quiz\n\ncloud = lab.start("10")'
FIGURE = 'draw.calls(cloud.trace, "What happened")'
SENTENCE = "root asks S3 for CreateBucket and PutObject (✗ AccessDenied).\n"
CLOSE = f"""## Next

- [The exercises](../labs/exercises/{LAB}/{LAB}.ipynb)

{course.navigation(STEM)}"""


def notebook() -> NotebookNode:
    """Return a notebook of the course's shape, as it is saved after a run."""
    return v4.new_notebook(
        cells=[
            text(OPENING),
            code(SETUP),
            text("## 1. Make a bucket\n\nIt is empty.\n\n### Break it\n\nWho may write?"),
            code('key = "users/x"\nkey', result("'users/x'")),
            code(FIGURE, printed(SENTENCE), picture()),
            text("## 2. Read the refusal\n\nA [variable](GLOSSARY.md#policy-variable)."),
            code("1 / 0", refused(), tags=["raises-exception"]),
            text("## Recap\n\nYou wrote a policy."),
            text("## On real AWS\n\nIt would cost nothing."),
            text("## Quiz"),
            *(code(f'quiz.ask("10", {n})', printed(f"{n}. Why?\n")) for n in (1, 2, 3)),
            text(CLOSE),
        ]
    )


LAB_OPENING = f"""{course.lab_navigation(LAB)}

# Lab 10: a folder for each"""
STORY = """## Task 10.1: her own folder

Alice complains. Stuck? `check.hint("10.1", 1)`

About 10 minutes."""
STUB = """# Task 10.1: about 1 line
answer = (
    ### BEGIN SOLUTION
    2
    ### END SOLUTION
)"""
CHECK = """result = check.task("10.1", answer=answer)
### BEGIN HIDDEN TESTS
result.require()
### END HIDDEN TESTS
result"""


def lab() -> NotebookNode:
    """Return the solution of a lab with one task, as it is saved after a run."""
    return v4.new_notebook(
        cells=[
            text(LAB_OPENING),
            code('from helpers import check, lab\n\ncloud = lab.start("lab_10")'),
            text(STORY),
            code(STUB),
            code(CHECK, result("Task 10.1: passed.")),
            text("Two, because one is not enough.", tags=["reason"]),
            text(f"## Next\n\n{course.lab_navigation(LAB)}"),
        ]
    )


def text(source: str, tags: list[str] | None = None) -> NotebookNode:
    """Return a text cell."""
    return v4.new_markdown_cell(source, metadata={"tags": tags} if tags else {})


def code(source: str, *outputs: NotebookNode, tags: list[str] | None = None) -> NotebookNode:
    """Return a code cell that was run, with what it showed."""
    metadata = {"tags": tags} if tags else {}
    return v4.new_code_cell(source, outputs=list(outputs), execution_count=1, metadata=metadata)


def printed(words: str, stream: str = "stdout") -> NotebookNode:
    """Return what ``print`` leaves."""
    return v4.new_output("stream", name=stream, text=words)


def result(words: str) -> NotebookNode:
    """Return what a last expression leaves."""
    return v4.new_output("execute_result", {"text/plain": words}, execution_count=1)


def picture() -> NotebookNode:
    """Return what ``plt.show()`` leaves."""
    return v4.new_output("display_data", {"image/png": "iVBORw0=", "text/plain": "<Figure>"})


def html() -> NotebookNode:
    """Return what a rich object leaves."""
    return v4.new_output("display_data", {"text/html": "<b>x</b>", "text/plain": "x"})


def refused() -> NotebookNode:
    """Return what an exception leaves."""
    return v4.new_output("error", ename="ZeroDivisionError", evalue="by zero", traceback=[])
