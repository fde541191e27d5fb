"""Do the parameters fit the service model? botocore checks types, this file the constraints."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from botocore.validate import ParamValidator

from helpers.cloud.errors import AwsError


def check(service: str, shape: Any, params: dict[str, Any]) -> None:
    """Check parameters against an operation's input shape; `shape` None means it takes none.

    AwsError in the service's own code, with AWS's sentence about each broken constraint.
    """
    if shape is None:
        return
    report = ParamValidator().validate(params, shape)
    problem = report.generate_report() if report.has_errors() else _constraint(shape, params)
    if problem:
        code = _CODE.get(service, "ValidationException")
        raise AwsError(code, problem)


_CODE = {
    "cognito-idp": "InvalidParameterException",
    "s3": "InvalidArgument",
    "iam": "ValidationError",
    "organizations": "InvalidInputException",
    "sts": "ValidationError",
    "lambda": "InvalidParameterValueException",
    "apigateway": "BadRequestException",
}


def _constraint(shape: Any, params: dict[str, Any]) -> str:
    """AWS's sentence about every value that breaks the model's constraints, "" if none does."""
    found = [
        sentence for name, value in params.items() for sentence in _of_member(shape, name, value)
    ]
    if not found:
        return ""
    plural = "error" if len(found) == 1 else "errors"
    return f"{len(found)} validation {plural} detected: " + "; ".join(found)


def _of_member(shape: Any, name: str, value: Any, path: str = "") -> Iterator[str]:
    member = shape.members.get(name)
    if member is not None and value is not None:
        yield from _violations(member, value, f"{path}{name[:1].lower()}{name[1:]}")


def _violations(shape: Any, value: Any, path: str) -> Iterator[str]:
    """Each broken constraint of a value and of what is inside it."""
    kind = shape.type_name
    if kind == "structure" and shape.is_document_type:
        return  # Any JSON value may stand here: what it must be is for the operation to say.
    for rule in _BROKEN.get(kind, _nothing)(shape.metadata, value):
        yield _sentence(path, value, shape, rule)
    if kind == "structure":
        for name, inner in value.items():
            yield from _of_member(shape, name, inner, f"{path}.")
    elif kind == "list":
        for number, inner in enumerate(value, 1):
            yield from _violations(shape.member, inner, f"{path}.{number}.member")
    elif kind == "map":
        for key, inner in value.items():
            yield from _violations(shape.key, key, f"{path}.key")
            yield from _violations(shape.value, inner, f"{path}.{key}.member")


def _nothing(limits: dict[str, Any], value: Any) -> list[str]:
    return []


def _of_size(limits: dict[str, Any], value: Any) -> list[str]:
    """Length constraints, of text and of collections."""
    rules = []
    if len(value) < limits.get("min", 0):
        rules.append(f"Member must have length greater than or equal to {limits['min']}")
    if len(value) > limits.get("max", math.inf):
        rules.append(f"Member must have length less than or equal to {limits['max']}")
    return rules


def _of_text(limits: dict[str, Any], value: str) -> list[str]:
    rules = _of_size(limits, value)
    enum, pattern = limits.get("enum"), limits.get("pattern")
    if enum and value not in enum:
        rules.append(f"Member must satisfy enum value set: [{', '.join(enum)}]")
    if pattern and pattern not in _NOT_HELD and not _fits(pattern, value):
        rules.append(f"Member must satisfy regular expression pattern: {pattern}")
    return rules


def _of_number(limits: dict[str, Any], value: float) -> list[str]:
    rules = []
    if value < limits.get("min", -math.inf):
        rules.append(f"Member must have value greater than or equal to {limits['min']}")
    if value > limits.get("max", math.inf):
        rules.append(f"Member must have value less than or equal to {limits['max']}")
    return rules


_BROKEN: Mapping[str, Callable[[dict[str, Any], Any], list[str]]] = {
    "string": _of_text,
    "list": _of_size,
    "map": _of_size,
    "integer": _of_number,
    "long": _of_number,
}


def _sentence(path: str, value: Any, shape: Any, rule: str) -> str:
    shown = "" if shape.metadata.get("sensitive") else f"'{str(value)[:256]}' "
    return f"Value {shown}at '{path}' failed to satisfy constraint: {rule}"


# A category of Unicode in Java's spelling, such as \p{L}, and a character class.
_JAVA_CATEGORY = re.compile(r"\\p\{([A-Z])[a-z]?\}")
_CLASS = re.compile(r"\[(?:\\.|[^\]\\])*\]")
# All of the category Z, because patterns also exclude it.
_SEPARATORS = " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_BEYOND_ASCII = "\u0080-\U0010ffff"
# A user pool domain may be a whole host name: the operations say what it must look like.
_NOT_HELD = frozenset({r"^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$"})


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The model's pattern, which is written for Java, as far as Python can read it.

    A category stands for its ASCII characters and for everything beyond ASCII.
    """
    within = _CLASS.sub(lambda m: _JAVA_CATEGORY.sub(_characters, m[0]), pattern)
    python = _JAVA_CATEGORY.sub(lambda m: f"[{_characters(m)}]", within)
    try:
        return re.compile(python, re.DOTALL | re.ASCII)
    except re.error:
        return None


def _characters(category: re.Match[str]) -> str:
    """What a category stands for inside a character class."""
    if category[1] == "Z":
        return _SEPARATORS
    ascii_ones = (letter for letter in map(chr, range(128)) if _category(letter) == category[1])
    return re.escape("".join(ascii_ones)) + _BEYOND_ASCII


def _category(letter: str) -> str:
    return unicodedata.category(letter)[0]


def _fits(pattern: str, value: str) -> bool:
    named = {found[1] for found in _JAVA_CATEGORY.finditer(pattern)}
    if named and not all(_is_named(pattern, named, letter) for letter in value):
        return False
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(value) is not None


def _is_named(pattern: str, categories: Collection[str], letter: str) -> bool:
    """Whether a pattern names a character beyond ASCII, by itself or by its category."""
    if letter.isascii() or letter in pattern:
        return True
    return _category(letter) in categories
