"""The learner's web app as a browser sees it: a page that says what came back."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from helpers.providers import pages, site

HOST = "photos.example.com"
_SHOWN = 24
_MOST = 50


class _Look:
    name = "Photos"


def photo_app() -> Any:
    """The WSGI application of https://photos.example.com."""
    app = site.empty("photos")
    style = pages.look("#00674f", "#ffffff")
    app.context_processor(lambda: {"brand": _Look, "style": style})
    both = ["GET", "POST"]
    app.add_url_rule("/", "home", _home, methods=both)
    app.add_url_rule("/callback", "callback", _callback, methods=both)
    app.add_url_rule("/signed-out", "signed_out", _signed_out, methods=both)
    app.register_error_handler(HTTPException, _no_page)
    return site.AtHost(HOST, app.wsgi_app)


def _home() -> Any:
    return _page("Photos", "A small web app. Sign-in pages send their visitors back here.")


def _callback() -> Any:
    if "error" in request.values:
        return _page("Not signed in", "The sign-in ended with an error.")
    if "code" in request.values:
        text = "The app would now send this code to the token endpoint."
        return _page("Back from sign-in", text)
    # The implicit flow answers behind a #, which a browser keeps to itself.
    text = "There is no code and no error in this request. An answer behind a # never gets here."
    return _page("Back from sign-in", text)


def _signed_out() -> Any:
    return _page("Signed out", "The app has forgotten you.")


def _no_page(problem: HTTPException) -> Response:
    answer = _page("No such page", "The app has no such page.", problem.code or 500)
    return answer


def _page(heading: str, text: str, status: int = 200) -> Response:
    came = [(_short(n), _short(v)) for n, v in _given()][:_MOST]
    how = "in a form" if request.method == "POST" else "in the address"
    page = render_template("photos.html", heading=heading, text=text, came=came, how=how)
    return Response(page, status)


def _given() -> list[tuple[str, str]]:
    """What came, nothing for a form that is too large to be read."""
    try:
        return list(request.values.items(multi=True))
    except RequestEntityTooLarge:
        return []


def _short(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
