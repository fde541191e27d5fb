"""The way to an outside provider and back: /oauth2/idpresponse and /saml2/idpresponse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs

from helpers.cloud.federation import oidc, saml, users
from helpers.cloud.federation.profile import FederationError, Profile
from helpers.cloud.hosted_ui import browser_sessions
from helpers.cloud.hosted_ui.authorization_request import AuthorizationRequest, read
from helpers.cloud.hosted_ui.completion import finish
from helpers.cloud.hosted_ui.state import Errand, HostedUiState
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.secret_hashes import forget, hashed
from helpers.cloud.user_pools.identity_providers import (
    OWN_DIRECTORY,
    IdentityProvider,
    provider_named,
    provider_with_identifier,
    providers_of,
)
from helpers.cloud.web import PageError, TellApp, single

OPENID_PATH, SAML_PATH = "/oauth2/idpresponse", "/saml2/idpresponse"
# The cookie that ties an errand to the browser which began it, so that nobody can be made to
# finish a sign-in that somebody else began (login CSRF).
COOKIE = "csrf-state"
_PATIENCE = timedelta(minutes=5)
_UNASKED = "Invalid samlResponse or relayState from identity provider"
_UNKNOWN = "Invalid state: the sign-in is unknown or took too long"

Arrive = Callable[[IdentityProvider], Profile]


def wanted(asked: AuthorizationRequest) -> IdentityProvider | None:
    """The provider that the app named, by its name or by an identifier such as a mail domain.

    TellApp if the client has no such provider.
    """
    name = asked.query.get("identity_provider", "")
    identifier = asked.query.get("idp_identifier", "")
    if name == OWN_DIRECTORY or not (name or identifier):
        return None
    pool = asked.app.pool
    provider = provider_named(pool, name) if name else provider_with_identifier(pool, identifier)
    if provider is None or provider.name not in [p.name for p in providers_of(asked.app)]:
        raise TellApp(asked.callback, "invalid_request", "Identity provider is not available.")
    return provider


def depart(visit: Visit, asked: AuthorizationRequest, provider: IdentityProvider) -> Response:
    """Send the browser to the provider, and remember what it must come back with."""
    world = visit.world
    state, cookie = world.ids.token(32), world.ids.token(32)
    hints = {k: v for k, v in asked.query.items() if k in ("login_hint", "prompt", "lang")}
    way_out, path = (saml, SAML_PATH) if provider.kind == "SAML" else (oidc, OPENID_PATH)
    try:
        leaving = way_out.depart(visit.pool, provider, visit.domain.url(path), state, hints)
    except FederationError as refusal:
        raise TellApp(asked.callback, refusal.code, refusal.description) from refusal
    errands = world.room(HostedUiState).errands
    forget(errands, world.clock.now())
    errands[hashed(state)] = Errand(
        pool_id=visit.pool.id,
        provider=provider.name,
        query=asked.query,
        secrets=leaving.secrets,
        browser=hashed(cookie),
        expires=world.clock.now() + _PATIENCE,
    )
    visit.set_cross_site_cookie(COOKIE, cookie)
    return Response(302, {"Location": leaving.url, "Cache-Control": "no-store"}, b"")


def openid_response(visit: Visit) -> Response:
    """GET or POST /oauth2/idpresponse: an OpenID Connect or OAuth 2.0 provider answers."""
    given = visit.form if visit.request.method == "POST" else visit.query
    errand = _take_errand(visit, given.get("state", ""))
    address = visit.domain.url(OPENID_PATH)

    def arrive(provider: IdentityProvider) -> Profile:
        if provider.kind == "SAML":
            raise FederationError("invalid_request", _UNKNOWN)
        return oidc.arrive(visit.pool, provider, address, given, errand.secrets)

    return _finish(visit, errand, arrive)


def saml_response(visit: Visit) -> Response:
    """POST /saml2/idpresponse: a SAML provider answers, asked or (if it may) unasked."""
    form = visit.request.form
    message, relay_state = form.get("SAMLResponse", ""), form.get("RelayState", "")
    if not message:
        raise PageError("Required String parameter 'SAMLResponse' is not present")
    address = visit.domain.url(SAML_PATH)
    if hashed(relay_state) not in visit.world.room(HostedUiState).errands:
        return _unsolicited(visit, message, relay_state)
    errand = _take_errand(visit, relay_state)

    def arrive(provider: IdentityProvider) -> Profile:
        if provider.kind != "SAML":
            raise FederationError("invalid_request", _UNKNOWN)
        return saml.arrive(visit.pool, provider, address, message, errand.secrets)

    return _finish(visit, errand, arrive)


def _unsolicited(visit: Visit, message: str, relay_state: str) -> Response:
    """An IdP-initiated sign-in: the RelayState says for which app, as a query of authorize would.

    Source: developer guide, "SAML session initiation", "IdP-initiated SAML sign-in".
    """
    try:
        query = single(parse_qs(relay_state, strict_parsing=True, max_num_fields=20).items())
    except ValueError as unreadable:
        raise PageError(_UNASKED) from unreadable
    asked = read(visit.domain, query)
    provider = wanted(asked)
    if provider is None or provider.kind != "SAML":
        raise PageError(_UNASKED)
    address = visit.domain.url(SAML_PATH)
    return _sign_in(
        visit, asked, provider, lambda p: saml.arrive(visit.pool, p, address, message, None)
    )


def _take_errand(visit: Visit, state: str) -> Errand:
    """The errand that a state names: this pool's, this browser's, in time, and only once."""
    errands = visit.world.room(HostedUiState).errands
    errand = errands.get(hashed(state)) if state else None
    if errand is None or errand.pool_id != visit.pool.id:
        raise PageError(_UNKNOWN)
    if errand.browser != hashed(visit.cookie(COOKIE)):
        raise PageError(_UNKNOWN)
    del errands[hashed(state)]
    visit.drop_cookie(COOKIE)
    if visit.world.clock.now() >= errand.expires:
        raise PageError(_UNKNOWN)
    return errand


def _finish(visit: Visit, errand: Errand, arrive: Arrive) -> Response:
    """Go on with the app's request, if it still holds."""
    asked = read(visit.domain, errand.query)
    provider = provider_named(visit.pool, errand.provider)
    if provider is None or provider.name not in [p.name for p in providers_of(asked.app)]:
        raise TellApp(asked.callback, "invalid_request", "Identity provider is not available.")
    return _sign_in(visit, asked, provider, arrive)


def _sign_in(
    visit: Visit, asked: AuthorizationRequest, provider: IdentityProvider, arrive: Arrive
) -> Response:
    """Check the provider's answer, find or make the user, and go back to the app."""
    try:
        profile = arrive(provider)
        user = users.sign_in(asked.app, provider, profile)
    except FederationError as refusal:
        raise TellApp(asked.callback, refusal.code, refusal.description) from refusal
    browser_sessions.start(visit, user, provider.name, profile.session)
    return finish(asked, user)
