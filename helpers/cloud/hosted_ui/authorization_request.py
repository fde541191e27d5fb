"""What an app asks of /oauth2/authorize, and whether it may.

Source: developer guide, "Authorize endpoint"; RFC 6749, section 4.1.1; RFC 7636, section 4.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.cloud import pkce
from helpers.cloud.hosted_ui.domain import Domain
from helpers.cloud.user_pools.client_oauth import STANDARD_SCOPES
from helpers.cloud.user_pools.directory import App
from helpers.cloud.user_pools.resource_servers import scopes_of
from helpers.cloud.web import Callback, PageError, TellApp

# What pages hand on to each other, so that the request is still known when the user has signed in.
CARRIED = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "identity_provider",
    "idp_identifier",
    "lang",
    "login_hint",
    "prompt",
)
_FLOW = {"code": "code", "token": "implicit"}
_WITH_OPENID = frozenset({"email", "phone", "profile"})


@dataclass(frozen=True)
class AuthorizationRequest:
    """An app's request, checked. `query` is what the pages carry on."""

    app: App
    callback: Callback
    response_type: str
    scopes: tuple[str, ...]
    nonce: str
    challenge: str
    query: Mapping[str, str]


def read(domain: Domain, query: Mapping[str, str]) -> AuthorizationRequest:
    """The request in a query.

    PageError while the app's address is not known to be its own, TellApp afterwards.
    """
    app = find_app(domain, query.get("client_id", ""))
    redirect_uri = _redirect_uri(app, query)
    response_type = query.get("response_type", "")
    callback = Callback(redirect_uri, query.get("state", ""), response_type == "token")
    if response_type not in _FLOW:
        raise TellApp(callback, "invalid_request")
    if _FLOW[response_type] not in (app.setting("AllowedOAuthFlows") or []):
        raise TellApp(callback, "unauthorized_client")
    return AuthorizationRequest(
        app=app,
        callback=callback,
        response_type=response_type,
        scopes=_scopes(app, callback, query.get("scope", "")),
        nonce=query.get("nonce", ""),
        challenge=_challenge(callback, query),
        query={name: query[name] for name in CARRIED if name in query},
    )


def find_app(domain: Domain, client_id: str) -> App:
    """The app client of this pool that may use the domain. PageError if there is none."""
    if not client_id:
        raise PageError("Required String parameter 'client_id' is not present")
    client = domain.pool.resource.clients.get(client_id)
    if client is None:
        raise PageError(f"User pool client {client_id[:128]} does not exist.", client_id[:128])
    app = App(domain.pool, client)
    if not app.setting("AllowedOAuthFlowsUserPoolClient"):
        raise PageError("Client is not enabled for OAuth2.0 flows.", client_id)
    return app


def _redirect_uri(app: App, query: Mapping[str, str]) -> str:
    """Exactly one of the client's callback URLs (RFC 9700, section 2.1)."""
    given = query.get("redirect_uri", "")
    if not given:
        raise PageError("Required String parameter 'redirect_uri' is not present", app.client.id)
    if given not in (app.setting("CallbackURLs") or []):
        raise PageError("redirect_mismatch", app.client.id)
    return given


def _scopes(app: App, callback: Callback, asked: str) -> tuple[str, ...]:
    """The scopes asked for, all the client's if none was named."""
    known = {*STANDARD_SCOPES} | scopes_of(app.pool)
    # A custom scope that was deleted from its resource server stays in the client's list, inactive.
    allowed = tuple(s for s in app.setting("AllowedOAuthScopes") or () if s in known)
    scopes = tuple(dict.fromkeys(asked.split(" "))) if asked else allowed
    if not scopes or not set(scopes) <= set(allowed):
        raise TellApp(callback, "invalid_scope")
    if _WITH_OPENID & set(scopes) and "openid" not in scopes:
        raise TellApp(callback, "invalid_scope")
    return scopes


def _challenge(callback: Callback, query: Mapping[str, str]) -> str:
    """The PKCE challenge, "" if the app uses none. Only S256 is known."""
    challenge, method = query.get("code_challenge"), query.get("code_challenge_method")
    if challenge is None and method is None:
        return ""
    if not pkce.is_challenge(challenge, method):
        raise TellApp(callback, "invalid_request")
    return challenge or ""
