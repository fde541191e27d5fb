"""Tokens: issued at sign-in, renewed and revoked."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt
from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools import attributes, groups, identities
from helpers.cloud.user_pools.directory import App, Pool, user_with_sub
from helpers.cloud.user_pools.keys import issuer, signing_keys
from helpers.cloud.user_pools.state import Grant, RefreshToken
from helpers.cloud.world import World

SELF_SERVICE = "aws.cognito.signin.user.admin"
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_DEFAULTS = {"Access": (60, "minutes"), "Id": (60, "minutes"), "Refresh": (30, "days")}
_DEFAULT_UNITS = {"Access": "hours", "Id": "hours", "Refresh": "days"}
_SCOPE_OF_CLAIM = {
    "email": "email",
    "email_verified": "email",
    "phone_number": "phone",
    "phone_number_verified": "phone",
}


# --- how long they live ------------------------------------------------------------------------


def lifetime(settings: Mapping[str, Any], kind: str) -> timedelta:
    """How long a client's tokens live; `kind` is "Access", "Id" or "Refresh"."""
    value = settings.get(f"{kind}TokenValidity")
    if not value:
        value, unit = _DEFAULTS[kind]
    else:
        units = settings.get("TokenValidityUnits") or {}
        unit = units.get(f"{kind}Token") or _DEFAULT_UNITS[kind]
    # A century is longer than any limit, and no number a caller may write overflows it.
    return timedelta(seconds=min(value * _UNITS[unit], 100 * 365 * 86400))


# --- issue -------------------------------------------------------------------------------------


def sign_in(
    app: App,
    user: CognitoIdpUser,
    *,
    scopes: tuple[str, ...] = (SELF_SERVICE,),
    extra_id_claims: Mapping[str, Any] | None = None,
    from_domain: bool = False,
) -> dict[str, Any]:
    """The AuthenticationResult of a user who has proved who he is: all three tokens.

    A sign-in through the API carries the self-service scope alone. The pages of a domain
    (`from_domain`) pass the scopes that were granted and further ID token claims such as `nonce`;
    then there is an ID token only with the scope openid.
    """
    world, now = app.world, app.world.clock.now()
    expires = now + lifetime(app.client.extended_config, "Refresh")
    grant = Grant(
        event_id=world.ids.uuid(),
        origin_jti=world.ids.uuid(),
        sub=user.id,
        client_id=app.client.id,
        auth_time=world.clock.timestamp(),
        ends=max(expires, now + timedelta(days=1)),
        scopes=scopes,
        from_domain=from_domain,
    )
    _remember(app.pool, user, grant)
    result = _access_and_id(app, user, grant, extra_id_claims or {})
    result["RefreshToken"] = _new_refresh_token(app, grant, expires)
    return result


def renew(app: App, refresh_token: str, *, rotate: bool = False) -> dict[str, Any]:
    """The AuthenticationResult for a refresh token: new access and ID tokens.

    With `rotate` and the client's RefreshTokenRotation also a new refresh token, which ends when
    the old one would have. NotAuthorizedException if the token is not good.
    """
    world = app.world
    known = app.pool.state.refresh_tokens.get(_hash(refresh_token))
    if known is None or known.grant.client_id != app.client.id:
        raise AwsError("NotAuthorizedException", "Invalid Refresh Token.")
    user = user_with_sub(app.pool, known.grant.sub)
    if user is None:
        raise AwsError("NotAuthorizedException", "Invalid Refresh Token.")
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    if known.grant.revoked:
        raise AwsError("NotAuthorizedException", "Refresh Token has been revoked")
    if world.clock.now() >= known.expires:
        raise AwsError("NotAuthorizedException", "Refresh Token has expired")
    rotation = app.setting("RefreshTokenRotation") or {}
    _refuse_reuse(world, known, rotation)
    result = _access_and_id(app, user, known.grant, {})
    if rotate and rotation.get("Feature") == "ENABLED":
        known.retired = known.retired or world.clock.now()
        result["RefreshToken"] = _new_refresh_token(app, known.grant, known.expires)
    return result


def refresh_owner(app: App, refresh_token: str) -> CognitoIdpUser | None:
    """The user a refresh token of this client was given to, or None."""
    known = app.pool.state.refresh_tokens.get(_hash(refresh_token))
    if known is None or known.grant.client_id != app.client.id:
        return None
    return user_with_sub(app.pool, known.grant.sub)


def machine_token(app: App, scopes: tuple[str, ...]) -> dict[str, Any]:
    """The access token of the client credentials grant: for the app itself, no user."""
    world, now = app.world, app.world.clock.timestamp()
    life = int(lifetime(app.client.extended_config, "Access").total_seconds())
    claims = {
        "sub": app.client.id,
        "token_use": "access",
        "scope": " ".join(scopes),
        "auth_time": now,
        "iss": issuer(app.pool.id),
        "exp": now + life,
        "iat": now,
        "version": 2,
        "jti": world.ids.uuid(),
        "client_id": app.client.id,
    }
    keys = signing_keys(world, app.pool.id)
    token = _sign(claims, keys.access_key, keys.access_kid)
    return {"AccessToken": token, "ExpiresIn": life, "TokenType": "Bearer"}


def _access_and_id(
    app: App, user: CognitoIdpUser, grant: Grant, extra_id_claims: Mapping[str, Any]
) -> dict[str, Any]:
    keys, settings = signing_keys(app.world, app.pool.id), app.client.extended_config
    now = app.world.clock.timestamp()
    access_life = int(lifetime(settings, "Access").total_seconds())
    id_life = int(lifetime(settings, "Id").total_seconds())
    common = _common_claims(app, user, grant, now)
    access = _access_claims(app, user, grant, {**common, "exp": now + access_life})
    result = {
        "AccessToken": _sign(access, keys.access_key, keys.access_kid),
        "ExpiresIn": access_life,
        "TokenType": "Bearer",
    }
    if not grant.from_domain or "openid" in grant.scopes:
        claims = _id_claims(app, user, grant, {**common, "exp": now + id_life})
        if grant.from_domain:
            claims["at_hash"] = _at_hash(result["AccessToken"])
        result["IdToken"] = _sign({**claims, **extra_id_claims}, keys.id_key, keys.id_kid)
    return result


def _at_hash(access_token: str) -> str:
    """What ties an ID token to its access token (OpenID Connect Core 1.0, section 3.1.3.6)."""
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()


def _common_claims(app: App, user: CognitoIdpUser, grant: Grant, now: int) -> dict[str, Any]:
    claims = {
        "sub": user.id,
        "iss": issuer(app.pool.id),
        "event_id": grant.event_id,
        "auth_time": grant.auth_time,
        "iat": now,
    }
    if revocable(app):
        claims["origin_jti"] = grant.origin_jti
    return claims


def _access_claims(
    app: App, user: CognitoIdpUser, grant: Grant, claims: dict[str, Any]
) -> dict[str, Any]:
    named = groups.claims(user).get("cognito:groups")
    claims |= {"cognito:groups": named} if named else {}
    # Tokens of a domain carry a version; those of the API do not.
    claims |= {"version": 2} if grant.from_domain else {}
    return claims | {
        "token_use": "access",
        "client_id": app.client.id,
        "scope": " ".join(grant.scopes),
        "jti": app.world.ids.uuid(),
        "username": user.username,
    }


def _id_claims(
    app: App, user: CognitoIdpUser, grant: Grant, claims: dict[str, Any]
) -> dict[str, Any]:
    claims |= groups.claims(user)
    claims |= user_claims(app, user, grant.scopes)
    return claims | {
        "token_use": "id",
        "aud": app.client.id,
        "jti": app.world.ids.uuid(),
        "cognito:username": user.username,
    }


def user_claims(app: App, user: CognitoIdpUser, scopes: Collection[str]) -> dict[str, Any]:
    """The user's attributes as claims: those the client may read and the scopes let through.

    `openid` alone, or the self-service scope, lets all through; beside `openid`, `email`, `phone`
    and `profile` each let through their own. Source: developer guide, "Scopes, M2M, and resource
    servers".
    """
    limited = {"email", "phone", "profile"} & set(scopes) and SELF_SERVICE not in scopes
    claims: dict[str, Any] = {}
    for name, value in attributes.readable(app, user).items():
        scope = _SCOPE_OF_CLAIM.get(name, "profile")
        if limited and scope not in scopes and name not in ("sub", "identities"):
            continue
        if name in ("email_verified", "phone_number_verified"):
            claims[name] = value == "true"
        elif name == "address":
            claims[name] = {"formatted": value}
        elif name == "identities":
            claims[name] = identities.claim(app.pool, user)
        else:
            claims[name] = value
    return claims


def _sign(claims: Mapping[str, Any], key: Any, kid: str) -> str:
    # typ=None: Cognito's header is kid and alg, nothing else.
    return jwt.encode(dict(claims), key, algorithm="RS256", headers={"kid": kid, "typ": None})


def _new_refresh_token(app: App, grant: Grant, expires: datetime) -> str:
    token = app.world.ids.token(256)
    app.pool.state.refresh_tokens[_hash(token)] = RefreshToken(grant, expires)
    return token


def _remember(pool: Pool, user: CognitoIdpUser, grant: Grant) -> None:
    own, every, now = pool.account(user).grants, pool.state.grants, pool.world.clock.now()
    while own and next(iter(own.values())).ends < now:
        over = next(iter(own))
        del own[over], every[over]
    own[grant.event_id] = every[grant.event_id] = grant


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _refuse_reuse(world: World, token: RefreshToken, rotation: Mapping[str, Any]) -> None:
    """RefreshTokenReuseException once rotation has replaced a token and its grace is over."""
    if token.retired is None:
        return
    grace = timedelta(seconds=rotation.get("RetryGracePeriodSeconds") or 0)
    if world.clock.now() >= token.retired + grace:
        raise AwsError("RefreshTokenReuseException", "Refresh Token has been reused")


# --- revoke ------------------------------------------------------------------------------------


def revocable(app: App) -> bool:
    """Whether the client has EnableTokenRevocation; AWS's default is yes."""
    return app.setting("EnableTokenRevocation") is not False


def sign_out_everywhere(pool: Pool, user: CognitoIdpUser) -> None:
    """Revoke every token the user holds."""
    for grant in pool.account(user).grants.values():
        grant.revoked = True


def origin_of(app: App, refresh_token: str) -> str:
    """The event id of the sign-in that a refresh token of this pool belongs to."""
    return app.pool.state.refresh_tokens[_hash(refresh_token)].grant.event_id


def revoke_grant(pool: Pool, event_id: str) -> None:
    """Revoke every token of one sign-in, if it is still known."""
    if grant := pool.state.grants.get(event_id):
        grant.revoked = True


def revoke(app: App, refresh_token: str) -> None:
    """RevokeToken: the refresh token and the access tokens of the same sign-in.

    A token nobody knows is no error (RFC 7009, section 2.2).
    """
    if not revocable(app):
        message = "Token revocation is not enabled for this client."
        raise AwsError("UnsupportedOperationException", message)
    if refresh_token.count(".") == 2:
        raise AwsError("UnsupportedTokenTypeException", "Unsupported token type.")
    known = app.pool.state.refresh_tokens.get(_hash(refresh_token))
    if known is None:
        return
    if known.grant.client_id != app.client.id:
        message = "The token was not issued to this client."
        raise AwsError("UnauthorizedException", message)
    known.grant.revoked = True
