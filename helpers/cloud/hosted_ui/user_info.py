"""/oauth2/userInfo: the user's attributes for an access token with the scope openid.

Source: developer guide, "userInfo endpoint"; OpenID Connect Core 1.0, section 5.3.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.hosted_ui.refusals import json_response
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.user_pools import TokenError, verify_token
from helpers.cloud.user_pools.directory import App, user_with_sub
from helpers.cloud.user_pools.tokens import user_claims

_BAD_REQUEST = "Bad OAuth2 request at UserInfo Endpoint"
_BAD_TOKEN = "Access token is expired, disabled, or deleted, or the user has globally signed out."
_NO_OPENID = "Access token does not contain openid scope"


def user_info(visit: Visit) -> Response:
    """GET or POST /oauth2/userInfo."""
    scheme, _, token = visit.request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return _refuse(400, "invalid_request", _BAD_REQUEST)
    try:
        claims = verify_token(
            visit.world,
            token.strip(),
            pool_id=visit.pool.id,
            region=visit.domain.region,
            account=visit.pool.resource.account_id,
            token_use="access",
            client_ids=None,
            check_revocation=True,
        )
    except TokenError:
        return _refuse(401, "invalid_token", _BAD_TOKEN)
    scopes = str(claims.get("scope", "")).split()
    if "openid" not in scopes:
        return _refuse(401, "invalid_token", _NO_OPENID)
    return json_response(200, _attributes(visit, claims, scopes))


def _attributes(visit: Visit, claims: dict[str, Any], scopes: list[str]) -> dict[str, Any]:
    """The claims as this endpoint writes them: truth values as text, and the username."""
    user = user_with_sub(visit.pool, claims["sub"])
    client = visit.pool.resource.clients.get(claims["client_id"])
    if user is None or client is None:
        return {"sub": claims["sub"]}
    shown = user_claims(App(visit.pool, client), user, scopes)
    texts = {k: str(v).lower() if isinstance(v, bool) else v for k, v in shown.items()}
    if "identities" in texts:
        texts["identities"] = user.attribute_lookup["identities"]  # JSON in a text, as in GetUser
    return {"sub": user.id, **texts, "username": user.username}


def _refuse(status: int, error: str, description: str) -> Response:
    header = f'Bearer error="{error}", error_description="{description}"'
    body = {"error": error, "error_description": description}
    return json_response(status, body, {"WWW-Authenticate": header})
