"""A course folder with one small lab in it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.authoring import labs, normal_form
from helpers.authoring.course import LABS
from tests.authoring.small_lab import NAME, solution_notebook


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course folder with the project's own nbgrader configuration and one marked lab."""
    folder = tmp_path / "labs"
    solution = folder / "solutions" / NAME / f"{NAME}.ipynb"
    solution.parent.mkdir(parents=True)
    shutil.copy(LABS / labs.CONFIG, folder)
    normal_form.write(labs.mark(solution_notebook()), solution)
    return folder


@pytest.fixture(autouse=True)
def forget_checks() -> Iterator[None]:
    """Leave no module behind that a lab of these tests made."""
    yield
    sys.modules.pop("helpers.teach.checks.lab_99", None)
