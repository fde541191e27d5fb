"""Logins of user pools: ID tokens for the app clients that the identity pool accepts.

Source: Amazon Cognito Developer Guide, "Accessing AWS services using an identity pool after
sign-in" and "Getting credentials".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jwt

from helpers.cloud.user_pools import TokenError, verify_token
from helpers.cloud.world import World

from .login import Login
from .login_refusals import UNSUPPORTED, invalid_token, not_authorized, refuse_token
from .pool_providers import user_pool_of
from .state import IdentityPool


def accepted_clients(pool: IdentityPool, provider: str) -> list[Mapping[str, Any]]:
    """The entries of an identity pool for a user pool, one for each app client."""
    entries = pool.settings.get("CognitoIdentityProviders", [])
    return [one for one in entries if one["ProviderName"] == provider]


def verify_user_pool_login(world: World, pool: IdentityPool, provider: str, token: str) -> Login:
    """The login that an ID token proves. AwsError NotAuthorizedException."""
    claims = unverified(token)
    if claims.get("iss") != f"https://{provider}":
        invalid_token("issuer")
    accepted = accepted_clients(pool, provider)
    user_pool = user_pool_of(provider)
    if not accepted or user_pool is None:
        not_authorized(UNSUPPORTED)
    region, pool_id = user_pool
    try:
        verified = verify_token(
            world,
            token,
            pool_id=pool_id,
            region=region,
            account=pool.account,
            token_use="id",
            client_ids=[one["ClientId"] for one in accepted],
            check_revocation=_is_checked(accepted, claims),
        )
    except TokenError as untrue:
        # The issuer is the one named: if there is none, its pool is gone, and the keys with it.
        refuse_token(world, "keys" if untrue.reason == "issuer" else untrue.reason, claims)
    sub = verified["sub"]
    return Login(provider, sub, f"{provider}:CognitoSignIn:{sub}", verified)


def unverified(token: str) -> dict[str, Any]:
    """What a token claims, believed only for choosing what to say about it."""
    try:
        return jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        invalid_token("malformed")


def _is_checked(accepted: Sequence[Mapping[str, Any]], claims: Mapping[str, Any]) -> bool:
    """Whether the app client the token is for asks for ServerSideTokenCheck."""
    mine = (one for one in accepted if one["ClientId"] == claims.get("aud"))
    return any(one.get("ServerSideTokenCheck", False) for one in mine)
