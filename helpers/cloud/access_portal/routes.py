"""Which function answers which page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from moto.core.request import Request
from werkzeug.exceptions import RequestEntityTooLarge

from helpers.cloud.access_portal import (
    consent_pages,
    external_sign_in,
    identity_source,
    portals,
    settings_page,
    sign_in_pages,
    start_page,
)
from helpers.cloud.access_portal.visit import PortalVisit, Visit
from helpers.cloud.console.entrance import CONSOLE_HOST
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
    "/start/federated": {"GET": external_sign_in.come_back},
    "/start/device": {"GET": consent_pages.device, "POST": consent_pages.device},
    "/start/authorize": {"GET": consent_pages.consent, "POST": consent_pages.consent},
    "/start/console": {"POST": start_page.console_of_role},
    "/start/credentials": {"POST": start_page.access_keys},
}
# With passwords nobody gets in while an external provider vouches for the users.
_OF_OWN_DIRECTORY = frozenset(
    {"/start/signin", "/start/password", "/start/forgot", "/start/code", "/start/newpassword"}
)
_DEVICE = re.compile(r"device\.sso\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")
_OIDC = re.compile(r"oidc\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")
_SIGN_IN = re.compile(r"[a-z0-9-]+\.signin\.aws\.amazon\.com")

Pages = Mapping[str, Callable[[], Response]]
"""What answers which method."""


def answer(world: World, request: Request) -> Response:
    """What a page answers; a page that says why, where there is nothing else to show."""
    host, path = request.host.partition(":")[0].lower(), request.path
    visit = Visit(world, request)
    if named := _DEVICE.fullmatch(host):
        page = partial(consent_pages.type_code, visit, named["region"])
        return _respond(visit, {"GET": page, "POST": page} if path == "/" else {})
    if named := _OIDC.fullmatch(host):
        return _respond(visit, {"GET": partial(consent_pages.authorize, visit, named["region"])})
    if _SIGN_IN.fullmatch(host):
        return _respond(visit, {"POST": partial(external_sign_in.arrive, visit)})
    if CONSOLE_HOST.fullmatch(host):
        page = partial(settings_page.identity_source_page, visit)
        return _respond(visit, {"GET": page, "POST": page} if path == settings_page.PATH else {})
    return _answer_portal(world, request)


def _answer_portal(world: World, request: Request) -> Response:
    instance = portals.of_host(world, request.host)
    if instance is None:
        return problem_page(404, "There is no access portal at this address.")
    visit = PortalVisit(world, request, instance)
    if request.path in ("/", "/start/"):
        return visit.redirect("/start")
    source = identity_source.external_provider(world, visit.store_id)
    if source is not None and request.path in _OF_OWN_DIRECTORY:
        return _respond(visit, {"GET": partial(external_sign_in.depart, visit, source)})
    found = _PORTAL.get(request.path, {})
    return _respond(visit, {method: partial(page, visit) for method, page in found.items()})


def _respond(visit: Visit, pages: Pages) -> Response:
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
    except RequestEntityTooLarge:
        response = visit.problem("The request is too large.", 413)
    return visit.finish(response)
