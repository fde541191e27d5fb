"""The site https://idp.example.com as a WSGI application."""

from __future__ import annotations

import logging
from wsgiref.types import WSGIApplication

from flask import Flask, Response, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from helpers.providers.saml import browser, control, logout, portal, sign_in, uris
from helpers.providers.saml.metadata import metadata
from helpers.providers.saml.state import State

_log = logging.getLogger(__name__)


def sites(seed: int | None) -> dict[str, WSGIApplication]:
    """The directory's host and its WSGI application, with nothing registered yet."""
    return {uris.HOST: make_site(State(seed))}


def make_site(state: State) -> Flask:
    """The application on top of a state."""
    site = Flask("saml", template_folder=str(browser.TEMPLATES), static_folder=None)
    site.config["MAX_CONTENT_LENGTH"] = 1_000_000
    site.jinja_options = {**site.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    site.json.sort_keys = False  # type: ignore[attr-defined]
    for part in (sign_in, logout, portal, control):
        part.add_routes(site, state)

    @site.get("/saml/metadata")
    def show_metadata() -> Response:
        answer = make_response(metadata(state.pair.certificate))
        answer.headers["Content-Type"] = "application/samlmetadata+xml"
        return answer

    _add_errors(site)
    _add_headers(site)
    return site


def _add_errors(site: Flask) -> None:
    @site.errorhandler(HTTPException)
    def known(problem: HTTPException) -> Response:
        return _problem(problem.description or "", problem.code or 500)

    @site.errorhandler(ValueError)
    def wrong(problem: ValueError) -> Response:
        # Only what our own readers say is fit to be shown; anything else is a fault of ours.
        module = type(problem).__module__
        if type(problem) is not ValueError and not module.startswith("helpers.providers"):
            return unknown(problem)
        return _problem(f"The request cannot be answered: {problem}.", 400)

    @site.errorhandler(Exception)
    def unknown(problem: Exception) -> Response:
        _log.exception("%s %s failed", request.method, request.path, exc_info=problem)
        return _problem("The directory has a problem.", 500)


def _problem(message: str, status: int) -> Response:
    if request.path.startswith("/_lab/"):
        return make_response(jsonify({"message": message}), status)
    return browser.error_page(message, status)


def _add_headers(site: Flask) -> None:
    policy = browser.content_security_policy()

    @site.after_request
    def add(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        # The app that a form is sent to sees from which site, but not which address.
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers.setdefault("Cache-Control", "no-store")
        return response
