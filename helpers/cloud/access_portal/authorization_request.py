"""What a program asks of /authorize, and whether it may.

Source: RFC 6749, section 4.1.1; RFC 7636, section 4.3; RFC 8252. AWS documents the grant, not the
page; the parameters are those that AWS's own programs send (`scopes` in the plural).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.cloud import pkce
from helpers.cloud.access_portal import portals
from helpers.cloud.access_portal.clients import (
    AUTHORIZATION_CODE,
    find_client,
    is_redirect_uri_of,
)
from helpers.cloud.access_portal.state import Client
from helpers.cloud.identity_center import Instance
from helpers.cloud.web import Callback, PageError, TellApp
from helpers.cloud.world import World

# What the pages hand on to each other, so that the request is still known after the sign-in.
CARRIED = frozenset(
    {
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "redirect_uri",
        "response_type",
        "scopes",
        "state",
        "user_code",
    }
)


@dataclass(frozen=True)
class AuthorizationRequest:
    """A program's request, checked. `instance` is the one whose users may let it in."""

    client: Client
    callback: Callback
    challenge: str
    instance: Instance


def read(world: World, query: Mapping[str, str], region: str = "") -> AuthorizationRequest:
    """The request in a query. `region` is that of the address it came to, if that has one.

    PageError while the program's address is not known to be its own, TellApp afterwards.
    """
    client = find_client(world, query.get("client_id", ""), region)
    if client is None:
        raise PageError("invalid_client: there is no such client.")
    redirect_uri = query.get("redirect_uri", "")
    if not is_redirect_uri_of(client, redirect_uri):
        raise PageError("invalid_redirect_uri: the client has not registered this address.")
    callback = Callback(redirect_uri, query.get("state", ""))
    if query.get("response_type") != "code":
        raise TellApp(callback, "unsupported_response_type")
    if AUTHORIZATION_CODE not in client.grant_types:
        raise TellApp(callback, "unauthorized_client")
    challenge = query.get("code_challenge", "")
    if not pkce.is_challenge(challenge, query.get("code_challenge_method")):
        raise TellApp(callback, "invalid_request", "PKCE with S256 is required")
    if not set(query.get("scopes", "").split()) <= set(client.scopes):
        raise TellApp(callback, "invalid_scope")
    instance = portals.of_start_url(world, client.issuer_url)
    if instance is None:
        raise TellApp(callback, "invalid_request", "The issuer is no longer there")
    return AuthorizationRequest(client, callback, challenge, instance)


def address_for(world: World, query: Mapping[str, str]) -> str | None:
    """The page to which a request belongs that came to an address of no region; None if to none.

    A program that was given another endpoint (AWS_ENDPOINT_URL) asks for its page there too.
    """
    client = find_client(world, query.get("client_id", ""))
    return f"https://oidc.{client.region}.amazonaws.com/authorize" if client else None
