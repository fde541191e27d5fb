"""Cells are played as a notebook runs them: one namespace, the last expression is what shows."""

from __future__ import annotations

import os

import pytest
from nbformat import v4

from helpers.authoring.play import play, run_cell
from helpers.teach.result import Result


def test_the_last_expression_is_what_a_cell_shows() -> None:
    namespace: dict[str, object] = {}
    assert run_cell("x = 3\nx + 1", namespace) == 4
    assert run_cell("y = x", namespace) is None
    assert run_cell("# nothing", namespace) is None
    assert namespace["y"] == 3


def test_a_cell_that_raises_is_heard_and_the_lesson_is_over() -> None:
    cells = ["from helpers import lab", "cloud = lab.start()", "1 / 0"]
    with pytest.raises(ZeroDivisionError):
        play(v4.new_notebook(cells=[v4.new_code_cell(source) for source in cells]), {})
    assert "AWS_EC2_METADATA_DISABLED" not in os.environ


def test_results_are_gathered_by_task() -> None:
    source = "from helpers.teach.result import Result\nResult('99.1', 'passed')"
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source)])
    assert play(notebook, {}) == {"99.1": Result("99.1", "passed")}
