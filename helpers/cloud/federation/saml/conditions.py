"""Whether an assertion is for us, for this sign-in and for now (Web Browser SSO, profiles 4.1.4).

AWS allows no documented tolerance for clocks that differ, so there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from helpers.cloud.federation.profile import FederationError
from helpers.cloud.federation.saml.refusals import invalid_response
from helpers.cloud.federation.saml.xml import Malformed, children, instant, name, only, text

_ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_UNDERSTOOD = frozenset(
    name(f"saml:{kind}") for kind in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction")
)


@dataclass(frozen=True)
class Expected:
    """What an assertion must say. `request_id` is None when the provider began the sign-in."""

    issuer: str
    audience: str
    acs_url: str
    request_id: str | None
    now: datetime


def check_issuer(element: etree._Element, expected: Expected) -> None:
    """The Issuer of a message is the entity id in the metadata. FederationError."""
    issuer = only(element, "saml:Issuer")
    if text(issuer) != expected.issuer or issuer.get("Format", _ENTITY) != _ENTITY:
        raise invalid_response("Issuer in SAML response does not match the identity provider.")


def check_assertion(assertion: etree._Element, expected: Expected) -> datetime:
    """Check whom and when an assertion is for. Returns until when it could be used.

    FederationError; Malformed where a part is missing.
    """
    if assertion.get("Version") != "2.0":
        raise Malformed("not SAML 2.0")
    check_issuer(assertion, expected)
    confirmed_until = _check_confirmation(only(assertion, "saml:Subject"), expected)
    conditions = only(assertion, "saml:Conditions")
    _check_times(conditions, expected.now)
    _check_audience(conditions, expected.audience)
    _check_session(assertion, expected.now)
    return confirmed_until


def _check_confirmation(subject: etree._Element, expected: Expected) -> datetime:
    """Until when a bearer confirmation holds, the longest of those that do.

    One is enough. Where none holds, FederationError with the reason of the last one.
    """
    refusal = invalid_response("SAML Assertion has no bearer subject confirmation.")
    ends: list[datetime] = []
    for confirmation in children(subject, "saml:SubjectConfirmation"):
        if confirmation.get("Method") == _BEARER:
            try:
                data = only(confirmation, "saml:SubjectConfirmationData")
                ends.append(_check_bearer(data, expected))
            except FederationError as wrong:
                refusal = wrong
    if not ends:
        raise refusal
    return max(ends)


def _check_bearer(data: etree._Element, expected: Expected) -> datetime:
    if data.get("Recipient") != expected.acs_url:
        raise invalid_response("Recipient in SAML Assertion does not match the user pool.")
    if data.get("InResponseTo") != expected.request_id:
        raise invalid_response("InResponseTo in SAML Assertion does not match the request.")
    if data.get("NotBefore") is not None:
        # Profiles 4.1.4.2: a bearer confirmation must not have one.
        raise Malformed("a bearer with NotBefore")
    until = instant(data.get("NotOnOrAfter"))
    if until <= expected.now:
        raise _expired()
    return until


def _check_times(conditions: etree._Element, now: datetime) -> None:
    """Both ends are optional here; a bearer confirmation has an end in any case."""
    start, end = conditions.get("NotBefore"), conditions.get("NotOnOrAfter")
    if start is not None and instant(start) > now:
        raise invalid_response("SAML Assertion is not yet valid.")
    if end is not None and instant(end) <= now:
        raise _expired()


def _check_audience(conditions: etree._Element, audience: str) -> None:
    """Every restriction must name us, and AWS wants at least one (SAML core 2.5.1.4)."""
    if any(c.tag not in _UNDERSTOOD for c in conditions.iterchildren(etree.Element)):
        # Core 2.5.1: an assertion with a condition that is not understood is not valid.
        raise Malformed("an unknown condition")
    restrictions = children(conditions, "saml:AudienceRestriction")
    named = [{text(a) for a in children(r, "saml:Audience")} for r in restrictions]
    if not named or not all(audience in audiences for audiences in named):
        raise invalid_response(
            f"Audience restriction in SAML Assertion does not allow it for {audience}."
        )


def _check_session(assertion: etree._Element, now: datetime) -> None:
    statements = children(assertion, "saml:AuthnStatement")
    if not statements:
        raise Malformed("no AuthnStatement")
    for statement in statements:
        end = statement.get("SessionNotOnOrAfter")
        if end is not None and instant(end) <= now:
            raise _expired()


def _expired() -> FederationError:
    return invalid_response("SAML Assertion has expired.")
