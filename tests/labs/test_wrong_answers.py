"""The player of wrong answers notices when a lab does not recognise one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.authoring import labs
from tests.authoring.small_lab import solution_notebook
from tests.labs.wrong_answers import WrongAnswer, complaints, read

FIVE = WrongAnswer("99.1", "addition is generous", "answer = 5")


@pytest.fixture(autouse=True)
def forget_checks() -> Iterator[None]:
    yield
    sys.modules.pop("helpers.teach.checks.lab_99", None)


def played(*wrong: WrongAnswer) -> list[str]:
    notebook = labs.mark(solution_notebook())
    for cell in notebook.cells:
        cell.source = cell.source.replace("result.require()", "")
    return complaints(notebook, {}, wrong)


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("answer = 4", "came out as: Task 99.1: passed"),
        ("answer = 3", "came out as: Task 99.1: error"),
        ("answer = ...", "came out as: Task 99.1: not tried yet"),
    ],
)
def test_a_mistake_that_is_not_caught_is_told(answer: str, complaint: str) -> None:
    found = played(FIVE, WrongAnswer("99.1", "another belief", answer))
    assert any(complaint in sentence for sentence in found), found


def test_another_name_for_the_mistake_is_told() -> None:
    found = played(FIVE, WrongAnswer("99.1", "sums are products", "answer = 5"))
    assert len(found) == 2
    assert "“sums are products” came out as: Task 99.1: wrong (addition is generous)" in found[0]
    assert "has the message of another" in found[1]


def test_one_mistake_is_not_enough() -> None:
    assert played(FIVE) == ["fewer than two mistakes are declared in tests/labs"]


@pytest.mark.parametrize("left", ["task", "misconception", "answer"])
def test_a_member_that_is_missing_is_told(left: str, tmp_path: Path) -> None:
    members = {"task": "99.1", "misconception": "x", "answer": "y"}
    lines = [f'{name} = "{value}"' for name, value in members.items() if name != left]
    (tmp_path / "lab_99.toml").write_text("\n".join(["[[wrong]]", *lines]), "utf-8")
    with pytest.raises(ValueError, match=r"lab_99\.toml: a wrong answer has"):
        read(tmp_path / "lab_99.toml")
