"""Whether an assertion is for us, for this sign-in and for now (Web Browser SSO, profiles 4.1.4).

AWS documents no tolerance for clocks that differ, so there is none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from helpers.cloud.federation.saml.faults import Fault, SamlFault
from helpers.cloud.federation.saml.xml import Malformed, children, instant, name, only, text

_ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_UNDERSTOOD = frozenset(
    name(f"saml:{kind}") for kind in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction")
)


@dataclass(frozen=True)
class Expected:
    """What an assertion must say.

    `audiences` are our names, one of which it must be for; `acs_urls` the addresses where we take
    responses. `request_id` is None when the provider began the sign-in. `answers_request` is
    False where we send no requests: it is then not looked at which one is answered. With
    `redeemed_within`, an assertion must come that soon after it was issued.
    """

    issuer: str
    audiences: Collection[str]
    acs_urls: Collection[str]
    now: datetime
    request_id: str | None = None
    answers_request: bool = True
    redeemed_within: timedelta | None = None


def check_envelope(response: etree._Element, expected: Expected, *, signed: bool) -> None:
    """Check whose a response is, where it goes and what it answers. SamlFault."""
    destination = response.get("Destination")
    # Bindings 3.5.5.2: a signed message must say where it goes.
    if destination not in expected.acs_urls and (signed or destination is not None):
        raise SamlFault(Fault.DESTINATION)
    _check_request(response, expected)
    if signed or children(response, "saml:Issuer"):
        check_issuer(response, expected.issuer)


def check_issuer(element: etree._Element, expected: str) -> None:
    """The Issuer of a message is the entity id in the metadata. SamlFault."""
    issuer = only(element, "saml:Issuer")
    if text(issuer) != expected or issuer.get("Format", _ENTITY) != _ENTITY:
        raise SamlFault(Fault.ISSUER)


def check_assertion(assertion: etree._Element, expected: Expected) -> datetime:
    """Check whom and when an assertion is for. Returns until when it could be used.

    SamlFault; Malformed where a part is missing.
    """
    if assertion.get("Version") != "2.0":
        raise Malformed("not SAML 2.0")
    check_issuer(assertion, expected.issuer)
    _check_age(assertion, expected)
    confirmed_until = _check_confirmation(only(assertion, "saml:Subject"), expected)
    conditions = only(assertion, "saml:Conditions")
    _check_times(conditions, expected.now)
    _check_audience(conditions, expected.audiences)
    _check_session(assertion, expected.now)
    return confirmed_until


def session_end(assertion: etree._Element) -> datetime | None:
    """When the session at the provider ends: the earliest SessionNotOnOrAfter, if there is one."""
    given = [s.get("SessionNotOnOrAfter") for s in children(assertion, "saml:AuthnStatement")]
    return min((instant(end) for end in given if end is not None), default=None)


def is_for_one_use(assertion: etree._Element) -> bool:
    """Whether the provider asks that an assertion is used once (SAML core 2.5.1.5)."""
    return bool(children(only(assertion, "saml:Conditions"), "saml:OneTimeUse"))


def _check_age(assertion: etree._Element, expected: Expected) -> None:
    issued, limit = instant(assertion.get("IssueInstant")), expected.redeemed_within
    if limit is not None and expected.now - issued >= limit:
        raise SamlFault(Fault.TOO_OLD)


def _check_confirmation(subject: etree._Element, expected: Expected) -> datetime:
    """Until when a bearer confirmation holds, the longest of those that do.

    One is enough. Where none holds, SamlFault with the reason of the last one.
    """
    refusal = SamlFault(Fault.NO_BEARER)
    ends: list[datetime] = []
    for confirmation in children(subject, "saml:SubjectConfirmation"):
        if confirmation.get("Method") == _BEARER:
            try:
                data = only(confirmation, "saml:SubjectConfirmationData")
                ends.append(_check_bearer(data, expected))
            except SamlFault as wrong:
                refusal = wrong
    if not ends:
        raise refusal
    return max(ends)


def _check_bearer(data: etree._Element, expected: Expected) -> datetime:
    if data.get("Recipient") not in expected.acs_urls:
        raise SamlFault(Fault.RECIPIENT)
    _check_request(data, expected)
    if data.get("NotBefore") is not None:
        # Profiles 4.1.4.2: a bearer confirmation must not have one.
        raise Malformed("a bearer with NotBefore")
    until = instant(data.get("NotOnOrAfter"))
    if until <= expected.now:
        raise SamlFault(Fault.EXPIRED)
    return until


def _check_request(element: etree._Element, expected: Expected) -> None:
    if expected.answers_request and element.get("InResponseTo") != expected.request_id:
        raise SamlFault(Fault.IN_RESPONSE_TO)


def _check_times(conditions: etree._Element, now: datetime) -> None:
    """Both ends are optional here; a bearer confirmation has an end in any case."""
    start, end = conditions.get("NotBefore"), conditions.get("NotOnOrAfter")
    if start is not None and instant(start) > now:
        raise SamlFault(Fault.NOT_YET_VALID)
    if end is not None and instant(end) <= now:
        raise SamlFault(Fault.EXPIRED)


def _check_audience(conditions: etree._Element, audiences: Collection[str]) -> None:
    """Every restriction must name us, and AWS wants at least one (SAML core 2.5.1.4)."""
    if any(c.tag not in _UNDERSTOOD for c in conditions.iterchildren(etree.Element)):
        # Core 2.5.1: an assertion with a condition that is not understood is not valid.
        raise Malformed("an unknown condition")
    restrictions = children(conditions, "saml:AudienceRestriction")
    named = [{text(a) for a in children(r, "saml:Audience")} for r in restrictions]
    if not named or not all(names.intersection(audiences) for names in named):
        raise SamlFault(Fault.AUDIENCE)


def _check_session(assertion: etree._Element, now: datetime) -> None:
    if not children(assertion, "saml:AuthnStatement"):
        raise Malformed("no AuthnStatement")
    end = session_end(assertion)
    if end is not None and end <= now:
        raise SamlFault(Fault.EXPIRED)
