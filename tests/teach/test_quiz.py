"""A quiz prints its question, and for every option a reason of its own."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from helpers.authoring.course import CONTENTS, NOTEBOOKS
from helpers.authoring.rules.page import Page
from helpers.teach import questions, quiz

TWO_RIGHT = """
[[question]]
text = "Which two are JSON Web Tokens?"
section = "1. Look inside"
notebook = "02"
[[question.option]]
text = "ID token"
right = true
why = "It has three parts."
[[question.option]]
text = "Refresh token"
why = "It is opaque."
[[question.option]]
text = "Access token"
right = true
why = "It has three parts, too."
"""


ONE_RIGHT = """
[[question]]
text = "What does a user pool return when a sign-in succeeds?"
section = "Recap"
[[question.option]]
text = "An access key"
why = "Those are AWS credentials: an identity pool returns them, and it wants a token in exchange."
[[question.option]]
text = "An IAM role"
why = "A user pool hands out no role."
[[question.option]]
text = "Tokens"
right = true
why = "Two of the three can be verified by anyone."
"""


@pytest.fixture
def quiz_98(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "98.toml").write_text(TWO_RIGHT + ONE_RIGHT, "utf-8")
    monkeypatch.setattr(questions, "folder", lambda: tmp_path)


@pytest.mark.usefixtures("quiz_98")
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("77", 1), "there is no quiz '77'; there are 98"),
        (("98", 0), "quiz 98 has questions 1 to 2, not 0"),
        (("98", "1"), "quiz 98 has questions 1 to 2, not '1'"),
        (("98", True), "not True"),
    ],
)
def test_a_question_that_is_not_there(arguments: Any, complaint: str) -> None:
    with pytest.raises(LookupError, match=complaint):
        quiz.ask(*arguments)


@pytest.mark.usefixtures("quiz_98")
@pytest.mark.parametrize("answer", ["", "e", "yes", "1", "ab", 2])
def test_an_answer_that_is_no_option(answer: Any) -> None:
    with pytest.raises(ValueError, match=r"answer with one of the letters|asks for 1 letters"):
        quiz.ask("98", 2, answer=answer)


@pytest.mark.usefixtures("quiz_98")
def test_a_wrong_answer_gets_its_own_reason_and_the_place_to_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    quiz.ask("98", 2, answer="a")
    assert capsys.readouterr().out == (
        "a) not right: Those are AWS credentials: an identity pool returns them, and it wants a\n"
        "   token in exchange.\n"
        "Read again: “Recap”\n"
    )


@pytest.mark.usefixtures("quiz_98")
def test_the_right_answer_gets_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    quiz.ask("98", 2, answer=" C ")
    said = capsys.readouterr().out
    assert said.startswith("c) right: ")
    assert "Read again" not in said


@pytest.mark.usefixtures("quiz_98")
def test_a_question_shows_its_options_and_how_to_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    quiz.ask("98", 2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2. What does a user pool return when a sign-in succeeds?"
    assert [line[3:5] for line in lines[1:4]] == ["a)", "b)", "c)"]
    assert lines[4] == 'Your answer: quiz.ask("98", 2, answer="a")'


@pytest.mark.usefixtures("quiz_98")
def test_a_question_with_two_right_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="asks for 2 letters"):
        quiz.ask("98", 1, answer="a")
    quiz.ask("98", 1)
    assert "JSON Web Tokens? (Choose 2.)\n" in capsys.readouterr().out
    quiz.ask("98", 1, answer="a, b")
    assert capsys.readouterr().out == (
        "a) right: It has three parts.\n"
        "b) not right: It is opaque.\n"
        "Read again: “1. Look inside” in notebook 02\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('section = "1. Look inside"', "", "question 1 lacks its section"),
        ('why = "It is opaque."', "", "question 1 lacks its why"),
        ('why = "It is opaque."', 'why = " "', "question 1 lacks its why"),
        ('why = "It is opaque."', 'why = "It has three parts."', "options with the same why"),
        ('text = "Refresh token"', 'text = "ID token"', "options with the same text"),
        ("right = true", "", "needs a right option and a wrong one"),
        ('why = "It is opaque."', 'why = "Opaque."\nright = true', "right option and a wrong one"),
        ("right = true", 'right = "yes"', "right is true or false, not 'yes'"),
        ("section", "hint = 1\nsection", "question 1 has an unknown member: hint"),
        ("[[question]]", "[other]\n[[question]]", "the file has an unknown member: other"),
    ],
)
def test_a_file_that_is_not_a_quiz(old: str, new: str, complaint: str) -> None:
    assert len(questions.parse(TWO_RIGHT)) == 1
    with pytest.raises(ValueError, match=complaint):
        questions.parse(TWO_RIGHT.replace(old, new))


def test_a_question_has_two_to_six_options() -> None:
    option = '[[question.option]]\ntext = "{0}"\nwhy = "{0}"\n'
    many = TWO_RIGHT + "".join(option.format(n) for n in range(4))
    with pytest.raises(ValueError, match="question 1 has 7 options"):
        questions.parse(many)


@pytest.mark.parametrize("name", questions.names())
def test_every_quiz_keeps_the_form(name: str) -> None:
    stem = next((stem for stem in CONTENTS if stem.startswith(f"{name}_")), None)
    assert stem is not None, f"quiz {name} belongs to no notebook"
    for question in questions.load(name):
        there = f"{question.notebook}_" if question.notebook else stem
        path = next(iter(NOTEBOOKS.glob(f"{there}*.ipynb")), None)
        assert path is not None, f"quiz {name} sends to a notebook that is not there: {there}"
        assert question.section in Page.read(path, NOTEBOOKS.parent).sections


def test_a_file_of_another_language_is_not_toml() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        questions.parse("- question: yes")
