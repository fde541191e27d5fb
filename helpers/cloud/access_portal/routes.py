"""Which function answers which page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from moto.core.request import Request

from helpers.cloud.access_portal import consent_pages, portals, sign_in_pages, start_page
from helpers.cloud.access_portal.visit import PortalVisit, Visit
from helpers.cloud.response import Response
from helpers.cloud.web import PageError, TellApp, problem_page
from helpers.cloud.world import World

_PORTAL: Mapping[str, Mapping[str, Callable[[PortalVisit], Response]]] = {
    "/start": {"GET": start_page.start},
    "/start/signin": {"GET": sign_in_pages.user_name, "POST": sign_in_pages.user_name},
    "/start/password": {"POST": sign_in_pages.password},
    "/start/forgot": {"POST": sign_in_pages.forgot_password},
    "/start/code": {"POST": sign_in_pages.email_code},
    "/start/newpassword": {"POST": sign_in_pages.new_password},
    "/start/signout": {"POST": sign_in_pages.sign_out},
    "/start/device": {"GET": consent_pages.device, "POST": consent_pages.device},
    "/start/authorize": {"GET": consent_pages.consent, "POST": consent_pages.consent},
    "/start/console": {"POST": start_page.console_of_role},
    "/start/credentials": {"POST": start_page.access_keys},
}
_REGIONAL: Mapping[tuple[str, str], Mapping[str, Callable[[Visit, str], Response]]] = {
    ("device.sso", "/"): {"GET": consent_pages.type_code, "POST": consent_pages.type_code},
    ("oidc", "/authorize"): {"GET": consent_pages.authorize},
}
_HOST = re.compile(r"(?P<name>device\.sso|oidc)\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")

Page = Callable[[], Response]


def answer(world: World, request: Request) -> Response:
    """What a page answers; a page that says why, where there is nothing else to show."""
    host = request.host.partition(":")[0].lower()
    regional = _HOST.fullmatch(host)
    if regional:
        plain = Visit(world, request)
        of_host = _REGIONAL.get((regional["name"], request.path), {})
        region = regional["region"]
        return _respond(plain, {m: partial(page, plain, region) for m, page in of_host.items()})
    instance = portals.of_host(world, host)
    if instance is None:
        return problem_page(404, "There is no access portal at this address.")
    visit = PortalVisit(world, request, instance)
    if request.path in ("/", "/start/"):
        return visit.redirect("/start")
    return _respond(
        visit, {m: partial(page, visit) for m, page in _PORTAL.get(request.path, {}).items()}
    )


def _respond(visit: Visit, pages: Mapping[str, Page]) -> Response:
    """The page for the request's method, with the visit's cookies."""
    method = "GET" if visit.request.method == "HEAD" else visit.request.method
    if not pages:
        return visit.finish(visit.problem("There is no such page.", 404))
    if method not in pages:
        allowed = ", ".join(sorted({*pages, "OPTIONS"}))
        return Response(204 if method == "OPTIONS" else 405, {"Allow": allowed}, b"")
    try:
        response = pages[method]()
    except TellApp as refusal:
        response = refusal.response()
    except PageError as refusal:
        response = visit.problem(refusal.error)
    return visit.finish(response)
