"""Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.

Source: IAM User Guide, "IAM policy elements: Variables and tags".
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from .pattern import Pattern, Token, Wildcard, wildcard_tokens
from .truth import UNSETTLED, Truth

Value = str | tuple[str, ...]
Context = Mapping[str, Value]
"""The request context: lower-case key name -> its value, a tuple for a multivalued key."""

VERSION_WITH_VARIABLES = "2012-10-17"

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_WITH_DEFAULT = re.compile(r"([^,]*), '(.*)'", re.DOTALL)
_ESCAPES = frozenset("*?$")


class Variable(NamedTuple):
    """A place to be filled from the request context."""

    key: str
    default: str | None = None


Part = Token | Variable


def read_parts(text: str, *, variables: bool, wildcards: bool = True) -> Iterator[Part]:
    """Text as written in a policy, as literals, wildcards and variables.

    With `variables` false (Version 2008-10-17) `${...}` is ordinary text, the escapes included.
    """
    plain = wildcard_tokens if wildcards else _one_literal
    at = 0
    for found in _VARIABLE.finditer(text) if variables else ():
        yield from plain(text[at : found.start()])
        yield _read_variable(found[1])
        at = found.end()
    yield from plain(text[at:])


def _one_literal(text: str) -> list[Token]:
    return [text] if text else []


def _read_variable(inside: str) -> Part:
    if inside in _ESCAPES:
        return inside
    with_default = _WITH_DEFAULT.fullmatch(inside)
    if with_default:
        return Variable(with_default[1].lower(), with_default[2])
    return Variable(inside.lower())


class Missing(Exception):
    """A variable has no value in this request and no default; `args[0]` is its key."""


class Template:
    """A pattern with places for variables, compiled once and filled for each request."""

    __slots__ = ("fixed", "fold", "parts")

    def __init__(self, parts: tuple[Part, ...], *, fold: bool = False) -> None:
        self.fold = fold
        self.parts = tuple(_lower(part) for part in parts) if fold else parts
        tokens = tuple(part for part in self.parts if not isinstance(part, Variable))
        self.fixed = Pattern(tokens) if tokens == self.parts else None

    def matches(self, text: str, context: Context) -> Truth:
        """Whether the whole of `text` fits.

        A value put in for a variable is a literal: nothing in it is a wildcard or a variable.
        Raises Missing when a variable has no value.
        """
        if self.fold:
            text = text.lower()
        if self.fixed is not None:
            return self.fixed.matches(text)
        settled = True
        tokens: list[Token] = []
        for part in self.parts:
            if isinstance(part, Variable):
                value, is_settled = _value_of(part, context)
                settled = settled and is_settled
                tokens.append(value.lower() if self.fold else value)
            else:
                tokens.append(part)
        return _pattern(tuple(tokens)).matches(text) and (True if settled else UNSETTLED)


@lru_cache(maxsize=4096)
def _pattern(tokens: tuple[Token, ...]) -> Pattern:
    """The same caller asks again and again, so a filled template is worth remembering."""
    return Pattern(tokens)


def _lower(part: Part) -> Part:
    return part.lower() if isinstance(part, str) else part


def _value_of(variable: Variable, context: Context) -> tuple[str, bool]:
    """The value that stands for the variable, and whether AWS's documents settle that it does."""
    value = context.get(variable.key)
    if isinstance(value, str):
        # Unsettled: an empty value may be put in as it is, or count as no value.
        return value, value != ""
    if value is None and variable.default is not None:
        # Unsettled: whether a default may contain a comma.
        return variable.default, "," not in variable.default
    raise Missing(variable.key)  # a multivalued key cannot be used as a variable


def filled_in(text: str, context: Context) -> str:
    """Text as written in a policy with its variables replaced: for people to read, not to match.

    A variable without a value stays as it is written.
    """

    def value(found: re.Match[str]) -> str:
        part = _read_variable(found[1])
        if not isinstance(part, Variable):
            return found[0]
        try:
            return _value_of(part, context)[0]
        except Missing:
            return found[0]

    return _VARIABLE.sub(value, text)


def split_at_colons(parts: tuple[Part, ...], limit: int) -> list[tuple[Part, ...]]:
    """The segments of an ARN written with variables; a colon inside a variable does not count."""
    segments: list[list[Part]] = [[]]
    for part in parts:
        if not isinstance(part, str):
            segments[-1].append(part)
            continue
        head, *rest = part.split(":", limit - len(segments) + 1)
        segments[-1].append(head)
        segments.extend([text] for text in rest)
    return [tuple(part for part in segment if part != "") for segment in segments]


def ends_in_any(parts: tuple[Part, ...]) -> bool:
    """Whether the last thing written is `*`."""
    return bool(parts) and parts[-1] is Wildcard.ANY
