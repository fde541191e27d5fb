"""A provider's web site: which address is answered by what, and how its pages look."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from authlib.common.urls import add_params_to_uri
from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from helpers.providers import endpoints, lab_controls, sign_in
from helpers.providers.brand import Brand
from helpers.providers.pages import POST_BACK, look, secured

if TYPE_CHECKING:
    from helpers.providers.provider import Provider

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


def build(provider: Provider) -> Flask:
    """The site of a provider. Every rule belongs to one host."""
    brand = provider.brand
    app = empty(brand.name.lower().replace(" ", "_"))
    app.url_map.host_matching = True
    app.context_processor(lambda: {"brand": brand, "style": look(brand.colour, brand.ink)})
    app.register_error_handler(HTTPException, _not_served)
    for url, view, methods in _routes(provider):
        parts = urlsplit(url)
        name = f"{parts.hostname}{parts.path}".replace(".", "_")
        app.add_url_rule(parts.path, name, view, methods=methods, host=parts.hostname)
    return app


def _routes(provider: Provider) -> Iterable[tuple[str, Any, tuple[str, ...]]]:
    brand = provider.brand
    yield brand.authorize_url, lambda **_: sign_in.authorize(provider), ("GET", "POST")
    yield brand.token_url, lambda **_: endpoints.token(provider), brand.token_methods
    if brand.keys_url:
        yield brand.keys_url, lambda: endpoints.keys(provider), ("GET",)
    if brand.discovery_url:
        yield brand.discovery_url, lambda: endpoints.discovery(provider), ("GET",)
    yield from brand.routes(provider)
    for path, view, methods in lab_controls.routes(provider):
        yield f"https://{brand.host}{path}", view, methods


def deliver(
    brand: Brand, uri: str, params: Mapping[str, Any], asked: Mapping[str, str]
) -> tuple[int, str, list[tuple[str, str]]]:
    """Bring parameters to an app: by redirect, or by a form that the browser posts.

    OAuth 2.0 Form Post Response Mode. Parameters that are None are left out.
    """
    given = {name: value for name, value in params.items() if value is not None}
    if asked.get("response_mode") == "form_post" and "form_post" in brand.response_modes:
        page = render_template("form_post.html", uri=uri, params=given, script=POST_BACK)
        return 200, page, [("Content-Type", "text/html; charset=utf-8")]
    return 302, "", [("Location", add_params_to_uri(uri, list(given.items())))]


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
