"""CreateToken: what a program gets once somebody let it in, and how long that lasts.

Source: IAM Identity Center OIDC API Reference, CreateToken; AWS CLI User Guide, "Configuring IAM
Identity Center authentication": a token is good for an hour and refreshed until the session ends;
without the scope sso:account:access it lasts as long as the session and is never refreshed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from helpers.cloud.access_portal import authorization_codes, device_authorization, sessions
from helpers.cloud.access_portal.clients import (
    ACCOUNT_ACCESS,
    AUTHORIZATION_CODE,
    DEVICE_CODE,
    REFRESH_TOKEN,
    authenticate,
)
from helpers.cloud.access_portal.refusals import oauth_error, unauthorized
from helpers.cloud.access_portal.state import (
    AccessPortalState,
    AccessToken,
    Client,
    Grant,
    RefreshToken,
)
from helpers.cloud.call import Call
from helpers.cloud.identity_store import StoreUser
from helpers.cloud.secret_hashes import forget, hashed
from helpers.cloud.world import World

_ACCESS_LIFE = timedelta(hours=1)


def create_token(call: Call) -> dict[str, Any]:
    """sso-oidc CreateToken: a code that somebody allowed, or a refresh token, for tokens."""
    client, grant_type = authenticate(call), call.params["grantType"]
    redeem = _REDEEM.get(grant_type)
    if redeem is None:
        raise oauth_error("unsupported_grant_type")
    if grant_type not in client.grant_types:
        raise oauth_error("unauthorized_client")
    return _issue(call.world, client, redeem(call, client))


def user_of_token(world: World, token: str) -> tuple[Grant, StoreUser]:
    """Whose access token it is. AwsError UnauthorizedException unless it is good."""
    kept = world.room(AccessPortalState).access_tokens.get(hashed(token))
    if kept is None or kept.grant.revoked or world.clock.now() >= kept.expires:
        raise unauthorized()
    user = sessions.user_of(world, kept.grant.session)
    if user is None:
        raise unauthorized()
    return kept.grant, user


def _from_refresh_token(call: Call, client: Client) -> Grant:
    """The refresh token grant. A token serves once; its second use ends the grant.

    RFC 9700, section 4.14.2: two parties hold the token, and one of them has stolen it.
    """
    presented = call.params.get("refreshToken")
    if not presented:
        raise oauth_error("invalid_request")
    kept = call.world.room(AccessPortalState).refresh_tokens.get(hashed(presented))
    if kept is None or kept.grant.client_id != client.client_id:
        raise oauth_error("invalid_grant", "Invalid refresh token provided")
    if kept.used:
        kept.grant.revoked = True
    ended = sessions.user_of(call.world, kept.grant.session) is None
    if kept.grant.revoked or ended:
        raise oauth_error("invalid_grant", "Invalid refresh token provided")
    kept.used = True
    return kept.grant


_REDEEM: Mapping[str, Callable[[Call, Client], Grant]] = {
    AUTHORIZATION_CODE: authorization_codes.redeem,
    DEVICE_CODE: device_authorization.redeem,
    REFRESH_TOKEN: _from_refresh_token,
}


def _issue(world: World, client: Client, grant: Grant) -> dict[str, Any]:
    """Tokens of a grant. None outlives the session."""
    state, now, ends = world.room(AccessPortalState), world.clock.now(), grant.session.expires
    refreshed = REFRESH_TOKEN in client.grant_types and ACCOUNT_ACCESS in client.scopes
    expires = min(now + _ACCESS_LIFE, ends) if refreshed else ends
    forget(state.access_tokens, now)
    access = world.ids.token(96)
    state.access_tokens[hashed(access)] = AccessToken(grant, expires)
    answer = {
        "accessToken": access,
        "tokenType": "Bearer",
        "expiresIn": int((expires - now).total_seconds()),
    }
    if refreshed:
        forget(state.refresh_tokens, now)
        answer["refreshToken"] = refresh = world.ids.token(96)
        state.refresh_tokens[hashed(refresh)] = RefreshToken(grant, ends)
    return answer
