"""Making the Response for one app, honest or not."""

from __future__ import annotations

from dataclasses import replace

from cryptography import x509

from helpers.providers.saml import tamper, uris
from helpers.providers.saml.apps import App
from helpers.providers.saml.encryption import encrypt_assertions
from helpers.providers.saml.people import Person
from helpers.providers.saml.response import Statement, failure, success
from helpers.providers.saml.safe_xml import parse, qname, serialize
from helpers.providers.saml.signing import sign_response, signed
from helpers.providers.saml.state import Participation, Session, State, now
from helpers.providers.saml.tamper import Context


def issue(
    state: State,
    app: App,
    session: Session,
    person: Person,
    name_id_format: str,
    in_response_to: str | None,
) -> bytes:
    """A Response for an app about the person who is signed in, with the fault that is set."""
    if name_id_format == uris.TRANSIENT:
        name_id = state.message_id()
    else:
        name_id = state.name_ids(person, app)[name_id_format]
    statement = Statement(
        response_id=state.message_id(),
        assertion_id=state.message_id(),
        now=now(),
        acs_url=app.acs_url,
        audience=app.entity_id,
        name_id=name_id,
        name_id_format=name_id_format,
        signed_in_at=session.signed_in_at,
        session_index=state.message_id(),
        attributes=state.attributes_for(person, app),
        in_response_to=in_response_to,
        one_time_use=app.one_time_use,
    )
    session.participations.append(Participation(app.entity_id, name_id, statement.session_index))
    document = _sealed(state, app, statement)
    state.last_sent[app.entity_id] = document
    return document


def decline(
    state: State, app: App, in_response_to: str | None, codes: tuple[str, str], text: str
) -> bytes:
    """A signed Response that says why there is no assertion."""
    root = failure(state.message_id(), now(), app.acs_url, in_response_to, codes, text)
    return serialize(signed(root, state.pair))


def _sealed(state: State, app: App, statement: Statement) -> bytes:
    """Sign, spoil if told so, encrypt if the app has a certificate for it."""
    fault, previous = state.fault, state.last_sent.get(app.entity_id)
    if fault == "replayed":
        fault = None  # nothing else is wrong with it
        if previous is not None:
            return previous
    which = tamper.signature_for(fault, app.sign) if fault else app.sign
    document = serialize(sign_response(success(statement), state.pair, which))
    context = tamper.Context(
        certificate=state.pair.certificate,
        stranger=state.stranger if fault else state.pair,
        now=statement.now,
        signer=state.pair,
        sign=which,
        encryption_algorithm=app.encryption_algorithm,
    )
    if fault:
        document = tamper.FAULTS[fault](document, context)
    if app.encryption_certificate is None or fault in tamper.NOT_XML:
        return document
    return _encrypted(document, app, app.encryption_certificate, fault, context)


def _encrypted(
    document: bytes, app: App, certificate: x509.Certificate, fault: str | None, context: Context
) -> bytes:
    """The Response with its assertion encrypted, and signed last, over what is sent."""
    root = parse(document)
    had_signature = root.find(qname("ds:Signature")) is not None
    encrypt_assertions(root, certificate, app.encryption_algorithm)
    document = serialize(root)
    # An attacker cannot sign again.
    if not had_signature or context.signer is None or fault in tamper.ATTACKS:
        return document
    if fault in tamper.WEAK_SIGNATURES:
        return tamper.FAULTS[fault](document, replace(context, sign="response"))
    return serialize(signed(root, context.signer))
