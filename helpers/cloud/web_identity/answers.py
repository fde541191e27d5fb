"""What an outside party answers to the cloud itself: JSON of a sensible size, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from helpers.cloud.world import World

# Token answers, profiles and key sets are a few kilobytes.
_LARGEST = 200_000


def ask(
    world: World,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    caller: str = "Cognito",
) -> tuple[int, dict[str, Any] | None]:
    """The status, and the JSON object that was answered; None for any other body.

    Unreachable if the host does not answer at all.
    """
    sent = {"Accept": "application/json", **(headers or {})}
    answer = world.outside.fetch(method, url, headers=sent, form=form, caller=caller)
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return answer.status, _object(answer.body) if kind.endswith(("/json", "+json")) else None


def _object(body: bytes) -> dict[str, Any] | None:
    """A JSON object of real characters and finite numbers, None for anything else."""
    if len(body) > _LARGEST:
        return None
    try:
        said = json.loads(body, parse_constant=_no_number)
        # A lone surrogate can be written in JSON, but is no character.
        json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not JSON")
