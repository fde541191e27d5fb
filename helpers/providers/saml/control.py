"""/_lab/: what the company's administrator does, as JSON, and the switch for misbehaviour.

POST /_lab/apps        {"entity_id": …, "acs_url": …, options}   → the app as registered
GET  /_lab/people                                                → everybody
POST /_lab/people      {"username": …, "claims": {…}}            → change claims, also "groups"
POST /_lab/attributes  {"username": …, "entity_id": …, "attributes": {…}}  → tell one app more
POST /_lab/fault       {"how": name or null}                     → misbehave, or behave again
GET  /_lab/faults                                                → the ways to misbehave
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, make_response, request

from helpers.providers.saml import tamper
from helpers.providers.saml.apps import read_app
from helpers.providers.saml.people import read_attributes
from helpers.providers.saml.state import State


def add_routes(site: Flask, state: State) -> None:
    """Add the control addresses to the site."""

    @site.before_request
    def keep_pages_out() -> Response | None:
        if request.path.startswith("/_lab/") and not _may_control():
            return _json({"message": "These controls are not for web pages of other origins."}, 403)
        return None

    @site.post("/_lab/apps")
    def register() -> Response:
        app = read_app(_body())
        state.apps[app.entity_id] = app
        return _json(app.as_dict())

    @site.get("/_lab/people")
    def people() -> Response:
        return _json({"people": [person.as_dict() for person in state.people.everyone()]})

    @site.post("/_lab/people")
    def change() -> Response:
        given = _body()
        username, claims = given.get("username"), given.get("claims")
        if not isinstance(username, str) or not isinstance(claims, dict):
            raise ValueError("username must be a text and claims an object")
        return _json(state.people.change(username, claims).as_dict())

    @site.post("/_lab/attributes")
    def tell() -> Response:
        given = _body()
        username, entity_id = given.get("username"), given.get("entity_id")
        if not isinstance(entity_id, str) or entity_id not in state.apps:
            raise ValueError(f"no app {entity_id!r} is registered; there are {sorted(state.apps)}")
        if not isinstance(username, str) or username not in state.people.usernames():
            known = state.people.usernames()
            raise ValueError(f"nobody is called {username!r}; there are {known}")
        attributes = read_attributes(given.get("attributes"))
        state.attributes[entity_id, username] = attributes
        return _json({"username": username, "entity_id": entity_id, "attributes": attributes})

    @site.post("/_lab/fault")
    def misbehave() -> Response:
        how = _body().get("how")
        if how is not None and (not isinstance(how, str) or how not in tamper.FAULTS):
            raise ValueError(f"unknown fault {how!r}; there are {sorted(tamper.FAULTS)}")
        state.fault = how
        return faults()

    @site.get("/_lab/fault")
    @site.get("/_lab/faults")
    def faults() -> Response:
        return _json({"how": state.fault, "faults": tamper.sentences()})


def _may_control() -> bool:
    """No page of another origin, and no plain form, which a page could send unasked."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return False
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return False
    return request.method != "POST" or request.mimetype == "application/json"


def _body() -> dict[str, Any]:
    try:
        data = request.get_json(silent=True)
    except RecursionError:
        data = None
    if not isinstance(data, dict):
        raise ValueError("the body must be a JSON object")
    return data


def _json(data: Any, status: int = 200) -> Response:
    return make_response(jsonify(data), status)
