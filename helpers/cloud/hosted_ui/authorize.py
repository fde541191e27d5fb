"""/oauth2/authorize: the beginning of every sign-in."""

from __future__ import annotations

from helpers.cloud.hosted_ui import browser_sessions, federated
from helpers.cloud.hosted_ui.authorization_request import AuthorizationRequest, read
from helpers.cloud.hosted_ui.completion import finish
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.user_pools.domains import MANAGED_LOGIN, settings_of
from helpers.cloud.user_pools.identity_providers import (
    OWN_DIRECTORY,
    IdentityProvider,
    providers_of,
    uses_own_directory,
)
from helpers.cloud.web import TellApp


def authorize(visit: Visit) -> Response:
    """GET /oauth2/authorize: to the app if this browser is signed in, else to a sign-in page."""
    asked = read(visit.domain, visit.query)
    provider = federated.wanted(asked)
    prompt = _prompt(visit)
    session = None if "login" in prompt else browser_sessions.current(visit)
    if session is not None and session[1].provider in _accepted(asked, provider):
        return finish(asked, session[0])
    if "none" in prompt:
        raise TellApp(asked.callback, "login_required")
    if provider is not None:
        return federated.depart(visit, asked, provider)
    offered = providers_of(asked.app)
    chosen = asked.query.get("identity_provider") == OWN_DIRECTORY
    if len(offered) == 1 and not uses_own_directory(asked.app) and not chosen:
        # There is nothing to choose, so nothing is asked.
        return federated.depart(visit, asked, offered[0])
    return visit.redirect("/login", asked.query)


def _accepted(asked: AuthorizationRequest, provider: IdentityProvider | None) -> set[str]:
    """By which providers somebody may have signed in before; "" is the pool's own directory.

    The session is the pool's, but each client says which ways of signing in it trusts.
    """
    if provider is not None:
        return {provider.name}
    own = {""} if uses_own_directory(asked.app) else set()
    if asked.query.get("identity_provider") == OWN_DIRECTORY:
        return own
    return own | {p.name for p in providers_of(asked.app)}


def _prompt(visit: Visit) -> list[str]:
    """What the app says about asking again: only managed login heeds it, not the classic pages.

    Source: developer guide, "The redirect and authorization endpoint".
    """
    domain = settings_of(visit.pool)
    if domain is None or domain.managed_login_version != MANAGED_LOGIN:
        return []
    return visit.query.get("prompt", "").split()
