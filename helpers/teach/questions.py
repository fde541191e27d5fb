"""The quizzes' data files: what a question consists of, and what is wrong with a bad one.

A file ``quizzes/NN.toml`` holds one ``[[question]]`` table after another::

    [[question]]
    text = "Which of these does an identity pool hand out?"
    section = "2. Trade the token"     # heading in this notebook to read again
    notebook = "09"                    # only if the section is in another notebook

    [[question.option]]
    text = "Temporary AWS credentials"
    right = true
    why = "GetCredentialsForIdentity returned an access key, a secret key and a session token."

    [[question.option]]
    text = "A JSON Web Token"
    why = "Tokens come from the user pool; the identity pool takes them in."

Two to six options, each with its own reason. More than one may be right: then the question says
how many to choose.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

QUIZZES = "helpers.teach.quizzes"
LETTERS = "abcdef"


@dataclass(frozen=True)
class Option:
    """One option of a question, and the reason why it is right or not."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """One question of a notebook's quiz."""

    text: str
    section: str
    options: Mapping[str, Option]
    notebook: str = ""

    @property
    def right(self) -> list[str]:
        """The letters of the right options."""
        return [letter for letter, option in self.options.items() if option.right]

    @property
    def reread(self) -> str:
        """The place to read again."""
        there = f" in notebook {self.notebook}" if self.notebook else ""
        return f"“{self.section}”{there}"


def load(notebook: str) -> list[Question]:
    """Return the questions of a notebook ("10"). Raises ``LookupError`` if it has no quiz."""
    file = folder() / f"{notebook}.toml"
    if not file.is_file():
        raise LookupError(f"there is no quiz {notebook!r}; there are {', '.join(names())}")
    return parse(file.read_text(encoding="utf-8"))


def names() -> list[str]:
    """Return the notebooks that have a quiz, in order: ``["00", "01", …]``."""
    files = (file.name for file in folder().iterdir())
    return sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml"))


def folder() -> Traversable:
    """Return where the quizzes are, as an installed package's data."""
    return resources.files(QUIZZES)


def parse(text: str) -> list[Question]:
    """Read the questions in a TOML text. Raises ``ValueError`` that says which one is wrong."""
    data = tomllib.loads(text)
    _only(data, {"question"}, "the file")
    return [_question(raw, number) for number, raw in enumerate(data.get("question", []), start=1)]


def _question(raw: Mapping[str, Any], number: int) -> Question:
    where = f"question {number}"
    _only(raw, {"text", "section", "notebook", "option"}, where)
    options = [_option(each, where) for each in raw.get("option", [])]
    _check_options(options, where)
    return Question(
        text=_words(raw, "text", where),
        section=_words(raw, "section", where),
        notebook=raw.get("notebook", ""),
        options=dict(zip(LETTERS, options, strict=False)),
    )


def _option(raw: Mapping[str, Any], where: str) -> Option:
    _only(raw, {"text", "right", "why"}, f"an option of {where}")
    right = raw.get("right", False)
    if not isinstance(right, bool):
        raise ValueError(f"{where}: right is true or false, not {right!r}")
    return Option(_words(raw, "text", where), _words(raw, "why", where), right)


def _check_options(options: list[Option], where: str) -> None:
    if not 2 <= len(options) <= len(LETTERS):
        raise ValueError(f"{where} has {len(options)} options; it needs two to {len(LETTERS)}")
    if not 0 < sum(option.right for option in options) < len(options):
        raise ValueError(f"{where} needs a right option and a wrong one")
    for name in ("text", "why"):
        if len({getattr(option, name) for option in options}) < len(options):
            raise ValueError(f"{where} has two options with the same {name}")


def _words(raw: Mapping[str, Any], name: str, where: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where} lacks its {name}")
    return " ".join(value.split())


def _only(raw: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = set(raw) - known
    if unknown:
        raise ValueError(f"{where} has an unknown member: {', '.join(sorted(unknown))}")
