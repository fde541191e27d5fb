"""Cookies, pages and headers that all of the directory's pages share."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Response, make_response, render_template, request

from helpers.providers.pages import look
from helpers.providers.saml.state import Session, State

TEMPLATES = Path(__file__).parent / "templates"
_SESSION = "directory_session"
_BROWSER = "directory_browser"


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page made from a template. Everything in it is escaped."""
    return make_response(render_template(template, style=style(), **values), status)


def error_page(message: str, status: int = 400) -> Response:
    """A page that says what is wrong, for somebody who cannot be sent on."""
    return page("error.html", status, message=message)


def sent_to(url: str, fields: Mapping[str, str | None]) -> Response:
    """A page that posts `fields` to an absolute URL, by itself or with a button."""
    shown = {name: value for name, value in fields.items() if value is not None}
    return page("post.html", url=url, fields=shown)


def posted(document: bytes, url: str, kind: str, relay_state: str | None) -> Response:
    """The HTTP-POST binding: a message and its RelayState on their way to `url`."""
    message = base64.b64encode(document).decode()
    return sent_to(url, {kind: message, "RelayState": relay_state})


def current_session(state: State) -> Session | None:
    """The session of the browser that asks."""
    return state.session(request.cookies.get(_SESSION, ""))


def browser_id(state: State) -> str:
    """What tells this browser from others before anybody has signed in."""
    return request.cookies.get(_BROWSER) or state.secret()


def known_browser() -> str:
    """The value of `browser_id` that was left in this browser, or empty."""
    return request.cookies.get(_BROWSER, "")


def remember_browser(response: Response, value: str) -> Response:
    """Leave the value of `browser_id` in the browser."""
    _set(response, _BROWSER, value)
    return response


def remember_session(response: Response, session: Session) -> Response:
    """Leave a session in the browser until it is closed."""
    _set(response, _SESSION, session.id)
    return response


def forget_session(response: Response) -> Response:
    """Take the session out of the browser."""
    response.delete_cookie(_SESSION, path="/", httponly=True, samesite="Lax")
    return response


def content_security_policy() -> str:
    """No script but the one that sends a form on; no style but ours; frames on this machine."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash((TEMPLATES / 'submit.js').read_text('utf-8').rstrip())}",
            f"style-src {_hash(style())}",
            "base-uri 'none'",
            "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*",
        )
    )


def style() -> str:
    """The style sheet of all outside sites, in the company's colour, with a list of apps."""
    return f"{look('#3d3a5c', '#fff')}{(TEMPLATES / 'style.css').read_text('utf-8')}".rstrip()


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _set(response: Response, name: str, value: str) -> None:
    secure = request.is_secure
    response.set_cookie(name, value, path="/", httponly=True, samesite="Lax", secure=secure)
