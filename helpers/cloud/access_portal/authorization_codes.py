"""The authorization code grant with PKCE: the code that came back to the program's own machine.

Source: IAM Identity Center OIDC API Reference, CreateToken; RFC 6749, section 4.1.3; RFC 7636.
"""

from __future__ import annotations

from datetime import timedelta

from helpers.cloud import pkce
from helpers.cloud.access_portal import sessions
from helpers.cloud.access_portal.refusals import oauth_error
from helpers.cloud.access_portal.state import (
    AccessPortalState,
    AuthorizationCode,
    Client,
    Grant,
    PortalSession,
)
from helpers.cloud.call import Call
from helpers.cloud.secret_hashes import forget, hashed, same
from helpers.cloud.world import World

_LIFE = timedelta(minutes=10)
# A code is known for longer, so that its second use is noticed.
_KEPT = timedelta(hours=8)


def issue(
    world: World, client: Client, redirect_uri: str, challenge: str, session: PortalSession
) -> str:
    """A code for the program that the session's user has just let in."""
    codes, now = world.room(AccessPortalState).codes, world.clock.now()
    forget(codes, now - _KEPT)
    code = world.ids.token(64)
    codes[hashed(code)] = AuthorizationCode(
        client_id=client.client_id,
        redirect_uri=redirect_uri,
        challenge=challenge,
        session=session,
        expires=now + _LIFE,
    )
    return code


def redeem(call: Call, client: Client) -> Grant:
    """What a code is worth. Presented again, it also ends what it was exchanged for.

    RFC 6749, section 4.1.2: two parties hold the code, and one of them has stolen it.
    """
    params, world = call.params, call.world
    if not params.get("code") or not params.get("redirectUri"):
        raise oauth_error("invalid_request")
    kept = world.room(AccessPortalState).codes.get(hashed(params["code"]))
    if kept is None or kept.client_id != client.client_id:
        raise oauth_error("invalid_grant", "Invalid authorization code provided")
    if kept.grant is not None:
        kept.grant.revoked = True
        raise oauth_error("invalid_grant", "Invalid authorization code provided")
    # Whatever is wrong with this attempt, there is no second one.
    kept.grant = Grant(client.client_id, kept.session)
    if world.clock.now() >= kept.expires:
        raise oauth_error("expired_token")
    fits = same(params["redirectUri"], kept.redirect_uri)
    proved = pkce.proves(params.get("codeVerifier"), kept.challenge)
    if not fits or not proved or sessions.user_of(world, kept.session) is None:
        raise oauth_error("invalid_grant", "Invalid authorization code provided")
    return kept.grant
