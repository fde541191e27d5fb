"""What an outside provider answers to the cloud itself: JSON of a sensible size, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from helpers.cloud.federation.refusals import provider_error, refused
from helpers.cloud.outside import Unreachable
from helpers.cloud.user_pools.directory import Pool

# Token answers, profiles and key sets are a few kilobytes.
_LARGEST = 200_000


def ask(
    pool: Pool,
    provider: str,
    what: str,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The JSON object that a provider's endpoint answers with.

    `what` names the endpoint for the learner. FederationError if the host cannot be reached,
    says no, or answers with anything but a JSON object.
    """
    sent = {"Accept": "application/json", **(headers or {})}
    try:
        answer = pool.world.outside.fetch(method, url, headers=sent, form=form)
    except Unreachable as error:
        raise refused(f"{provider} Error - cannot reach the {what}: {error}") from error
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    said = _object(answer.body) if kind.endswith(("/json", "+json")) else None
    if answer.status != 200:
        raise _said_no(provider, what, answer.status, said or {})
    if said is None:
        raise refused(f"{provider} Error - unable to parse the response of the {what}")
    return said


def _said_no(provider: str, what: str, status: int, said: Mapping[str, Any]) -> Exception:
    """An OAuth error, or Facebook's own form of one."""
    error, text = said.get("error"), said.get("error_description", "")
    if isinstance(error, Mapping):
        error, text = "invalid_request", error.get("message", "")
    if not isinstance(error, str):
        return refused(f"{provider} Error - {status} error from the {what}")
    return provider_error(provider, status, error, text if isinstance(text, str) else "")


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
