"""Every lab: the solution passes, an untouched copy is untried, known mistakes are recognised."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat import NotebookNode

from helpers.authoring import labs, normal_form
from helpers.authoring.course import EXERCISES, SOLUTIONS
from helpers.authoring.play import answers_in, play
from helpers.teach import check
from tests.labs import wrong_answers

HERE = Path(__file__).parent
NAMES = sorted(path.name for path in SOLUTIONS.glob("lab_*"))
TASKS = [(name, task) for name in NAMES for task in check.tasks_of(name[4:6])]

in_every_lab = pytest.mark.parametrize("name", NAMES)


@pytest.fixture
def exercise(name: str, monkeypatch: pytest.MonkeyPatch) -> NotebookNode:
    """The learner's copy of the lab, opened in its own folder."""
    monkeypatch.chdir(EXERCISES / name)
    return normal_form.read(EXERCISES / name / f"{name}.ipynb")


@pytest.fixture
def answers(name: str) -> dict[str, str]:
    """The right answers of the lab, by task."""
    return answers_in(normal_form.read(SOLUTIONS / name / f"{name}.ipynb"))


@in_every_lab
def test_the_learners_copy_is_in_step_with_the_solution(name: str) -> None:
    assert labs.stale(SOLUTIONS / name, EXERCISES / name) == []


@in_every_lab
def test_an_untouched_copy_runs_to_its_end_untried(name: str, exercise: NotebookNode) -> None:
    results = play(exercise, {})
    assert list(results) == list(check.tasks_of(name[4:6]))
    assert {result.state for result in results.values()} == {"not tried yet"}


@in_every_lab
def test_the_solution_passes(exercise: NotebookNode, answers: dict[str, str]) -> None:
    results = play(exercise, answers)
    assert [result for result in results.values() if result.state != "passed"] == []


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_known_mistakes_are_recognised(
    name: str, task: str, exercise: NotebookNode, answers: dict[str, str]
) -> None:
    file = HERE / f"{name[:6]}.toml"
    wrong = [each for each in wrong_answers.read(file) if each.task == task]
    assert wrong_answers.complaints(exercise, answers, wrong) == []


@in_every_lab
def test_no_mistake_is_declared_for_a_task_that_is_not_there(name: str) -> None:
    declared = {each.task for each in wrong_answers.read(HERE / f"{name[:6]}.toml")}
    assert declared == set(check.tasks_of(name[4:6]))
