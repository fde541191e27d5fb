"""A web site made of routes: under which name it answers, how its pages look."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from helpers.providers.brand import Brand
from helpers.providers.pages import look, secured

# URL, view and methods.
Route = tuple[str, Callable[..., Any], tuple[str, ...]]
_LARGEST_REQUEST = 1_000_000


class AtHost:
    """A site as it is reached under one of its names, over https whatever the way in."""

    def __init__(self, host: str, app: Callable[..., Iterable[bytes]]) -> None:
        self._host = host
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer one request (PEP 3333)."""
        here = {
            "HTTP_HOST": self._host,
            "SERVER_NAME": self._host,
            "SERVER_PORT": "443",
            "wsgi.url_scheme": "https",
        }
        return self._app({**environ, **here}, start_response)


def empty(name: str) -> Flask:
    """A Flask application with the settings that all sites share."""
    app = Flask("helpers.providers", template_folder="templates", static_folder=None)
    # Signs cookies, is never shown, and need not be the same on every run.
    app.secret_key = secrets.token_bytes(32)
    app.config.update(
        SESSION_COOKIE_NAME=f"{name}_session",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
    )
    app.after_request(secured)
    return app


def provider_site(brand: Brand, routes: Iterable[Route]) -> Flask:
    """The site of a provider of this brand. Every rule belongs to one host."""
    app = empty(brand.name.lower().replace(" ", "_"))
    app.url_map.host_matching = True
    app.context_processor(lambda: {"brand": brand, "style": look(brand.colour, brand.ink)})
    app.register_error_handler(HTTPException, _not_served)
    for url, view, methods in routes:
        parts = urlsplit(url)
        name = f"{parts.hostname}{parts.path}".replace(".", "_")
        app.add_url_rule(parts.path, name, view, methods=methods, host=parts.hostname)
    return app


def _not_served(problem: HTTPException) -> Any:
    """A page for people, JSON for programs; never a stack trace."""
    status = problem.code or 500
    if "text/html" in request.headers.get("Accept", ""):
        text = "This address has nothing to show."
        page = render_template("error.html", status=status, error=problem.name, text=text)
        answer = Response(page, status)
    else:
        answer = jsonify(error=problem.name)
        answer.status_code = status
    for name, value in problem.get_headers():
        if name.lower() == "allow":
            answer.headers[name] = value
    return answer
