"""/portal: the company's start page, from which sign-ins begin at the directory's side."""

from __future__ import annotations

import hmac

from flask import Flask, Response, redirect, request

from helpers.providers.saml import browser
from helpers.providers.saml.issue import issue
from helpers.providers.saml.sign_in import login_page
from helpers.providers.saml.state import Session, State


def add_routes(site: Flask, state: State) -> None:
    """Add /portal, /portal/start and /portal/sign-out to the site."""

    @site.get("/portal")
    def portal() -> Response:
        session = browser.current_session(state)
        person = state.people.find(session.username) if session else None
        if session is None or person is None:
            return login_page(state.begin_flow(browser.browser_id(state)), "saml/login")
        apps = list(state.apps.values())
        return browser.page("portal.html", apps=apps, person=person, token=session.token)

    @site.post("/portal/start")
    def start() -> Response:
        session = _session_of_form(state)
        if session is None:
            return browser.error_page("This page is too old, or not of your session. Start again.")
        app = state.apps.get(request.form.get("app", ""))
        person = state.people.find(session.username)
        if app is None or person is None:
            return browser.error_page("There is no such app.", 404)
        document = issue(state, app, session, person, app.name_id_format, None)
        return browser.posted(document, app.acs_url, "SAMLResponse", app.relay_state or None)

    @site.post("/portal/sign-out")
    def sign_out() -> Response:
        session = _session_of_form(state)
        if session is None:
            return browser.error_page("This page is too old, or not of your session. Start again.")
        del state.sessions[session.id]
        return browser.forget_session(redirect("../portal", 303))  # type: ignore[arg-type]


def _session_of_form(state: State) -> Session | None:
    """The browser's session, if the form was made for it and not by another site."""
    session = browser.current_session(state)
    token = request.form.get("token", "").encode()
    right = session is not None and hmac.compare_digest(session.token.encode(), token)
    return session if right else None
