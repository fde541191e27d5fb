"""The pages of a domain: made from templates, without scripts, outside assets or inline styles."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, select_autoescape

from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.user_pools.directory import App
from helpers.cloud.user_pools.ui_customization import customization

# Only a page of this machine may put one of ours into a frame, as a notebook does. AWS's pages
# stand in no frame at all.
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
        "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


_NAMES_PROVIDER = ("identity_provider", "idp_identifier")


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("helpers.cloud.hosted_ui", "templates"),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(name: str, status: int = 200, **values: Any) -> Response:
    """A page from the template `name`."""
    text = _templates().get_template(name).render(**values)
    return Response(status, dict(_HEADERS), text.encode())


def form_page(
    visit: Visit, app: App, name: str, query: Mapping[str, str], **values: Any
) -> Response:
    """A page with a form, in the app's style. A complaint (`problem`) makes its status 400."""
    css, logo, version = customization(app)
    values |= {
        "csrf": visit.csrf_token(),
        "query": urlencode(query),
        # For links that name a provider themselves.
        "without_provider": urlencode({n: v for n, v in query.items() if n not in _NAMES_PROVIDER}),
        "style": urlencode({"client_id": app.client.id, "version": version}) if css else "",
        "logo": logo_address(logo),
        "app_name": app.setting("ClientName") or "",
    }
    return page(name, 400 if values.get("problem") else 200, **values)


def logo_address(logo: bytes | None) -> str:
    """The logo as a data: address, so that the page needs nothing else."""
    if not logo:
        return ""
    kind = "png" if logo.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(logo).decode()}"


def style_sheet(visit: Visit) -> Response:
    """GET /style.css: our style, and behind it what SetUICustomization says."""
    css = resources.files("helpers.cloud.hosted_ui").joinpath("templates/style.css").read_text()
    client = visit.pool.resource.clients.get(visit.query.get("client_id", ""))
    own = customization(App(visit.pool, client))[0] if client is not None else ""
    headers = {**_HEADERS, "Content-Type": "text/css; charset=utf-8"}
    return Response(200, headers, f"{css}\n{own}".encode())


_EXPLAINED = {
    "redirect_mismatch": "The address to return to is not one that the app has registered.",
    "invalid_request": "The request is not valid.",
}


def error(visit: Visit) -> Response:
    """GET /error: why the browser was not sent on to the app."""
    reason = visit.query.get("error", "")[:256]
    return page("error.html", 400, reason=reason, explained=_EXPLAINED.get(reason, ""))


def no_such_domain() -> Response:
    """The answer where no user pool has the domain."""
    reason = "Login pages unavailable. Please contact an administrator."
    return page("error.html", 404, reason=reason, explained="")


def not_found() -> Response:
    """The answer for a path that a domain does not have."""
    return page("error.html", 404, reason="There is no such page.", explained="")


def internal_error() -> Response:
    """The answer to a mistake of ours."""
    return page("error.html", 500, reason="server_error", explained="")
