"""What a provider answers to a user pool, and the pool's words for an answer that is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.cloud.federation.refusals import provider_error, refused
from helpers.cloud.outside import Unreachable
from helpers.cloud.user_pools.directory import Pool
from helpers.cloud.web_identity import answers


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
    try:
        status, said = answers.ask(pool.world, method, url, headers=headers, form=form)
    except Unreachable as error:
        raise refused(f"{provider} Error - cannot reach the {what}: {error}") from error
    if status != 200:
        raise _said_no(provider, what, status, said or {})
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
