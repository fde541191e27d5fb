"""What a claim says, as texts: rules compare them, and principal tags are made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def claim_values(claims: Mapping[str, Any], name: str) -> list[str]:
    """The values of a claim as texts, none if the claim is missing or holds something else.

    JSON's true is "true", its 7 is "7". A list has several values, an object has none.
    """
    value = claims.get(name)
    values = value if isinstance(value, list | tuple) else [value]
    return [text for text in map(_text, values) if text is not None]


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None
