"""Cognito's words for an OpenID Connect or social sign-in that ends.

Source: developer guide, "Managed login and federation error responses". It says that the
descriptions are no fixed texts; those that nobody has published are in the same manner.
"""

from __future__ import annotations

from helpers.cloud.federation.profile import FederationError

_LONGEST = 400


def refused(description: str) -> FederationError:
    """A sign-in that Cognito does not accept."""
    return FederationError("invalid_request", _plain(description))


def bad_id_token(what: str) -> FederationError:
    """An ID token that does not hold; `what` names the part that is wrong."""
    return refused(f"Bad id_token {what}")


def provider_error(provider: str, status: int, error: str, description: str) -> FederationError:
    """An error that the provider itself named: its name, the status, its own words."""
    words = " ".join(part for part in (_plain(error), _plain(description)) if part)
    return FederationError(_code(error), f"{provider} Error - {status} {words}")


def _code(error: str) -> str:
    """The provider's error code if it has the form of one (RFC 6749, appendix A.7)."""
    known = error.isascii() and error.replace("_", "").isalnum() and len(error) <= 64
    return error if known else "invalid_request"


def _plain(text: str) -> str:
    """What may stand in an error_description (RFC 6749, appendix A.8), at a sensible length."""
    kept = [c if " " <= c <= "~" and c not in '"\\' else " " for c in text[:_LONGEST]]
    return " ".join("".join(kept).split())
