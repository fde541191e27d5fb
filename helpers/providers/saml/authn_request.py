"""Reading what a service provider asks for (SAML core 3.4.1, profiles 4.1.4.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from helpers.providers.saml import uris
from helpers.providers.saml.apps import App
from helpers.providers.saml.safe_xml import qname, read_instant, text_of

# How old a request may be, and how far a service provider's clock may be ahead.
_OLDEST = timedelta(minutes=10)
_NC_NAME = re.compile(r"[A-Za-z_][\w.-]{0,255}", re.ASCII)


class BadRequest(ValueError):
    """A request that is answered on a page of the directory only: nobody to send back to."""


class Declined(Exception):
    """A request whose sender is told why not, with two status codes and a sentence."""

    def __init__(self, first: str, second: str, message: str) -> None:
        super().__init__(message)
        self.codes = (first, second)
        self.message = message


@dataclass(frozen=True)
class AuthnRequest:
    """A request that may be answered. `subject` is the NameID that it names, or empty."""

    id: str
    force_authn: bool
    is_passive: bool
    name_id_format: str
    subject: str


def issuer_of(root: etree._Element) -> str:
    """The entity id of the sender, unverified."""
    return text_of(root.find(qname("saml:Issuer")))


def check_envelope(
    root: etree._Element, name: str, here: str, now: datetime, *, sealed: bool
) -> str:
    """The ID of a request of the kind `name`, after what all requests have was checked.

    `here` is the address that it was sent to; a signed one (`sealed`) must name it. BadRequest
    otherwise.
    """
    if root.tag != qname(f"samlp:{name}"):
        raise BadRequest(f"this is not a {name}")
    if root.get("Version") != "2.0":
        raise BadRequest("the Version is not 2.0")
    request_id = root.get("ID", "")
    if not _NC_NAME.fullmatch(request_id):
        raise BadRequest("the ID is missing or not a name")
    destination = root.get("Destination")
    if destination != here and (destination is not None or sealed):
        raise BadRequest(f"the Destination is not {here}")
    try:
        issued = read_instant(root.get("IssueInstant", ""))
        fresh = -_OLDEST <= issued - now <= _OLDEST
    except (ValueError, OverflowError):
        raise BadRequest("the IssueInstant is missing or not a time") from None
    if not fresh:
        raise BadRequest("the IssueInstant is too long ago, or in the future")
    return request_id


def read(root: etree._Element, app: App, now: datetime, *, sealed: bool) -> AuthnRequest:
    """Check an AuthnRequest of a registered app. BadRequest when it cannot be trusted.

    What the directory cannot fulfil comes later, with `check_wishes`.
    """
    request_id = check_envelope(root, "AuthnRequest", uris.SSO_URL, now, sealed=sealed)
    acs_url = root.get("AssertionConsumerServiceURL")
    if acs_url is not None and acs_url != app.acs_url:
        raise BadRequest("the AssertionConsumerServiceURL is not the registered one")
    policy = root.find(qname("samlp:NameIDPolicy"))
    wanted = policy.get("Format") if policy is not None else None
    subject = root.find(f"{qname('saml:Subject')}/{qname('saml:NameID')}")
    return AuthnRequest(
        id=request_id,
        force_authn=_truth(root, "ForceAuthn"),
        is_passive=_truth(root, "IsPassive"),
        name_id_format=wanted if wanted and wanted != uris.UNSPECIFIED else app.name_id_format,
        subject=text_of(subject),
    )


def check_wishes(root: etree._Element, request: AuthnRequest) -> None:
    """Declined where the request wants something that the directory does not do."""
    if root.get("ProtocolBinding", uris.POST) != uris.POST:
        text = "Responses are sent by HTTP-POST only."
        raise Declined(uris.RESPONDER, uris.UNSUPPORTED_BINDING, text)
    if request.name_id_format not in uris.NAME_ID_FORMATS.values():
        text = "This NameID format is not offered."
        raise Declined(uris.REQUESTER, uris.INVALID_NAME_ID_POLICY, text)
    asked = root.find(qname("samlp:RequestedAuthnContext"))
    if asked is None:
        return
    known = {uris.PASSWORD, uris.PASSWORD_OVER_TLS, uris.UNSPECIFIED_CONTEXT}
    named = {text_of(one) for one in asked.findall(qname("saml:AuthnContextClassRef"))}
    if not named & known or asked.get("Comparison", "exact") == "better":
        text = "People sign in here with a password."
        raise Declined(uris.RESPONDER, uris.NO_AUTHN_CONTEXT, text)


def _truth(root: etree._Element, name: str) -> bool:
    value = root.get(name, "false").strip()
    if value not in ("true", "false", "1", "0"):
        raise BadRequest(f"{name} is not true or false")
    return value in ("true", "1")
