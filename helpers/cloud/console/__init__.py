"""The way into the AWS Management Console: by SAML, by a custom broker's link; and who is in.

The console itself is one page, which says who has signed in, in which account and until when.
"""

from __future__ import annotations

from collections.abc import Callable

from moto.core.request import Request
from werkzeug.exceptions import RequestEntityTooLarge

from helpers.cloud.console import federation_endpoint, home, saml_door
from helpers.cloud.console.pages import problem
from helpers.cloud.response import Response
from helpers.cloud.web import PageError, Visit
from helpers.cloud.world import World

__all__ = ["answer_console", "answer_sign_in"]

Route = Callable[[Visit], Response]


def answer_sign_in(world: World, request: Request) -> Response:
    """What signin.aws.amazon.com answers, globally and in a region."""
    return _answer(world, request, _sign_in_route(request))


def answer_console(world: World, request: Request) -> Response:
    """What console.aws.amazon.com answers: the same page wherever in the console one looks."""
    route = home.sign_out if request.path == home.SIGN_OUT else home.show
    return _answer(world, request, route)


def _sign_in_route(request: Request) -> Route | None:
    if request.path == "/saml" or request.path.startswith("/saml/acs/"):
        return saml_door.sign_in
    if request.path == "/federation":
        return federation_endpoint.answer
    return home.how_to_sign_in if request.path in ("/", "/signin") else None


def _answer(world: World, request: Request, route: Route | None) -> Response:
    visit = Visit(world, request)
    if route is None:
        return problem(visit, "There is no such page.", 404)
    if request.method not in ("GET", "HEAD", "POST"):
        return problem(visit, "This page is asked for by GET or POST.", 405)
    try:
        response = route(visit)
    except PageError as refusal:
        response = problem(visit, refusal.error)
    except RequestEntityTooLarge:
        response = problem(visit, "The request is too large.", 413)
    return visit.finish(response)
