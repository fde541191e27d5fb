"""The device authorization grant: the program shows a code, a browser allows it, the program asks.

Source: IAM Identity Center OIDC API Reference, StartDeviceAuthorization and CreateToken; RFC 8628.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from helpers.cloud.access_portal import portals, sessions
from helpers.cloud.access_portal.clients import DEVICE_CODE, authenticate, find_client
from helpers.cloud.access_portal.refusals import oauth_error
from helpers.cloud.access_portal.state import (
    AccessPortalState,
    Client,
    DeviceAuthorization,
    Grant,
    PortalSession,
)
from helpers.cloud.call import Call
from helpers.cloud.ids import Ids
from helpers.cloud.secret_hashes import forget, hashed
from helpers.cloud.world import World

_LIFE = timedelta(minutes=10)
_INTERVAL = timedelta(seconds=1)
# AWS's own programs ask twice at once before they wait; only who goes on like that is slowed down.
_EARLY_POLLS = 5
# RFC 8628, section 6.1: no vowels, so that no word comes out.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_NOT_LETTERS = re.compile(r"[^A-Z]")


def start_device_authorization(call: Call) -> dict[str, Any]:
    """sso-oidc StartDeviceAuthorization: a code for the program and one for its user."""
    client, world = authenticate(call), call.world
    if DEVICE_CODE not in client.grant_types:
        raise oauth_error("unauthorized_client")
    instance = portals.of_start_url(world, call.params["startUrl"])
    if instance is None or not portals.is_reached(call, instance):
        raise oauth_error("invalid_request", "Invalid start URL provided")
    state, now = world.room(AccessPortalState), world.clock.now()
    forget(state.device_codes, now - _LIFE)
    forget(state.user_codes, now - _LIFE)
    waiting = DeviceAuthorization(
        client=client,
        store_id=instance.identity_store_id,
        user_code=_user_code(world.ids),
        expires=now + _LIFE,
    )
    device_code = world.ids.token(64)
    state.device_codes[hashed(device_code)] = state.user_codes[waiting.user_code] = waiting
    page = f"https://device.sso.{client.region}.amazonaws.com/"
    return {
        "deviceCode": device_code,
        "userCode": waiting.user_code,
        "verificationUri": page,
        "verificationUriComplete": f"{page}?user_code={waiting.user_code}",
        "expiresIn": int(_LIFE.total_seconds()),
        "interval": int(_INTERVAL.total_seconds()),
    }


def redeem(call: Call, client: Client) -> Grant:
    """What a device code is worth now. OAuth errors of RFC 8628, section 3.5.

    Somebody else's code is as unknown as one that never was.
    """
    presented = call.params.get("deviceCode")
    if not presented:
        raise oauth_error("invalid_request")
    world = call.world
    waiting = world.room(AccessPortalState).device_codes.get(hashed(presented))
    if waiting is None or waiting.client is not client or waiting.used:
        raise oauth_error("invalid_grant", "Invalid device code provided")
    if world.clock.now() >= waiting.expires:
        raise oauth_error("expired_token")
    if waiting.denied:
        raise oauth_error("access_denied")
    if waiting.session is None:
        raise _not_yet(world, waiting)
    waiting.used = True
    if sessions.user_of(world, waiting.session) is None:
        raise oauth_error("access_denied")
    return Grant(client.client_id, waiting.session)


def find_waiting(world: World, typed: str, region: str = "") -> DeviceAuthorization | None:
    """The program that waits with this user code; None if none does, or not any more.

    Case and punctuation do not count (RFC 8628, section 6.1). A program whose registration has
    ended waits in vain.
    """
    letters = _NOT_LETTERS.sub("", typed[:64].upper())
    waiting = world.room(AccessPortalState).user_codes.get(f"{letters[:4]}-{letters[4:]}")
    if waiting is None or world.clock.now() >= waiting.expires:
        return None
    if waiting.used or waiting.denied or waiting.session is not None:
        return None
    return waiting if find_client(world, waiting.client.client_id, region) else None


def decide(waiting: DeviceAuthorization, session: PortalSession | None) -> None:
    """Let the program in on somebody's session, or turn it away (None)."""
    waiting.session, waiting.denied = session, session is None


def _not_yet(world: World, waiting: DeviceAuthorization) -> Exception:
    now, before = world.clock.now(), waiting.polled
    waiting.polled = now
    if before is None or now - before >= _INTERVAL:
        return oauth_error("authorization_pending")
    waiting.early += 1
    return oauth_error("slow_down" if waiting.early > _EARLY_POLLS else "authorization_pending")


def _user_code(ids: Ids) -> str:
    """Eight letters as WDJB-MJHT; 20^8 of them leave nothing to guess in ten minutes."""
    letters = [_LETTERS[byte % 20] for byte in ids.bytes(32) if byte < 240][:8]
    if len(letters) < 8:
        return _user_code(ids)
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"
