"""Checking tokens: for other services, and for the self-service operations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools.directory import (
    App,
    Pool,
    find_pool,
    is_here,
    issuing_pool_id,
    no_such_client,
    pool_account,
    user_with_sub,
)
from helpers.cloud.user_pools.keys import issuer, signing_keys
from helpers.cloud.user_pools.tokens import SELF_SERVICE
from helpers.cloud.world import World

_NO_SUCH_USER = "User does not exist."
_MESSAGES = {
    "expired": "Access Token has expired",
    "revoked": "Access Token has been revoked",
}


class TokenError(Exception):
    """A token that does not hold. `reason` is one word; see `verify_token`."""

    def __init__(self, reason: str, message: str = "") -> None:
        super().__init__(message or reason)
        self.reason = reason


def verify_token(
    world: World,
    token: str,
    *,
    pool_id: str,
    region: str,
    account: str,
    token_use: str | None,
    client_ids: Collection[str] | None,
    check_revocation: bool,
) -> dict[str, Any]:
    """The claims of a token of this pool, or TokenError.

    Reasons: "malformed", "algorithm", "signature", "expired", "issuer", "token_use", "audience"
    (the token is for a client not in `client_ids`; None accepts every client), and, with
    `check_revocation`, "user" (deleted or disabled) and "revoked".
    """
    pool = find_pool(world, account, region, pool_id)
    if pool is None:
        raise TokenError("issuer", "no such user pool")
    claims = _verified_claims(pool, token)
    if token_use is not None and claims.get("token_use") != token_use:
        raise TokenError("token_use", f"token_use is not {token_use!r}")
    client = claims.get("client_id") if claims.get("token_use") == "access" else claims.get("aud")
    if client_ids is not None and client not in client_ids:
        raise TokenError("audience", "the token was issued to another client")
    if check_revocation:
        _user_in_standing(pool, claims)
    return claims


def _verified_claims(pool: Pool, token: str) -> dict[str, Any]:
    header, unverified = _peek(token)
    if unverified.get("iss") != issuer(pool.id):
        raise TokenError("issuer", "the token was issued by another pool")
    if header.get("alg") != "RS256":
        raise TokenError("algorithm", "only RS256 is accepted")
    keys = signing_keys(pool.world, pool.id)
    key = {keys.id_kid: keys.id_key, keys.access_kid: keys.access_key}.get(header.get("kid", ""))
    if key is None:
        raise TokenError("signature", "signed with a key that is not the pool's")
    try:
        claims = jwt.decode(
            token,
            key.public_key(),
            algorithms=["RS256"],
            options={"verify_aud": False, "verify_iat": False, "require": ["exp", "sub"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise TokenError("expired", "the token has expired") from error
    except jwt.InvalidTokenError as error:
        raise TokenError("signature", "the signature is not true") from error
    expected = keys.id_kid if claims.get("token_use") == "id" else keys.access_kid
    if header["kid"] != expected:
        raise TokenError("signature", "signed with the other key of the pool")
    return claims


def _peek(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims as they stand in the token, not yet believed."""
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise TokenError("malformed", "not a JSON Web Token") from error
    if not isinstance(header.get("kid", ""), str):
        raise TokenError("malformed", "the kid is not a string")
    return header, claims


def _user_in_standing(pool: Pool, claims: Mapping[str, Any]) -> CognitoIdpUser:
    """The user of a true token, if both he and the sign-in behind it still stand."""
    user = user_with_sub(pool, claims["sub"])
    if user is None:
        raise TokenError("user", _NO_SUCH_USER)
    if not user.enabled:
        raise TokenError("user", "User is disabled.")
    grant = pool.state.grants.get(claims.get("event_id", ""))
    if grant is None or grant.revoked:
        raise TokenError("revoked", "the token has been revoked")
    return user


@dataclass(frozen=True)
class Bearer:
    """Who calls with an access token: the app client, its user, and the token's claims."""

    app: App
    user: CognitoIdpUser
    claims: Mapping[str, Any]


def bearer(call: Call) -> Bearer:
    """The user whose AccessToken a self-service operation carries.

    NotAuthorizedException if the token is not a good access token with the self-service scope.
    """
    token = call.params["AccessToken"]
    pool = _pool_that_issued(call, token)
    try:
        claims = _verified_claims(pool, token)
        if claims.get("token_use") != "access":
            raise TokenError("token_use")
        user = _user_in_standing(pool, claims)
    except TokenError as error:
        raise _refusal(error) from error
    if SELF_SERVICE not in claims.get("scope", "").split():
        message = "Access Token does not have required scopes"
        raise AwsError("NotAuthorizedException", message)
    client = pool.resource.clients.get(claims["client_id"])
    if client is None:
        raise no_such_client(claims["client_id"])
    return Bearer(App(pool, client), user, claims)


def _refusal(error: TokenError) -> AwsError:
    if error.reason == "user":
        missing = str(error) == _NO_SUCH_USER
        code = "UserNotFoundException" if missing else "NotAuthorizedException"
        return AwsError(code, str(error))
    message = _MESSAGES.get(error.reason, "Invalid Access Token")
    return AwsError("NotAuthorizedException", message)


def _pool_that_issued(call: Call, token: str) -> Pool:
    """The pool a token says it comes from, if there is one in this region."""
    pool_id = issuing_pool_id(token)
    account, region = pool_account(pool_id), pool_id.split("_", 1)[0]
    pool = find_pool(call.world, account, region, pool_id) if account else None
    if pool is None or not is_here(call, region):
        raise AwsError("NotAuthorizedException", "Invalid Access Token")
    return pool
