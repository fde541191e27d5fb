"""A notebook has one normal form, which forgets the editor, the machine and the moment."""

from __future__ import annotations

from nbformat import NotebookNode, v4

from helpers.authoring import normal_form


def run_notebook() -> NotebookNode:
    cell = v4.new_code_cell(
        "1 / 0\n",
        execution_count=17,
        metadata={"execution": {"iopub.execute_input": "2026-01-15T12:00:00Z"}, "tags": ["x"]},
        outputs=[
            v4.new_output("execute_result", {"text/plain": "1"}, execution_count=17),
            v4.new_output("error", ename="ZeroDivisionError", evalue="zero", traceback=["Cell 3"]),
        ],
    )
    again = v4.new_code_cell("1 / 0", execution_count=23)
    return v4.new_notebook(
        cells=[v4.new_markdown_cell("# Title"), cell, again],
        metadata={"language_info": {"name": "python", "version": "3.11.7"}},
    )


def test_what_changes_between_machines_is_gone() -> None:
    normal = normal_form.normalise(run_notebook())
    assert "version" not in normal.metadata.language_info
    assert normal.metadata.kernelspec.name == "python3"
    assert normal.cells[1].metadata == {"tags": ["x"]}
    assert normal.cells[1].outputs[1].traceback == ["ZeroDivisionError: zero"]


def test_counts_run_from_one() -> None:
    normal = normal_form.normalise(run_notebook())
    assert [cell.execution_count for cell in normal.cells[1:]] == [1, 2]
    assert normal.cells[1].outputs[0].execution_count == 1


def test_a_cell_that_was_never_run_stays_so() -> None:
    notebook = run_notebook()
    notebook.cells[2].execution_count = None
    assert normal_form.normalise(notebook).cells[2].execution_count is None


def test_ids_follow_from_the_text_and_differ() -> None:
    one, other = normal_form.normalise(run_notebook()), normal_form.normalise(run_notebook())
    assert [cell.id for cell in one.cells] == [cell.id for cell in other.cells]
    assert len({cell.id for cell in one.cells}) == 3


def test_twice_is_once() -> None:
    once = normal_form.normalise(run_notebook())
    assert normal_form.text(normal_form.normalise(once)) == normal_form.text(once)
    assert normal_form.text(once).endswith("}\n")


def test_the_notebook_given_is_left_alone() -> None:
    notebook = run_notebook()
    normal_form.normalise(notebook)
    assert notebook.cells[1].execution_count == 17
