"""Facebook and Login with Amazon: access tokens, which only their provider can read.

An access token says nothing about the app it was issued to. So the provider is asked first whose
token it is; otherwise any app could pass its users' tokens on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from helpers.cloud.outside import Unreachable
from helpers.cloud.world import World

from .answers import ask
from .faults import TokenFault

FACEBOOK = "graph.facebook.com"
AMAZON = "www.amazon.com"
_TOKEN_INFO = "https://api.amazon.com/auth/o2/tokeninfo"


@dataclass(frozen=True)
class Social:
    """Whose access token it is: the user's id at the provider, and the app's."""

    user: str
    app: str


def verify_facebook(world: World, access_token: str, *, app_ids: Collection[str] | None) -> Social:
    """The user and the app of a Facebook access token, or TokenFault.

    `app_ids` None takes a token of any app: only where somebody else asks which, as the trust
    policy of a role does. Source: Meta, Graph API reference, "Application" (the node `app` is the
    token's own app) and "User" (`me`).
    """
    app = _text(_graph(world, "app", access_token), "id")
    if app_ids is not None and app not in app_ids:
        raise TokenFault("audience", {"aud": app})
    user = _text(_graph(world, "me", access_token, fields="id"), "id")
    return Social(user, app)


def verify_amazon(world: World, access_token: str, *, app_ids: Collection[str] | None) -> Social:
    """The user and the app of a Login with Amazon access token, or TokenFault.

    An app has two names, its client id (`aud`) and its security profile (`app_id`); either may be
    in `app_ids`. None as for Facebook. Source: Login with Amazon, developer guide for websites,
    "Verify the access token".
    """
    _check_form(access_token)
    asked = urlencode({"access_token": access_token})
    said = _answer(world, f"{_TOKEN_INFO}?{asked}")
    if said.get("iss") != f"https://{AMAZON}":
        raise TokenFault("issuer", said)
    left = said.get("exp")
    if isinstance(left, bool) or not isinstance(left, int) or left <= 0:
        raise TokenFault("expired", said)
    names = [_text(said, "aud"), _text(said, "app_id")]
    ours = names if app_ids is None else [name for name in names if name in app_ids]
    if not ours:
        raise TokenFault("audience", said)
    return Social(_text(said, "user_id"), ours[0])


def _graph(world: World, node: str, access_token: str, **more: str) -> dict[str, Any]:
    _check_form(access_token)
    asked = urlencode({**more, "access_token": access_token})
    return _answer(world, f"https://{FACEBOOK}/{node}?{asked}")


def _check_form(access_token: str) -> None:
    """TokenFault malformed for what cannot be an access token (RFC 6749, appendix A.12)."""
    plain = isinstance(access_token, str) and access_token.isascii() and access_token.isprintable()
    if not plain or not access_token:
        raise TokenFault("malformed")


def _answer(world: World, url: str) -> dict[str, Any]:
    """What the provider says of a token: it answers 400 or 401 to one that is not good."""
    try:
        status, said = ask(world, "GET", url, caller="AWS")
    except Unreachable as error:
        raise TokenFault("unreachable", part=str(error)) from error
    if status in (400, 401):
        raise TokenFault("signature", part="the provider does not know the token")
    if status != 200 or said is None:
        raise TokenFault("unreachable", part=f"the provider answered with status {status}")
    return said


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value:
        raise TokenFault("malformed", part=f"the provider names no {name}")
    return value
