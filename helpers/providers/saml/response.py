"""The Response and the assertion in it (SAML core 2.3, 3.3; Web Browser SSO, profiles 4.1.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from helpers.providers.saml import uris
from helpers.providers.saml.safe_xml import element, instant

LIFETIME = timedelta(minutes=5)
# A service provider's clock may be a little behind ours.
_SKEW = timedelta(seconds=30)


@dataclass(frozen=True)
class Statement:
    """What the directory says about one sign-in, and to whom.

    `in_response_to` is None for a sign-in that began at the portal.
    """

    response_id: str
    assertion_id: str
    now: datetime
    acs_url: str
    audience: str
    name_id: str
    name_id_format: str
    signed_in_at: datetime
    session_index: str
    attributes: Mapping[str, Sequence[str]]
    in_response_to: str | None = None
    one_time_use: bool = False


def success(statement: Statement) -> etree._Element:
    """An unsigned Response that carries the assertion."""
    response = _response(
        statement.response_id, statement.now, statement.acs_url, statement.in_response_to
    )
    element(element(response, "samlp:Status"), "samlp:StatusCode", Value=uris.SUCCESS)
    _assertion(response, statement)
    return response


def failure(
    response_id: str,
    now: datetime,
    acs_url: str,
    in_response_to: str | None,
    codes: tuple[str, str],
    message: str,
) -> etree._Element:
    """An unsigned Response that says why there is no assertion: two status codes and a sentence."""
    response = _response(response_id, now, acs_url, in_response_to)
    add_status(response, codes, message)
    return response


def add_status(message: etree._Element, codes: tuple[str, str], text: str) -> None:
    """Add a samlp:Status of a first-level and a second-level code and a sentence."""
    status = element(message, "samlp:Status")
    first = element(status, "samlp:StatusCode", Value=codes[0])
    element(first, "samlp:StatusCode", Value=codes[1])
    element(status, "samlp:StatusMessage", text)


def _response(
    response_id: str, now: datetime, acs_url: str, in_response_to: str | None
) -> etree._Element:
    response = element(None, "samlp:Response", ID=response_id, Version="2.0")
    response.set("IssueInstant", instant(now))
    response.set("Destination", acs_url)
    if in_response_to is not None:
        response.set("InResponseTo", in_response_to)
    element(response, "saml:Issuer", uris.ENTITY_ID)
    return response


def _assertion(response: etree._Element, statement: Statement) -> None:
    now = instant(statement.now)
    assertion = element(response, "saml:Assertion", ID=statement.assertion_id, Version="2.0")
    assertion.set("IssueInstant", now)
    element(assertion, "saml:Issuer", uris.ENTITY_ID)
    _subject(assertion, statement)
    _conditions(assertion, statement)
    said = element(assertion, "saml:AuthnStatement", AuthnInstant=instant(statement.signed_in_at))
    said.set("SessionIndex", statement.session_index)
    context = element(said, "saml:AuthnContext")
    element(context, "saml:AuthnContextClassRef", uris.PASSWORD_OVER_TLS)
    _attributes(assertion, statement.attributes)


def _subject(assertion: etree._Element, statement: Statement) -> None:
    subject = element(assertion, "saml:Subject")
    name = element(subject, "saml:NameID", statement.name_id, Format=statement.name_id_format)
    if statement.name_id_format in (uris.PERSISTENT, uris.TRANSIENT):
        name.set("NameQualifier", uris.ENTITY_ID)
        name.set("SPNameQualifier", statement.audience)
    confirmation = element(subject, "saml:SubjectConfirmation", Method=uris.BEARER)
    element(
        confirmation,
        "saml:SubjectConfirmationData",
        InResponseTo=statement.in_response_to,
        NotOnOrAfter=instant(statement.now + LIFETIME),
        Recipient=statement.acs_url,
    )


def _conditions(assertion: etree._Element, statement: Statement) -> None:
    conditions = element(
        assertion,
        "saml:Conditions",
        NotBefore=instant(statement.now - _SKEW),
        NotOnOrAfter=instant(statement.now + LIFETIME),
    )
    restriction = element(conditions, "saml:AudienceRestriction")
    element(restriction, "saml:Audience", statement.audience)
    if statement.one_time_use:
        element(conditions, "saml:OneTimeUse")


def _attributes(assertion: etree._Element, attributes: Mapping[str, Sequence[str]]) -> None:
    statement = element(assertion, "saml:AttributeStatement")
    for name, values in attributes.items():
        attribute = element(statement, "saml:Attribute", Name=name, NameFormat=uris.URI_NAMES)
        for value in values:
            element(attribute, "saml:AttributeValue", value)
