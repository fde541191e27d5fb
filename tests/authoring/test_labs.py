"""The learner's copy of a lab is nbgrader's, made from the solution and kept in step with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from helpers.authoring import labs, normal_form
from helpers.authoring.course import ROOT
from helpers.authoring.play import answers_in, play
from tests.authoring.small_lab import NAME, SECOND, solution_notebook


def paths(course: Path) -> tuple[Path, Path]:
    return course / "solutions" / NAME, course / "exercises" / NAME


def sources(folder: Path) -> str:
    cells = normal_form.read(folder / f"{NAME}.ipynb").cells
    return "\n".join(cell.source for cell in cells)


def test_a_copy_that_is_missing_or_behind_is_told(course: Path) -> None:
    solution, exercise = paths(course)
    assert labs.stale(solution, exercise) == [
        f"{NAME}.ipynb in exercises is not what nbgrader makes of it now"
    ]
    labs.refresh(solution, exercise)
    assert labs.stale(solution, exercise) == []
    copy = exercise / f"{NAME}.ipynb"
    copy.write_text(copy.read_text("utf-8").replace("Lab 99", "Lab 98"), "utf-8")
    assert len(labs.stale(solution, exercise)) == 1


def test_a_solution_without_marks_is_told(course: Path) -> None:
    solution, exercise = paths(course)
    labs.refresh(solution, exercise)
    normal_form.write(solution_notebook(), solution / f"{NAME}.ipynb")
    assert f"{NAME}.ipynb in solutions lacks nbgrader's marks" in labs.stale(solution, exercise)


def test_a_solution_that_names_no_task_is_refused() -> None:
    notebook = solution_notebook()
    notebook.cells[3].source = notebook.cells[3].source.replace("# Task 99.1: about 1 line\n", "")
    with pytest.raises(ValueError, match=r"no line “# Task 10\.1: about 3 lines”"):
        labs.mark(notebook)


def test_the_copy_has_stubs_and_neither_answers_nor_reasons(course: Path) -> None:
    solution, exercise = paths(course)
    labs.refresh(solution, exercise)
    copy = sources(exercise)
    assert "# Task 99.1: about 1 line\nanswer = ...\n" in copy
    assert '"""Return twice the number."""\n    ...\n' in copy
    for hidden in ("2 + 2\n", "return 2 * number\n    #", "Because two", ".require()", "SOLUTION"):
        assert hidden not in copy


def test_files_beside_the_notebook_are_copied_and_old_ones_go(course: Path) -> None:
    solution, exercise = paths(course)
    (solution / "policy.json").write_text("{}", "utf-8")
    exercise.mkdir(parents=True)
    (exercise / "old.txt").write_text("old", "utf-8")
    labs.refresh(solution, exercise)
    assert sorted(p.name for p in exercise.iterdir()) == [f"{NAME}.ipynb", "policy.json"]


def test_making_copies_leaves_no_gradebook(course: Path) -> None:
    labs.refresh(*paths(course))
    assert sorted(p.name for p in course.iterdir()) == [
        "exercises",
        labs.CONFIG,
        "solutions",
    ]


def test_an_untouched_copy_runs_to_its_end_untried(course: Path) -> None:
    solution, exercise = paths(course)
    labs.refresh(solution, exercise)
    results = play(normal_form.read(exercise / f"{NAME}.ipynb"), {})
    assert [result.state for result in results.values()] == ["not tried yet"] * 2


def test_answers_typed_into_the_copy_are_checked(course: Path) -> None:
    solution, exercise = paths(course)
    labs.refresh(solution, exercise)
    copy = normal_form.read(exercise / f"{NAME}.ipynb")
    answers = answers_in(normal_form.read(solution / f"{NAME}.ipynb"))
    assert {r.state for r in play(copy, answers).values()} == {"passed"}
    wrong = play(copy, {**answers, "99.2": "double = lambda n: n * n"}, until="99.2")["99.2"]
    assert (wrong.state, wrong.misconception) == ("wrong", "doubling is squaring")
    broken = play(copy, {**answers, "99.1": "answer = 6"}, until="99.1")
    assert broken["99.1"].state == "error"
    assert "99.2" not in broken


def test_a_facilitator_can_release_and_autograde(course: Path) -> None:
    # nbgrader calls a program of its environment, so that has to be on the PATH.
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

    def nbgrader(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments, "--log-level=ERROR"],
            cwd=course,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": programs},
            check=True,
            capture_output=True,
        )

    nbgrader("generate_assignment", NAME)
    released = course / "exercises" / NAME / f"{NAME}.ipynb"
    solution, exercise = paths(course)
    assert labs.stale(solution, exercise) == []
    for student, second in (("tried", SECOND), ("untried", None)):
        notebook = normal_form.read(released)
        for cell in notebook.cells:
            if second and cell.source.startswith("# Task 99.2"):
                cell.source = second
        submitted = course / "submitted" / student / NAME / f"{NAME}.ipynb"
        submitted.parent.mkdir(parents=True)
        normal_form.write(notebook, submitted)
    nbgrader("autograde", NAME)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        scores = {name: book.find_submission(NAME, name).score for name in ("tried", "untried")}
    assert scores == {"tried": 1.0, "untried": 0.0}
