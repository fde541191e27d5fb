"""The pages of a domain: made from templates, without scripts, outside assets or inline styles."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from helpers.cloud import web
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.user_pools.directory import App
from helpers.cloud.user_pools.ui_customization import customization

_HERE = "helpers.cloud.hosted_ui"
_NAMES_PROVIDER = ("identity_provider", "idp_identifier")


def page(name: str, status: int = 200, **values: Any) -> Response:
    """A page from the template `name`."""
    return web.page(_HERE, name, status, **values)


def form_page(
    visit: Visit, app: App, name: str, query: Mapping[str, str], **values: Any
) -> Response:
    """A page with a form, in the app's style. A complaint (`problem`) makes its status 400."""
    css, logo, version = customization(app)
    values |= {
        "query": urlencode(query),
        # For links that name a provider themselves.
        "without_provider": urlencode({n: v for n, v in query.items() if n not in _NAMES_PROVIDER}),
        "style": urlencode({"client_id": app.client.id, "version": version}) if css else "",
        "logo": logo_address(logo),
        "app_name": app.setting("ClientName") or "",
    }
    return web.form_page(_HERE, name, visit.csrf_token(), **values)


def logo_address(logo: bytes | None) -> str:
    """The logo as a data: address, so that the page needs nothing else."""
    if not logo:
        return ""
    kind = "png" if logo.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(logo).decode()}"


def style_sheet(visit: Visit) -> Response:
    """GET /style.css: our style, and behind it what SetUICustomization says."""
    ours = web.style_sheet(_HERE, "style.css")
    client = visit.pool.resource.clients.get(visit.query.get("client_id", ""))
    own = customization(App(visit.pool, client))[0] if client is not None else ""
    return replace(ours, body=ours.body + f"\n{own}".encode())


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
