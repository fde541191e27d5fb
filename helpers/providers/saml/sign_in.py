"""/saml/sso and the login page: from an AuthnRequest to a Response (SAML profiles 4.1)."""

from __future__ import annotations

from flask import Flask, Response, redirect, request

from helpers.providers.saml import authn_request, browser, uris
from helpers.providers.saml.apps import App
from helpers.providers.saml.authn_request import AuthnRequest, BadRequest, Declined
from helpers.providers.saml.bindings import Arrived, from_form, from_query
from helpers.providers.saml.issue import decline, issue
from helpers.providers.saml.people import Person
from helpers.providers.saml.state import Flow, Session, State, now

_CANCELLED = (uris.RESPONDER, uris.AUTHN_FAILED)


def add_routes(site: Flask, state: State) -> None:
    """Add /saml/sso and /saml/login to the site."""

    @site.route("/saml/sso", methods=["GET", "POST"])
    def single_sign_on() -> Response:
        arrived = arrived_message()
        app, root = sender(state, arrived)
        sealed = app.signing_certificate is not None
        asked = authn_request.read(root, app, now(), sealed=sealed)
        try:
            authn_request.check_wishes(root, asked)
            return _answer(state, app, asked, arrived.relay_state)
        except Declined as refusal:
            document = decline(state, app, asked.id, refusal.codes, refusal.message)
            return browser.posted(document, app.acs_url, "SAMLResponse", arrived.relay_state)

    @site.post("/saml/login")
    def login() -> Response:
        flow = state.flow(request.form.get("flow_token", ""), browser.known_browser())
        if flow is None:
            return browser.error_page("This sign-in is too old, or began elsewhere. Start again.")
        if request.form.get("cancel") and flow.app is not None:
            return _cancel(state, flow, flow.app)
        given = request.form.get("username", "")
        person = state.people.authenticate(given, request.form.get("password", ""))
        if person is None:
            return login_page(flow, "login", "Incorrect username or password.", given)
        return _signed_in(state, flow, person)


def arrived_message() -> Arrived:
    """The SAMLRequest of the request being answered. BadMessage when there is none."""
    if request.method == "POST":
        return from_form(request.form.get("SAMLRequest"), request.form.get("RelayState"))
    return from_query(request.query_string.decode("latin-1"))


def sender(state: State, arrived: Arrived) -> tuple[App, authn_request.etree._Element]:
    """The registered app that sent a message, and the message once its signature is checked.

    BadRequest for a stranger, NotSigned where the app has a certificate and did not use its key.
    """
    root = arrived.root()
    app = state.apps.get(authn_request.issuer_of(root))
    if app is None:
        raise BadRequest("the sender is not registered with the directory")
    if app.signing_certificate is not None:
        root = arrived.believed(app.signing_certificate)
        if authn_request.issuer_of(root) != app.entity_id:
            raise BadRequest("the signed Issuer is another one")
    return app, root


def login_page(flow: Flow, action: str, problem: str = "", username: str = "") -> Response:
    """The form for name and password. `action` is its address, relative to the page's."""
    app = flow.app.name if flow.app else ""
    hint = username or flow.hint
    values = {"flow": flow.id, "action": action, "app": app, "username": hint}
    response = browser.page("login.html", 403 if problem else 200, problem=problem, **values)
    return browser.remember_browser(response, flow.browser)


def _answer(state: State, app: App, asked: AuthnRequest, relay_state: str | None) -> Response:
    """Answer at once when somebody is signed in, else ask who it is."""
    session = browser.current_session(state)
    person = state.people.find(session.username) if session else None
    if session and person and not asked.force_authn and _is_meant(state, app, asked, person):
        return _respond(state, app, session, person, asked, relay_state)
    if asked.is_passive:
        raise Declined(uris.RESPONDER, uris.NO_PASSIVE, "Nobody is signed in.")
    hint = request.args.get("login_hint", "") or asked.subject
    flow = state.begin_flow(browser.browser_id(state), app, asked, relay_state, hint[:256])
    return login_page(flow, "login")


def _signed_in(state: State, flow: Flow, person: Person) -> Response:
    del state.flows[flow.id]
    before = browser.current_session(state)
    if before is not None:
        del state.sessions[before.id]
    session = state.sign_in(person)
    if flow.app is None or flow.request is None:
        return browser.remember_session(redirect("../portal", 303), session)  # type: ignore[arg-type]
    if _is_meant(state, flow.app, flow.request, person):
        answer = _respond(state, flow.app, session, person, flow.request, flow.relay_state)
    else:
        codes = (uris.RESPONDER, uris.UNKNOWN_PRINCIPAL)
        text = "Somebody else has signed in."
        document = decline(state, flow.app, flow.request.id, codes, text)
        answer = browser.posted(document, flow.app.acs_url, "SAMLResponse", flow.relay_state)
    return browser.remember_session(answer, session)


def _cancel(state: State, flow: Flow, app: App) -> Response:
    del state.flows[flow.id]
    asked = flow.request.id if flow.request else None
    document = decline(state, app, asked, _CANCELLED, "The sign-in was cancelled.")
    return browser.posted(document, app.acs_url, "SAMLResponse", flow.relay_state)


def _is_meant(state: State, app: App, asked: AuthnRequest, person: Person) -> bool:
    """Whether this is the principal that the request names; most requests name none."""
    return not asked.subject or state.owner(asked.subject, app) == person


def _respond(
    state: State,
    app: App,
    session: Session,
    person: Person,
    asked: AuthnRequest,
    relay_state: str | None,
) -> Response:
    document = issue(state, app, session, person, asked.name_id_format, asked.id)
    return browser.posted(document, app.acs_url, "SAMLResponse", relay_state)
