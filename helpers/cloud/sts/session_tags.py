"""Session tags: what AssumeRole accepts as Tags and TransitiveTagKeys.

Source: IAM User Guide, "Pass session tags in AWS STS".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from helpers.cloud.errors import AwsError

_MOST_TAGS = 50
_LONGEST_KEY, _LONGEST_VALUE = 128, 256
# The model's patterns; Python's regular expressions know no \p.
_PATTERN: Final = {
    "key": r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+",
    "value": r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*",
}


def read_session_tags(params: Mapping[str, Any], inherited: Mapping[str, str]) -> dict[str, str]:
    """The tags a caller passes for the new session, checked.

    `inherited` are the transitive tags of the calling session, which cannot be changed.
    AwsError ValidationError or InvalidParameterValue.
    """
    pairs = params.get("Tags", [])
    tags = {pair["Key"]: pair["Value"] for pair in pairs}
    folded = [pair["Key"].lower() for pair in pairs]
    if len(set(folded)) < len(folded):
        text = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        raise AwsError("InvalidParameterValue", text)
    if len(pairs) > _MOST_TAGS or any(not _fits(key, text) for key, text in tags.items()):
        raise AwsError("ValidationError", "The session tags exceed a limit or use a reserved key.")
    _check_characters(tags)
    _check_transitive(params.get("TransitiveTagKeys", []), folded, inherited)
    return tags


def transitive(params: Mapping[str, Any], tags: Mapping[str, str]) -> dict[str, str]:
    """Those of the new session's tags that its own role sessions will inherit."""
    chosen = {key.lower() for key in params.get("TransitiveTagKeys", [])}
    return {key: text for key, text in tags.items() if key.lower() in chosen}


def override(own: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The tags of a session: those given, and of the user's or role's own all the others.

    A given tag wins over an own one of the same key, whatever the case of its letters.
    """
    hidden = {key.lower() for key in given}
    return {key: text for key, text in own.items() if key.lower() not in hidden} | dict(given)


def _fits(key: str, text: str) -> bool:
    reserved = key.lower().startswith("aws:")
    return 0 < len(key) <= _LONGEST_KEY and len(text) <= _LONGEST_VALUE and not reserved


def _check_characters(tags: Mapping[str, str]) -> None:
    """A tag cannot hold what a policy would read as a wildcard or a variable: neither * nor $."""
    for number, pair in enumerate(tags.items(), 1):
        for member, text in zip(("key", "value"), pair, strict=True):
            if not all(_may_stand_in_a_tag(character) for character in text):
                rule = f"Member must satisfy regular expression pattern: {_PATTERN[member]}"
                place = f"Value '{text}' at 'tags.{number}.member.{member}'"
                fault = f"1 validation error detected: {place} failed to satisfy constraint: {rule}"
                raise AwsError("ValidationError", fault)


def _may_stand_in_a_tag(character: str) -> bool:
    """Letters, separators and numbers of any script, and a few signs (the pattern in words)."""
    return unicodedata.category(character)[0] in "LZN" or character in "_.:/=+-@"


def _check_transitive(
    chosen: Iterable[str], passed: Iterable[str], inherited: Mapping[str, str]
) -> None:
    known = set(passed)
    if not {key.lower() for key in chosen} <= known:
        text = "The specified transitive tag key must be included in the requested tags."
        raise AwsError("InvalidParameterValue", text)
    if known & {key.lower() for key in inherited}:
        text = (
            "One of the specified transitive tag keys can't be set because it conflicts with a "
            "transitive tag key from the calling session."
        )
        raise AwsError("InvalidParameterValue", text)
