"""What a SAML provider says about itself (SAML metadata 2.4.3): its name, keys and addresses."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from cryptography import x509
from lxml import etree

from helpers.cloud.federation.saml.bindings import POST, REDIRECT
from helpers.cloud.federation.saml.xml import (
    NAMESPACES,
    Malformed,
    children,
    instant,
    name,
    parse,
    text,
)

_LONGEST_CERTIFICATE = 4096


class BadMetadata(ValueError):
    """A document that is not the metadata of one identity provider. Its text is Cognito's."""


@dataclass(frozen=True)
class Metadata:
    """A provider's entity id, signing certificates, and where the browser is sent.

    An address is "" where the provider offers nothing by that binding.
    """

    entity_id: str
    certificates: tuple[x509.Certificate, ...]
    sso_redirect: str
    sso_post: str
    slo_redirect: str
    valid_until: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Whether the document is no longer valid by its own word."""
        return self.valid_until is not None and self.valid_until <= now


def read_document(document: bytes) -> Metadata:
    """The metadata in a document. BadMetadata if it is no such thing or lacks a signing key."""
    try:
        root = parse(document)
        if root.tag != name("md:EntityDescriptor"):
            raise Malformed("not an EntityDescriptor")
        roles = [r for r in children(root, "md:IDPSSODescriptor") if _speaks_saml2(r)]
        entity = root.get("entityID", "").strip()
        if len(roles) != 1 or not entity:
            raise Malformed("not the metadata of one identity provider")
        ends = [instant(e.get("validUntil")) for e in (root, roles[0]) if e.get("validUntil")]
    except Malformed as wrong:
        raise BadMetadata("Unable to unmarshall metadata") from wrong
    return Metadata(
        entity_id=entity,
        certificates=_certificates(roles[0]),
        sso_redirect=_address(roles[0], "md:SingleSignOnService", REDIRECT),
        sso_post=_address(roles[0], "md:SingleSignOnService", POST),
        slo_redirect=_address(roles[0], "md:SingleLogoutService", REDIRECT),
        valid_until=min(ends, default=None),
    )


def _speaks_saml2(role: etree._Element) -> bool:
    return NAMESPACES["samlp"] in role.get("protocolSupportEnumeration", "").split()


def _address(role: etree._Element, service: str, binding: str) -> str:
    """Where a service takes requests by a binding; "" if nowhere."""
    for endpoint in children(role, service):
        location = endpoint.get("Location", "").strip()
        if endpoint.get("Binding") == binding and _is_https(location):
            return location
    return ""


def _is_https(location: str) -> bool:
    try:
        parts = urlsplit(location)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.fragment


def _certificates(role: etree._Element) -> tuple[x509.Certificate, ...]:
    found: list[x509.Certificate] = []
    for descriptor in children(role, "md:KeyDescriptor"):
        # A key without a use is for signing as well.
        if descriptor.get("use", "signing") == "signing":
            for shown in descriptor.iterfind(f"{name('ds:KeyInfo')}/{name('ds:X509Data')}"):
                found += [_certificate(text(c)) for c in children(shown, "ds:X509Certificate")[:1]]
    if not found:
        raise BadMetadata("No signing certificate found in metadata.")
    return tuple(found)


def _certificate(shown: str) -> x509.Certificate:
    if len(shown) > _LONGEST_CERTIFICATE:
        raise BadMetadata("The signing certificate in the metadata is too long.")
    try:
        return x509.load_der_x509_certificate(
            base64.b64decode("".join(shown.split()), validate=True)
        )
    except (binascii.Error, ValueError) as wrong:
        raise BadMetadata("The signing certificate in the metadata is not valid.") from wrong
