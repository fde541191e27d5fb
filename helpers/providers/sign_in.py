"""The authorization endpoint and its page: who are you, and back to the app."""

from __future__ import annotations

import hmac
import secrets
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from flask import Response, redirect, render_template, request, session

from helpers.providers.apps import App
from helpers.providers.authorization_server import AuthorizationServer
from helpers.providers.people import Person
from helpers.providers.provider import Provider
from helpers.providers.response_modes import deliver

WRONG = "Wrong user name or password. Try again."
STALE = "This page was open for too long. Try again."


def authorize(server: AuthorizationServer) -> Any:
    """Answer an authorization request (RFC 6749 section 4.1.1, OpenID Connect Core 3.1.2).

    Before the app and its address are known to belong together, problems are shown here: a
    redirect would make this site a way to anywhere.
    """
    if request.method == "POST" and "form" not in request.form:
        return _as_get()
    provider = server.provider
    refused = _refused(provider)
    if refused:
        return refused
    app = provider.records.apps[request.args["client_id"]]
    try:
        for name in ("request", "request_uri"):  # OpenID Connect Core, section 6
            if name in request.args and "id_token" in provider.brand.features:
                raise OAuth2Error(error=f"{name}_not_supported")
        if provider.brand.scope_required and not request.args.get("scope"):
            raise InvalidRequestError("Missing 'scope' in request.")
        grant = server.get_consent_grant(end_user=_remembered(provider))
    except (OAuth2Error, ValueError) as error:
        return _back(provider, _as_params(error))
    person = _remembered(provider)
    if request.method == "POST" or person is None:
        person = answer = _ask(provider, app)
        if not isinstance(answer, Person):
            return answer
    return server.create_authorization_response(grant=grant, grant_user=person)


def _as_get() -> Response:
    """The same request with its parameters in the address (OpenID Connect Core 3.1.2.1)."""
    given = urlencode(list(request.form.items(multi=True)))
    return redirect(f"?{given}", 303)  # type: ignore[return-value]


def _refused(provider: Provider) -> Any:
    """The provider's own page for a request that must not be sent back to anybody."""
    asked, brand = request.args, provider.brand
    app = provider.records.apps.get(asked.get("client_id", ""))
    if app is None or len(asked.getlist("client_id")) > 1:
        return problem_page(*brand.unknown_client())
    if not app.check_redirect_uri(asked.get("redirect_uri", "")):
        return problem_page(*brand.wrong_redirect())
    repeated = [name for name in asked if len(asked.getlist(name)) > 1]
    if repeated:
        return problem_page(400, "invalid_request", "A parameter was given more than once.")
    modes = (None, "", *brand.response_modes)
    if asked.get("response_mode") not in modes:
        return problem_page(400, "invalid_request", "This response_mode is not on offer.")
    wrong = brand.problem(asked)
    return problem_page(400, *wrong) if wrong else None


def problem_page(status: int, error: str, text: str) -> Response:
    """The provider's own page that says what is wrong."""
    return Response(render_template("error.html", status=status, error=error, text=text), status)


def _remembered(provider: Provider) -> Person | None:
    """Who this browser is signed in as, unless the request wants a new sign-in."""
    wanted = request.args.get("prompt", "").split()
    if "login" in wanted or "select_account" in wanted:
        return None
    if "id_token" in provider.brand.features and "max_age" in request.args:
        age = request.args["max_age"]
        limit = int(age) if age.isascii() and age.isdigit() and len(age) < 10 else 0
        if time.time() - provider.signed_in_at() > limit:
            return None
    return provider.signed_in()


def _ask(provider: Provider, app: App) -> Person | Any:
    """The person who has filled in the page, or else the page."""
    if request.method != "POST":
        return _page(app, login=request.args.get("login_hint", ""))
    form = request.form
    login = form.get("username", "")
    if not form_came_back():
        return _page(app, STALE, login)
    if "cancel" in form:
        return _back(provider, provider.brand.denied())
    person = provider.people.sign_in(login, form.get("password", ""))
    if person is None:
        return _page(app, WRONG, login)
    provider.sign_in(person)
    return person


def _page(app: App, problem: str | None = None, login: str = "") -> Response:
    """The page with the form. Its hidden value must come back: another site cannot know it."""
    to = urlsplit(request.args["redirect_uri"]).hostname
    page = render_template("sign_in.html", problem=problem, login=login, to=to, form=form_value())
    return Response(page, 400 if problem else 200)


def form_value() -> str:
    """The value that this browser's forms carry. Never shown, so it need not repeat."""
    return session.setdefault("form", secrets.token_urlsafe(32))


def form_came_back() -> bool:
    """Whether the request is a form that this site has shown to this browser."""
    known, sent = session.get("form", ""), request.form.get("form", "")
    return bool(known) and hmac.compare_digest(known.encode(), sent.encode())


def _as_params(error: OAuth2Error | ValueError) -> dict[str, Any]:
    """An error as the app is told of it. Authlib refuses odd characters with a ValueError."""
    if isinstance(error, OAuth2Error):
        return dict(error.get_body())
    return {"error": "invalid_request", "error_description": "A parameter has an odd value."}


def _back(provider: Provider, params: dict[str, Any]) -> Response:
    """To the app with an error, the state beside it."""
    params = {**params, "state": request.args.get("state") or None}
    uri = request.args["redirect_uri"]
    status, body, headers = deliver(provider.brand, uri, params, request.args)
    return Response(body, status, headers)
