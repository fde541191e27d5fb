"""/logout, and the way back from a single logout at a SAML provider.

Source: developer guide, "Logout endpoint" and "Signing out SAML users with single sign-out".
"""

from __future__ import annotations

from datetime import timedelta

from helpers.cloud.federation import saml
from helpers.cloud.federation.profile import FederationError
from helpers.cloud.hosted_ui import browser_sessions
from helpers.cloud.hosted_ui.authorization_request import find_app, read
from helpers.cloud.hosted_ui.state import BrowserSession, Errand, HostedUiState
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.secret_hashes import hashed
from helpers.cloud.user_pools.identity_providers import provider_named
from helpers.cloud.web import PageError

_PATH = "/saml2/logout"
_COOKIE = "csrf-logout"
_PATIENCE = timedelta(minutes=5)


def logout(visit: Visit) -> Response:
    """GET /logout: end this browser's session, then on to logout_uri or to a new sign-in."""
    query = visit.query
    app = find_app(visit.domain, query.get("client_id", ""))
    logout_uri = query.get("logout_uri", "")
    if logout_uri:
        if logout_uri not in (app.setting("LogoutURLs") or []):
            raise PageError("redirect_mismatch", app.client.id)
        onward = Response(302, {"Location": logout_uri, "Cache-Control": "no-store"}, b"")
    elif "redirect_uri" in query:
        asked = read(visit.domain, query)
        onward = visit.redirect("/login", asked.query)
    else:
        raise PageError("Required String parameters 'logout_uri' is not present", app.client.id)
    ended = browser_sessions.end(visit)
    if ended is None or not ended.provider:
        return onward
    return _at_provider_too(visit, ended, onward) or onward


def _at_provider_too(visit: Visit, ended: BrowserSession, onward: Response) -> Response | None:
    """The way round by the SAML provider, if it wants to hear of sign-outs."""
    provider = provider_named(visit.pool, ended.provider)
    if provider is None or provider.kind != "SAML" or not ended.provider_session:
        return None
    state, cookie = visit.world.ids.token(32), visit.world.ids.token(32)
    back = visit.domain.url(_PATH)
    try:
        leaving = saml.sign_out(visit.pool, provider, back, ended.provider_session, state)
    except FederationError:
        # A provider that cannot be told keeps nobody signed in here.
        return None
    if leaving is None:
        return None
    visit.world.room(HostedUiState).errands[hashed(state)] = Errand(
        pool_id=visit.pool.id,
        provider=provider.name,
        query={"onward": onward.headers["Location"]},
        secrets=leaving.secrets,
        browser=hashed(cookie),
        expires=visit.world.clock.now() + _PATIENCE,
    )
    visit.set_cross_site_cookie(_COOKIE, cookie)
    return Response(302, {"Location": leaving.url, "Cache-Control": "no-store"}, b"")


def saml_logout(visit: Visit) -> Response:
    """GET or POST /saml2/logout: the provider says that its session has ended too."""
    posted = visit.request.method == "POST"
    given = dict((visit.request.form if posted else visit.request.args).items())
    errands = visit.world.room(HostedUiState).errands
    errand = errands.get(hashed(given.get("RelayState", "")))
    if errand is None or errand.pool_id != visit.pool.id or "onward" not in errand.query:
        raise PageError("Invalid relayState from identity provider")
    if errand.browser != hashed(visit.cookie(_COOKIE)):
        raise PageError("Invalid relayState from identity provider")
    del errands[hashed(given["RelayState"])]
    visit.drop_cookie(_COOKIE)
    provider = provider_named(visit.pool, errand.provider)
    if provider is None or visit.world.clock.now() >= errand.expires:
        raise PageError("Invalid relayState from identity provider")
    try:
        saml.signed_out(visit.pool, provider, given)
    except FederationError as refusal:
        raise PageError(refusal.description) from refusal
    return Response(302, {"Location": errand.query["onward"], "Cache-Control": "no-store"}, b"")
