"""What is in a token: header, payload and signature of a JSON Web Token, claim by claim."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from .style import (
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    SMALL_SIZE,
    TEXT_SIZE,
    VERMILLION,
    picture,
    shorten,
)

ROW = 0.36
HEAD = 0.5
NAME, VALUE, NOTE = 0.45, 2.55, 6.3  # inches from the left
MOMENTS = ("auth_time", "exp", "iat", "nbf")

# RFC 7519 section 4.1 for the registered claims; "Understanding user pool JSON web tokens (JWTs)"
# in the Amazon Cognito Developer Guide for the others.
NOTES: Mapping[str, str] = {
    "alg": "how the signature was made",
    "amr": "how the login was proven",
    "at_hash": "ties this token to its access token",
    "aud": "the app client it is meant for",
    "auth_time": "when the user signed in",
    "client_id": "the app client that asked for it",
    "cognito:groups": "groups, most important first",
    "cognito:preferred_role": "role of the foremost group",
    "cognito:roles": "roles of all the groups",
    "cognito:username": "the name used to sign in",
    "device_key": "the remembered device",
    "email": "the address, proven or not",
    "email_verified": "did the user prove the address?",
    "event_id": "the sign-in it belongs to",
    "exp": "refused from this moment on",
    "iat": "when it was issued",
    "identities": "the provider that vouched",
    "iss": "who issued it",
    "jti": "the id of this one token",
    "kid": "which public key checks it",
    "nbf": "refused before this moment",
    "nonce": "repeats what the app sent",
    "none": "nothing to check: refuse it",
    "origin_jti": "revoking this id revokes the family",
    "private key": "only its owner could make these",
    "scope": "what the bearer may ask for",
    "shared secret": "whoever knows it could make these",
    "sub": "the user's id, never reused",
    "token_use": "id or access: check it",
    "username": "the name used to sign in",
}
# The same names in a token of an identity pool ("Basic (classic) authflow" in the same guide).
IDENTITY_POOL_ISSUER = "https://cognito-identity.amazonaws.com"
IDENTITY_POOL_NOTES: Mapping[str, str] = {
    **NOTES,
    "aud": "the identity pool",
    f"{IDENTITY_POOL_ISSUER}/identity-pool-arn": "the same pool, by its ARN",
    "sub": "the identity id",
}


def token(jwt_string: str, title: str = "") -> None:
    """Draw the anatomy of a signed token: its three parts, each claim with a note.

    The token is decoded, not verified: nothing here says that it is genuine. Long values are
    shortened in the middle and times are written in UTC. Raises ``ValueError`` for anything that
    is not three base64url parts separated by dots (a refresh token, for one, is not).
    """
    header, payload, signature = _parts(jwt_string)
    rows = len(header) + len(payload) + 1
    height = 3 * HEAD + rows * ROW + 0.25
    with picture(_sentence(header, payload, signature), height, title=title) as axes:
        is_pools = payload.get("iss") == IDENTITY_POOL_ISSUER
        notes = IDENTITY_POOL_NOTES if is_pools else NOTES
        y = _section(axes, "header: how to check it", header, height - 0.1, BLUE)
        y = _section(axes, "payload: the claims", payload, y, PURPLE, notes)
        colour = ORANGE if signature else VERMILLION
        _section(axes, _seal_title(header, signature), _seal(header, signature), y, colour)


def _parts(jwt_string: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    parts = jwt_string.split(".")
    if len(parts) != 3:
        raise ValueError(
            f"a signed token has three parts separated by dots, this text has {len(parts)}"
        )
    return _decode(parts[0], "header"), _decode(parts[1], "payload"), parts[2]


def _decode(part: str, name: str) -> dict[str, Any]:
    try:
        decoded = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"the token's {name} is not base64url-encoded JSON") from error
    if not isinstance(decoded, dict):
        raise ValueError(f"the token's {name} is JSON, but not an object of claims")
    return decoded


def _section(
    axes: Axes,
    name: str,
    claims: Mapping[str, Any],
    top: float,
    colour: str,
    notes: Mapping[str, str] = NOTES,
) -> float:
    """Draw one part of the token below ``top`` and return where the next one begins."""
    bottom = top - HEAD - ROW * len(claims)
    axes.add_patch(Rectangle((0.15, bottom + 0.08), 0.09, top - bottom - 0.16, color=colour))
    axes.text(NAME, top - HEAD / 2, name, size=TEXT_SIZE, weight="bold", va="center")
    for place, (claim, value) in enumerate(claims.items()):
        y = top - HEAD - ROW * (place + 0.4)
        axes.plot([NAME, 9.85], [y - ROW / 2] * 2, color="#DADCE0", linewidth=0.6)
        mono = {"family": "DejaVu Sans Mono", "size": SMALL_SIZE, "va": "center"}
        axes.text(NAME, y, shorten(claim, 22), weight="bold", **mono)
        axes.text(VALUE, y, shorten(_written(claim, value), 38), **mono)
        axes.text(NOTE, y, notes.get(claim, ""), size=SMALL_SIZE, color=GREY, va="center")
    return bottom


def _written(claim: str, value: object) -> str:
    if claim in MOMENTS and isinstance(value, int | float) and not isinstance(value, bool):
        return _utc(value)
    return value if isinstance(value, str) else json.dumps(value)


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _seal_title(header: Mapping[str, Any], signature: str) -> str:
    if not signature:
        return "signature: MISSING, anyone could have written this"
    return f"signature: over both parts above, with {header.get('alg', 'an unnamed algorithm')}"


def _seal(header: Mapping[str, Any], signature: str) -> dict[str, str]:
    """Say what the signature is worth. Its bytes look like any others and are not drawn."""
    if not signature:
        return {"none": "0 bytes"}
    maker = "shared secret" if str(header.get("alg", "")).startswith("HS") else "private key"
    return {maker: f"{len(signature) * 3 // 4} bytes"}


def _sentence(header: Mapping[str, Any], payload: Mapping[str, Any], signature: str) -> str:
    kind = {"id": "An ID token", "access": "An access token"}.get(
        str(payload.get("token_use")), "A token"
    )
    sealed = (
        f"signed with {header.get('alg', 'an unnamed algorithm')}"
        if signature
        else f"without a signature (alg {header.get('alg', 'missing')})"
    )
    lasting = ""
    if isinstance(payload.get("exp"), int) and isinstance(payload.get("iat"), int):
        minutes = (payload["exp"] - payload["iat"]) / 60
        lasting = f", valid for {minutes:g} minutes until {_utc(payload['exp'])}"
    issuer = f" from {payload['iss']}" if "iss" in payload else ""
    return f"{kind}{issuer}, {sealed}{lasting}, with the claims {', '.join(payload)}."
