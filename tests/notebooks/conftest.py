"""A small project on disk, with a notebook and a lab that keep every rule."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from nbformat import NotebookNode

from helpers.authoring import course, labs, normal_form, rules
from helpers.teach import questions
from helpers.teach.task import task
from tests.notebooks import synthetic

Judge = Callable[[NotebookNode], list[str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that the synthetic notebooks lead to, with a quiz of three and checks of one."""
    for name in course.CONTENTS:
        write(tmp_path / "notebooks" / f"{name}.ipynb", synthetic.notebook())
    glossary = "# Glossary\n\n## Policy variable\n\n**policy variable**: filled in later\n"
    (tmp_path / "notebooks" / "GLOSSARY.md").write_text(glossary, "utf-8")
    lab = f"{synthetic.LAB}/{synthetic.LAB}.ipynb"
    for folder in ("solutions", "exercises"):
        write(tmp_path / "labs" / folder / lab, synthetic.lab())
    monkeypatch.setattr("helpers.authoring.rules.shape.load", lambda _: three_questions())
    checks = ModuleType("lab_10")
    vars(checks)["first"] = task("10.1", hints=("a", "b", "c"))(lambda answer: None)
    monkeypatch.setitem(sys.modules, "helpers.teach.checks.lab_10", checks)
    return tmp_path


@pytest.fixture
def judge(project: Path) -> Judge:
    """Save a notebook of the course, in normal form, and return what the rules say of it."""

    def judged(notebook: NotebookNode) -> list[str]:
        path = project / "notebooks" / f"{synthetic.STEM}.ipynb"
        write(path, normal_form.normalise(notebook))
        return rules.breaches(path, project)

    return judged


@pytest.fixture
def judge_lab(project: Path) -> Judge:
    """Save the solution of a lab, marked if it can be, and return what the rules say of it."""

    def judged(notebook: NotebookNode) -> list[str]:
        path = project / "labs" / "solutions" / synthetic.LAB / f"{synthetic.LAB}.ipynb"
        try:
            notebook = labs.mark(notebook)
        except ValueError:
            notebook = normal_form.normalise(notebook)
        write(path, notebook)
        return rules.breaches(path, project)

    return judged


def write(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    normal_form.write(notebook, path)


def three_questions() -> list[questions.Question]:
    """Return three questions."""
    return [questions.Question("Why?", "Recap", {})] * 3
