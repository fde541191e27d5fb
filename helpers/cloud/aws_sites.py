"""AWS's web sites: the pages that people, not programs, ask for on hosts of AWS's own.

A user pool's domain is no such site: its owner gave it its name (`hosted_ui`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from moto.core.request import Request

from helpers.cloud import access_portal, console
from helpers.cloud.console.entrance import CONSOLE_HOST
from helpers.cloud.response import Response
from helpers.cloud.trace import begin_visit, end_visit
from helpers.cloud.web import problem_page
from helpers.cloud.web.pages import aws_style_sheet
from helpers.cloud.world import World

_REGION = r"[a-z]{2}(?:-[a-z]+)+-\d"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Site:
    """Pages of one kind. `hosts` and `paths` are matched as a whole.

    `name` is what the trace calls the site. A host may also answer an API's calls, on other paths.
    """

    name: str
    hosts: re.Pattern[str]
    paths: re.Pattern[str]
    answer: Callable[[World, Request], Response]


_EVERYWHERE = re.compile(r"/.*", re.DOTALL)

_SITES = (
    Site(
        "access-portal",
        re.compile(rf"[a-z0-9-]{{1,63}}\.awsapps\.com|device\.sso\.{_REGION}\.amazonaws\.com"),
        _EVERYWHERE,
        access_portal.answer,
    ),
    Site(
        "access-portal",
        re.compile(rf"oidc\.{_REGION}\.amazonaws\.com"),
        re.compile(r"/authorize"),
        access_portal.answer,
    ),
    Site(
        "access-portal",
        re.compile(rf"{_REGION}\.signin\.aws\.amazon\.com"),
        re.compile(r"/platform/.*"),
        access_portal.answer,
    ),
    Site(
        "signin",
        re.compile(rf"(?:{_REGION}\.)?signin\.aws\.amazon\.com"),
        re.compile(r"/(?!platform/).*", re.DOTALL),
        console.answer_sign_in,
    ),
    Site("access-portal", CONSOLE_HOST, re.compile(r"/singlesignon/.*"), access_portal.answer),
    Site("console", CONSOLE_HOST, _EVERYWHERE, console.answer_console),
)


def knows(host: str) -> bool:
    """Whether pages of AWS's are on a host of this name. A port is not part of the name."""
    return any(site.hosts.fullmatch(_name(host)) for site in _SITES)


def asks_for(request: Request) -> bool:
    """Whether a request is for a page of AWS's, be there such a page or not."""
    return _find(request) is not None or _asks_for_style(request)


def answer(world: World, request: Request) -> Response:
    """What the site answers. Never a traceback, whatever was asked."""
    site = _find(request)
    if _asks_for_style(request):
        return aws_style_sheet()
    if site is None:
        return problem_page(404, "There is no such page.")
    entry = begin_visit(world.trace, world.clock.now(), request, site.name, "browser")
    try:
        response = site.answer(world, request)
    except Exception:
        # A bug of ours must not let anyone in, nor show its inside.
        _log.exception("%s %s failed", request.method, request.path)
        response = problem_page(500, "We encountered an internal error.")
    end_visit(entry, request, response)
    request.close()  # a form may have brought files
    return response


def page_of_program(world: World, request: Request) -> str | None:
    """The page that a program means which was told to find AWS at the served cloud's address.

    AWS's command line opens /authorize of whatever endpoint it was given.
    """
    if request.method != "GET" or request.path != "/authorize":
        return None
    return access_portal.address_for(world, request.args)


def _find(request: Request) -> Site | None:
    host = _name(request.host)
    for site in _SITES:
        if site.hosts.fullmatch(host) and site.paths.fullmatch(request.path):
            return site
    return None


def _asks_for_style(request: Request) -> bool:
    return request.path == "/style.css" and knows(request.host)


def _name(host: str) -> str:
    return host.partition(":")[0].lower()
