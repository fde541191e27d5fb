"""A user pool domain: the pages that people see, and the OAuth 2.0 endpoints that apps call.

Source: Amazon Cognito Developer Guide, "User pool endpoints and managed login reference".
"""

from __future__ import annotations

import logging

from moto.core.request import Request
from werkzeug.exceptions import RequestEntityTooLarge

from helpers.cloud.hosted_ui import pages
from helpers.cloud.hosted_ui.domain import Domain, asks_for, find, host_of_prefix, is_domain
from helpers.cloud.hosted_ui.routes import find_route
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.trace import begin_visit, end_visit
from helpers.cloud.web import PageError, TellApp
from helpers.cloud.world import World

__all__ = ["answer", "asks_for", "host_of_prefix", "is_domain"]

_log = logging.getLogger(__name__)


def answer(world: World, request: Request) -> Response:
    """What a user pool domain answers. Never a traceback, whatever was asked."""
    domain = find(world, request)
    caller = "app" if request.path.startswith(_FOR_APPS) else "browser"
    entry = begin_visit(world.trace, world.clock.now(), request, "hosted-ui", caller)
    try:
        response = pages.no_such_domain() if domain is None else _answer(domain, request)
    except Exception:
        # A bug of ours must not let anyone in, nor show its inside.
        _log.exception("%s %s failed", request.method, request.path)
        response = pages.internal_error()
    end_visit(entry, request, response)
    return response


_FOR_APPS = ("/oauth2/token", "/oauth2/userInfo", "/oauth2/revoke")


def _answer(domain: Domain, request: Request) -> Response:
    route = find_route(request)
    if isinstance(route, Response):
        return route
    visit = Visit(domain, request)
    try:
        response = route(visit)
    except TellApp as refusal:
        response = refusal.response()
    except PageError as refusal:
        response = visit.redirect_to_error(refusal)
    except RequestEntityTooLarge:
        response = visit.redirect_to_error(PageError("invalid_request"))
    return visit.finish(response)
