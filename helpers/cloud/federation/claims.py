"""What a provider says about a user, in the form that a user pool keeps: texts and their lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Claims = dict[str, str | list[str]]


def as_texts(said: Mapping[str, Any]) -> Claims:
    """JSON values as texts: true and false by name, objects as JSON, null left out."""
    texts: Claims = {}
    for name, value in said.items():
        if isinstance(value, list):
            texts[name] = [_text(v) for v in value if v is not None]
        elif value is not None:
            texts[name] = _text(value)
    return texts


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
