"""The remote control of a provider: what a developer's console and a lesson need.

POST /_lab/apps    {"redirect_uri": …}             → the new app's ids and secrets
GET  /_lab/people                                  → who has an account
POST /_lab/people  {"username": …, "claims": {…}}  → change claims; null takes one away
POST /_lab/fault   {"how": name or null}           → misbehave, or behave again
GET  /_lab/fault                                   → the ways to misbehave
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify, request

from helpers.providers.provider import Provider
from helpers.providers.site import Route

Answer = dict[str, Any]


def routes(provider: Provider) -> list[Route]:
    """Every control, at the provider's host."""
    at = f"https://{provider.brand.host}/_lab"

    def view(control: Callable[[Provider, Answer], Answer]) -> Callable[[], Any]:
        return lambda: _answered(provider, control)

    return [
        (f"{at}/apps", view(_register), ("POST",)),
        (f"{at}/people", view(_people), ("GET", "POST")),
        (f"{at}/fault", view(_fault), ("GET", "POST")),
    ]


def _answered(provider: Provider, control: Callable[[Provider, Answer], Answer]) -> Any:
    """Run a control. No page of another origin may: it would have to send an Origin header."""
    foreign = request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
    if foreign or "Origin" in request.headers:
        return jsonify(message="Lab controls are not for web pages."), 403
    try:
        given: Answer = {}
        if request.method == "POST":
            given = request.get_json(silent=True)
            if not isinstance(given, dict):
                raise ValueError("the body must be a JSON object")
        return jsonify(control(provider, given))
    except ValueError as wrong:
        return jsonify(message=f"{wrong}"), 400


def _register(provider: Provider, given: Answer) -> Answer:
    outs = given.get("signed_out_uri")
    app = provider.register([given.get("redirect_uri")], [outs] if outs is not None else [])
    return {"client_id": app.client_id, "client_secret": app.client_secret or None, **app.more}


def _people(provider: Provider, given: Answer) -> Answer:
    if request.method == "POST":
        username, claims = given.get("username"), given.get("claims")
        if not isinstance(username, str) or provider.people.named(username) is None:
            known = ", ".join(person.username for person in provider.people)
            raise ValueError(f"nobody is called {username!r} here; there are {known}")
        if not isinstance(claims, dict):
            raise ValueError("claims must be an object")
        provider.people.change(username, claims)
    known = [
        {"username": p.username, "password": p.password, "claims": provider.claims_of(p)}
        for p in provider.people
    ]
    return {"people": known}


def _fault(provider: Provider, given: Answer) -> Answer:
    if request.method == "POST":
        how = given.get("how")
        if how is not None and (not isinstance(how, str) or how not in provider.faults):
            names = ", ".join(provider.faults)
            raise ValueError(
                f"{provider.brand.name} does not know how to {how!r}; it knows {names}"
            )
        provider.fault = provider.faults[how] if how else None
    return {
        "how": provider.fault.name if provider.fault else None,
        "faults": {name: fault.says for name, fault in provider.faults.items()},
    }
