"""The console's pages, each with the way to its host's style sheet."""

from __future__ import annotations

from typing import Any

from helpers.cloud import web
from helpers.cloud.response import Response
from helpers.cloud.web import Visit

_HERE = "helpers.cloud.console"


def page(visit: Visit, name: str, status: int = 200, **values: Any) -> Response:
    """A page of this room; it may stand at any depth of its host."""
    root = "../" * (visit.request.path.count("/") - 1)
    return web.page(_HERE, name, status, root=root, **values)


def problem(visit: Visit, reason: str, status: int = 400) -> Response:
    """A page that says why somebody is not signed in, and offers the way out."""
    return page(visit, "not_signed_in.html", status, problem=reason)
