"""/saml/slo: single logout (SAML core 3.7, profiles 4.4)."""

from __future__ import annotations

from flask import Flask, Response, redirect
from lxml import etree

from helpers.providers.saml import browser, uris
from helpers.providers.saml.apps import App
from helpers.providers.saml.authn_request import BadRequest, check_envelope
from helpers.providers.saml.bindings import redirect_url
from helpers.providers.saml.response import add_status
from helpers.providers.saml.safe_xml import (
    element,
    instant,
    qname,
    read_instant,
    serialize,
    text_of,
)
from helpers.providers.saml.sign_in import arrived_message, sender
from helpers.providers.saml.signing import signed
from helpers.providers.saml.state import Session, State, now


def add_routes(site: Flask, state: State) -> None:
    """Add /saml/slo to the site."""

    @site.route("/saml/slo", methods=["GET", "POST"])
    def single_logout() -> Response:
        arrived = arrived_message()
        app, root = sender(state, arrived)
        if not app.slo_url:
            raise BadRequest("the app has no address for logout registered")
        sealed = app.signing_certificate is not None
        request_id = check_envelope(root, "LogoutRequest", uris.SLO_URL, now(), sealed=sealed)
        _check_time(root)
        message = _logout_response(state, app, request_id)
        _end_sessions(state, app, root, message)
        answer = _send(state, app, message, arrived.relay_state)
        return answer if browser.current_session(state) else browser.forget_session(answer)


def _check_time(root: etree._Element) -> None:
    until = root.get("NotOnOrAfter")
    if until is None:
        return
    try:
        over = now() >= read_instant(until)
    except (ValueError, OverflowError):
        raise BadRequest("the NotOnOrAfter is not a time") from None
    if over:
        raise BadRequest("the LogoutRequest has expired")


def _logout_response(state: State, app: App, request_id: str) -> etree._Element:
    """A LogoutResponse without its Status."""
    message = element(None, "samlp:LogoutResponse", ID=state.message_id(), Version="2.0")
    message.set("IssueInstant", instant(now()))
    message.set("Destination", app.slo_url)
    message.set("InResponseTo", request_id)
    element(message, "saml:Issuer", uris.ENTITY_ID)
    return message


def _end_sessions(state: State, app: App, root: etree._Element, message: etree._Element) -> None:
    """End the sessions that a LogoutRequest means and write the Status.

    Other apps of the same sessions are not told: the Status says so with PartialLogout.
    """
    name_id = text_of(root.find(qname("saml:NameID")))
    indexes = {text_of(one) for one in root.findall(qname("samlp:SessionIndex"))}
    meant = [s for s in state.sessions.values() if _takes_part(s, app, name_id, indexes)]
    for session in meant:
        del state.sessions[session.id]
    others = {p.entity_id for s in meant for p in s.participations} - {app.entity_id}
    if others:
        text = "Other apps of this session were not told."
        add_status(message, (uris.SUCCESS, uris.PARTIAL_LOGOUT), text)
    elif meant or state.owner(name_id, app):
        element(element(message, "samlp:Status"), "samlp:StatusCode", Value=uris.SUCCESS)
    else:
        text = "Nobody is known by this name."
        add_status(message, (uris.REQUESTER, uris.UNKNOWN_PRINCIPAL), text)


def _takes_part(session: Session, app: App, name_id: str, indexes: set[str]) -> bool:
    return any(
        p.entity_id == app.entity_id
        and p.name_id == name_id
        and (not indexes or p.session_index in indexes)
        for p in session.participations
    )


def _send(state: State, app: App, message: etree._Element, relay_state: str | None) -> Response:
    """Signed, by the binding that the app has registered."""
    if app.slo_binding == "post":
        document = serialize(signed(message, state.pair))
        return browser.posted(document, app.slo_url, "SAMLResponse", relay_state)
    document = serialize(message)
    url = redirect_url(app.slo_url, "SAMLResponse", document, relay_state, state.pair)
    return redirect(url, 302)  # type: ignore[return-value]
