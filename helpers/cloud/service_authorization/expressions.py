"""DynamoDB expressions, read for what a policy may ask: which attributes, which partition.

Nothing is evaluated here. A name that is overlooked would open what a policy on
`dynamodb:Attributes` closes, so an expression with anything unknown in it is refused with the
error DynamoDB has for it.
Source: Amazon DynamoDB Developer Guide, "Using expressions in DynamoDB".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.cloud.errors import AwsError

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<name>\#[A-Za-z0-9_]+ | [A-Za-z_][A-Za-z0-9_]*)
      | (?P<value>:[A-Za-z0-9_]+)
      | (?P<index>\[\s*[0-9]+\s*\])
      | (?P<sign><> | <= | >= | [=<>(),.+-])
    )""",
    re.VERBOSE | re.ASCII,
)
_NAME_KEY = re.compile(r"#[A-Za-z0-9_]+", re.ASCII)
_VALUE_KEY = re.compile(r":[A-Za-z0-9_]+", re.ASCII)
_FUNCTIONS = frozenset(
    {
        "attribute_exists",
        "attribute_not_exists",
        "attribute_type",
        "begins_with",
        "contains",
        "if_not_exists",
        "list_append",
        "size",
    }
)
# Words of the language cannot be names of attributes, so that each of them has one reading.
_OPERATORS = frozenset({"AND", "OR", "BETWEEN", "IN", "NOT"})
_CLAUSES = frozenset({"SET", "REMOVE", "ADD", "DELETE"})


@dataclass(frozen=True)
class Token:
    """A piece of an expression; `kind` is "name", "value", "index" or "sign"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Placeholders:
    """What `#names` and `:values` of a request stand for."""

    names: Mapping[str, str]
    values: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Placeholders:
        """Those of a request. AwsError for a placeholder that does not look like one.

        A key without its sign would let an ordinary name stand for another one.
        """
        names = params.get("ExpressionAttributeNames") or {}
        values = params.get("ExpressionAttributeValues") or {}
        for keys, pattern, parameter in (
            (names, _NAME_KEY, "ExpressionAttributeNames"),
            (values, _VALUE_KEY, "ExpressionAttributeValues"),
        ):
            for key in keys:
                if not pattern.fullmatch(key):
                    raise _invalid(f'{parameter} contains invalid key: Syntax error; key: "{key}"')
        for key, name in names.items():
            if not name:
                text = "ExpressionAttributeNames contains invalid value: "
                raise _invalid(f"{text}Empty attribute name; key: {key}")
        return cls(names, values)

    def name(self, written: str) -> str:
        """The attribute that a name in an expression stands for."""
        if not written.startswith("#"):
            return written
        if written not in self.names:
            text = "An expression attribute name used in the document path is not defined; "
            raise _invalid(f"{text}attribute name: {written}")
        return self.names[written]

    def value(self, written: str) -> Mapping[str, Any]:
        """The attribute value that a `:value` stands for."""
        if written not in self.values:
            text = "An expression attribute value used in expression is not defined; "
            raise _invalid(f"{text}attribute value: {written}")
        return self.values[written]


def tokens(expression: str) -> list[Token]:
    """The expression in pieces. AwsError at the first character no expression can hold."""
    found = []
    position = 0
    end = len(expression.rstrip())
    while position < end:
        match = _TOKEN.match(expression, position)
        if match is None:
            near = expression[position : position + 12].strip()
            raise _invalid(f'Syntax error; token: "{near[:1]}", near: "{near}"')
        kind = match.lastgroup or ""
        found.append(Token(kind, match[kind]))
        position = match.end()
    return found


def projected(expression: str, placeholders: Placeholders) -> list[str]:
    """The top-level attributes of a ProjectionExpression."""
    pieces = tokens(expression)
    for piece in pieces:
        if piece.kind == "value" or (piece.kind == "sign" and piece.text not in (",", ".")):
            raise _invalid(f'Invalid ProjectionExpression: Syntax error; token: "{piece.text}"')
    return _top_level(pieces, set(), placeholders)


def conditioned(expression: str, placeholders: Placeholders) -> list[str]:
    """The top-level attributes of a condition or filter expression."""
    pieces = tokens(expression)
    operators: set[int] = set()
    for at, piece in enumerate(pieces):
        if piece.kind == "name" and piece.text.upper() in _OPERATORS:
            if not _is_operator(pieces, at, operators):
                raise _reserved(piece)
            operators.add(at)
    return _top_level(pieces, operators, placeholders)


def updated(expression: str, placeholders: Placeholders) -> list[str]:
    """The top-level attributes of an UpdateExpression, those it reads included."""
    pieces = tokens(expression)
    clauses: set[int] = set()
    for at, piece in enumerate(pieces):
        if piece.kind == "name" and piece.text.upper() in _CLAUSES:
            if at > 0 and (at - 1 in clauses or not _ends_operand(pieces[at - 1])):
                raise _reserved(piece)
            clauses.add(at)
    if 0 not in clauses:
        raise _invalid("Invalid UpdateExpression: Syntax error")
    return _top_level(pieces, clauses, placeholders)


def _is_operator(pieces: list[Token], at: int, operators: set[int]) -> bool:
    """Whether a word stands where an operator does, and not where an attribute does."""
    before = pieces[at - 1] if at > 0 else None
    follows_operand = before is not None and at - 1 not in operators and _ends_operand(before)
    if pieces[at].text.upper() != "NOT":
        return follows_operand
    starts = before is None or at - 1 in operators or before.text == "("
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    return (
        starts
        and following is not None
        and (following.kind in ("name", "value") or following.text == "(")
    )


def _ends_operand(piece: Token) -> bool:
    return piece.kind in ("name", "value", "index") or piece.text == ")"


def _top_level(pieces: list[Token], words: set[int], placeholders: Placeholders) -> list[str]:
    """Names that are neither words of the language, nor functions, nor nested in another."""
    found: dict[str, None] = {}
    for at, piece in enumerate(pieces):
        is_nested = at > 0 and pieces[at - 1].text == "."
        if piece.kind != "name" or at in words or is_nested:
            continue
        if at + 1 < len(pieces) and pieces[at + 1].text == "(":
            if piece.text not in _FUNCTIONS:
                raise _invalid(f"Invalid function name; function: {piece.text}")
            continue
        found[placeholders.name(piece.text)] = None
    return list(found)


@dataclass(frozen=True)
class KeyCondition:
    """One condition of a KeyConditionExpression: `name`, operator, the values compared with."""

    name: str
    operator: str
    values: tuple[Mapping[str, Any], ...]


def key_conditions(expression: str, placeholders: Placeholders) -> list[KeyCondition]:
    """A KeyConditionExpression, one condition per key. AwsError for anything else."""
    reader = _KeyConditionReader(tokens(expression), placeholders)
    found = list(reader.conditions())
    if len({condition.name for condition in found}) < len(found):
        raise _invalid("KeyConditionExpressions must only contain one condition per key")
    return found


class _KeyConditionReader:
    """Reads `a = :a AND b BETWEEN :x AND :y`, parentheses allowed, nothing else."""

    def __init__(self, pieces: list[Token], placeholders: Placeholders) -> None:
        self.pieces = pieces
        self.at = 0
        self.placeholders = placeholders

    def conditions(self) -> Iterator[KeyCondition]:
        yield from self._conjunction()
        if self.at < len(self.pieces):
            raise self._error()

    def _conjunction(self) -> Iterator[KeyCondition]:
        while True:
            if self._skip("("):
                yield from self._conjunction()
                self._expect(")")
            else:
                yield self._condition()
            if not self._skip("AND"):
                return

    def _condition(self) -> KeyCondition:
        first = self._take("name")
        if first == "begins_with" and self._skip("("):
            name = self._take("name")
            self._expect(",")
            value = self._value()
            self._expect(")")
            return KeyCondition(self.placeholders.name(name), "begins_with", (value,))
        name = self.placeholders.name(first)
        if self._skip("BETWEEN"):
            low = self._value()
            self._expect("AND")
            return KeyCondition(name, "BETWEEN", (low, self._value()))
        operator = self._take("sign")
        if operator not in ("=", "<", "<=", ">", ">="):
            raise self._error()
        return KeyCondition(name, operator, (self._value(),))

    def _value(self) -> Mapping[str, Any]:
        return self.placeholders.value(self._take("value"))

    def _take(self, kind: str) -> str:
        if self.at == len(self.pieces) or self.pieces[self.at].kind != kind:
            raise self._error()
        self.at += 1
        return self.pieces[self.at - 1].text

    def _skip(self, text: str) -> bool:
        if self.at < len(self.pieces) and self.pieces[self.at].text.upper() == text:
            self.at += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._skip(text):
            raise self._error()

    def _error(self) -> AwsError:
        rest = self.pieces[self.at :]
        token = rest[0].text if rest else "<EOF>"
        return _invalid(f'Invalid KeyConditionExpression: Syntax error; token: "{token}"')


def _reserved(piece: Token) -> AwsError:
    text = "Invalid expression: Attribute name is a reserved keyword; reserved keyword: "
    return _invalid(text + piece.text)


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)
