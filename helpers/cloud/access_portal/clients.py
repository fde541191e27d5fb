"""Programs that register themselves: RegisterClient, and the proof of being the one that did.

Source: IAM Identity Center OIDC API Reference, RegisterClient; RFC 7591; RFC 8252, section 7.3.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from helpers.cloud.access_portal.refusals import oauth_error
from helpers.cloud.access_portal.state import AccessPortalState, Client
from helpers.cloud.call import Call
from helpers.cloud.secret_hashes import forget, hashed, same
from helpers.cloud.world import World

AUTHORIZATION_CODE = "authorization_code"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
REFRESH_TOKEN = "refresh_token"
ACCOUNT_ACCESS = "sso:account:access"

_GRANT_TYPES = (AUTHORIZATION_CODE, DEVICE_CODE, REFRESH_TOKEN)
_LIFE = timedelta(days=90)
_LONGEST = 2048  # characters of a name or an address
_LOOPBACK = ("127.0.0.1", "::1")


def register_client(call: Call) -> dict[str, Any]:
    """sso-oidc RegisterClient: a program gets an id and a secret, without being anybody yet."""
    params, now = call.params, call.world.clock.now()
    name = params["clientName"]
    if params["clientType"] != "public" or not 0 < len(name) <= _LONGEST:
        raise oauth_error("invalid_client_metadata")
    if params.get("entitledApplicationArn"):
        # Applications other than the access portal are not offered: nothing vouches for them.
        raise oauth_error("invalid_request", "entitledApplicationArn is not offered")
    client_id, secret = call.world.ids.token(22), call.world.ids.token(64)
    clients = call.world.room(AccessPortalState).clients
    forget(clients, now)
    clients[client_id] = client = Client(
        client_id=client_id,
        secret_hash=hashed(secret),
        name=name,
        region=call.region,
        grant_types=_grant_types(params),
        redirect_uris=_redirect_uris(params),
        scopes=_scopes(params),
        issuer_url=params.get("issuerUrl", ""),
        expires=now + _LIFE,
    )
    return {
        "clientId": client_id,
        "clientSecret": secret,
        "clientIdIssuedAt": int(now.timestamp()),
        "clientSecretExpiresAt": int(client.expires.timestamp()),
    }


def authenticate(call: Call) -> Client:
    """The client that calls, by its id and secret. OAuth error invalid_client."""
    client = find_client(call.world, call.params["clientId"], call.region)
    known = client.secret_hash if client else hashed("")
    if not same(hashed(call.params["clientSecret"]), known) or client is None:
        raise oauth_error("invalid_client", "Invalid client provided")
    return client


def find_client(world: World, client_id: str, region: str = "") -> Client | None:
    """A registered client whose registration has not ended. Each is of one region."""
    client = world.room(AccessPortalState).clients.get(client_id)
    if client is None or world.clock.now() >= client.expires:
        return None
    return client if region in ("", client.region) else None


def is_redirect_uri_of(client: Client, uri: str) -> bool:
    """Whether an address is one of the client's: to the letter, but for the port.

    A program on somebody's machine takes the port that is free (RFC 8252, section 7.3).
    """
    bare = _without_port(uri)
    return bare is not None and any(bare == _without_port(own) for own in client.redirect_uris)


def _grant_types(params: dict[str, Any]) -> tuple[str, ...]:
    """What the client may do. Without the parameter: what clients did before there was one."""
    asked = params.get("grantTypes")
    if asked is None:
        return (DEVICE_CODE, REFRESH_TOKEN)
    if not asked or not set(asked) <= set(_GRANT_TYPES):
        raise oauth_error("unsupported_grant_type")
    if AUTHORIZATION_CODE in asked and not params.get("redirectUris"):
        raise oauth_error("invalid_request", "redirectUris is required")
    if AUTHORIZATION_CODE in asked and not params.get("issuerUrl"):
        raise oauth_error("invalid_request", "issuerUrl is required")
    return tuple(asked)


def _redirect_uris(params: dict[str, Any]) -> tuple[str, ...]:
    """Addresses on the program's own machine: nobody else may get the code."""
    uris = tuple(params.get("redirectUris") or ())
    if any(_without_port(uri) is None for uri in uris):
        raise oauth_error("invalid_redirect_uri")
    return uris


def _scopes(params: dict[str, Any]) -> tuple[str, ...]:
    scopes = tuple(params.get("scopes") or ())
    if not set(scopes) <= {ACCOUNT_ACCESS}:
        raise oauth_error("invalid_scope")
    return scopes


_PLAIN = re.compile(r"[!-~]+")


def _without_port(uri: str) -> tuple[str, str, str] | None:
    """Host, path and query of a loopback address, None for any other address."""
    if len(uri) > _LONGEST or not _PLAIN.fullmatch(uri) or "\\" in uri or "#" in uri:
        return None
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme != "http" or host not in _LOOPBACK or "@" in parts.netloc:
        return None
    return host, parts.path, parts.query
