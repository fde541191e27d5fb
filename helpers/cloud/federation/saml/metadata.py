"""What a SAML provider says about itself (SAML metadata 2.4.3): keys and addresses.

Developer guide, "Things to know about SAML IdPs in Amazon Cognito user pools", "Adding and
managing SAML identity providers"; API reference, CreateIdentityProvider.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography import x509
from lxml import etree

from helpers.cloud.errors import AwsError
from helpers.cloud.federation.saml.bindings import REDIRECT
from helpers.cloud.federation.saml.keys import certificate_text, encryption_key
from helpers.cloud.federation.saml.refusals import no_metadata
from helpers.cloud.federation.saml.xml import (
    NAMESPACES,
    Malformed,
    children,
    instant,
    name,
    parse,
    text,
)
from helpers.cloud.federation.state import FederationState, FetchedMetadata
from helpers.cloud.outside import Unreachable
from helpers.cloud.world import World

# Cognito reads a MetadataURL again after six hours, or when the metadata expires.
_REFRESH = timedelta(hours=6)
_LONGEST_CERTIFICATE = 4096
_SWITCHES = ("EncryptedResponses", "IDPInit", "IDPSignout")


@dataclass(frozen=True)
class Metadata:
    """A provider's entity id, signing certificates, and where the browser is sent.

    `slo_redirect` is "" where the provider offers no single logout by HTTP-Redirect.
    """

    entity_id: str
    certificates: tuple[x509.Certificate, ...]
    sso_redirect: str
    slo_redirect: str
    valid_until: datetime | None


def check_saml_details(
    world: World, details: Mapping[str, str], pool_id: str, provider: str
) -> dict[str, str]:
    """Check the ProviderDetails of a SAML provider that is created or updated.

    Returns the further details that DescribeIdentityProvider shows: SSORedirectBindingURI,
    SLORedirectBindingURI where there is one, ActiveEncryptionCertificate. A MetadataURL is read
    at once. AwsError InvalidParameterException.
    """
    for switch in _SWITCHES:
        if details.get(switch, "false") not in ("true", "false"):
            raise _invalid(f"{switch} must be either true or false.")
    if details.get("RequestSigningAlgorithm", "rsa-sha256") != "rsa-sha256":
        raise _invalid("RequestSigningAlgorithm must be rsa-sha256.")
    metadata = read_metadata(world, details, fresh=True)
    if all(c.not_valid_after_utc <= world.clock.now() for c in metadata.certificates):
        raise _invalid("The signing certificate in the metadata has expired.")
    if details.get("IDPSignout") == "true" and not metadata.slo_redirect:
        raise _invalid("No SingleLogout Http redirect binding location found in metadata.")
    found = {"SSORedirectBindingURI": metadata.sso_redirect}
    if metadata.slo_redirect:
        found["SLORedirectBindingURI"] = metadata.slo_redirect
    certificate = encryption_key(world, pool_id, provider).certificate
    return {**found, "ActiveEncryptionCertificate": certificate_text(certificate)}


def read_metadata(world: World, details: Mapping[str, str], *, fresh: bool = False) -> Metadata:
    """The metadata in MetadataFile or behind MetadataURL, which is read again if `fresh`.

    AwsError InvalidParameterException when it cannot be had, is none, or is no longer valid.
    """
    now = world.clock.now()
    url, document = details.get("MetadataURL", ""), details.get("MetadataFile", "")
    if not url and not document:
        raise _invalid("At least one of the MetadataURL or MetadataFile should be provided.")
    if url and document:
        raise _invalid("Only one of the MetadataURL or MetadataFile should be provided.")
    if url:
        metadata = _fetch(world, url, now) if fresh else _fetched(world, url, now)
    else:
        metadata = _read(document.encode("utf-8", "surrogatepass"))
    if _is_over(metadata, now):
        raise _invalid("The metadata is no longer valid.")
    return metadata


def current_metadata(world: World, details: Mapping[str, str]) -> Metadata:
    """The metadata at a sign-in. FederationError when it cannot be had."""
    try:
        return read_metadata(world, details)
    except AwsError as wrong:
        raise no_metadata() from wrong


# --- a MetadataURL -----------------------------------------------------------------------------


def _fetched(world: World, url: str, now: datetime) -> Metadata:
    """The metadata of a URL. Where a renewal fails, the last copy serves as long as it is valid."""
    kept = world.room(FederationState).metadata.get(url)
    if kept is None:
        return _fetch(world, url, now)
    last = _read(kept.document)
    if now - kept.fetched < _REFRESH and not _is_over(last, now):
        return last
    try:
        return _fetch(world, url, now)
    except AwsError:
        return last


def _fetch(world: World, url: str, now: datetime) -> Metadata:
    try:
        response = world.outside.fetch("GET", url)
    except Unreachable as wrong:
        raise _invalid(f"Error retrieving metadata from {url}") from wrong
    if response.status != 200:
        raise _invalid(
            f"Non-ok status code {response.status} returned from remote metadata source {url}"
        )
    metadata = _read(response.body)
    world.room(FederationState).metadata[url] = FetchedMetadata(response.body, now)
    return metadata


# --- the document ------------------------------------------------------------------------------


def _read(document: bytes) -> Metadata:
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
        raise _invalid("Unable to unmarshall metadata") from wrong
    sso = _address(roles[0], "md:SingleSignOnService")
    if not sso:
        raise _invalid("No SingleSignOn Http redirect binding location found in metadata.")
    slo = _address(roles[0], "md:SingleLogoutService")
    return Metadata(entity, _certificates(roles[0]), sso, slo, min(ends, default=None))


def _speaks_saml2(role: etree._Element) -> bool:
    return NAMESPACES["samlp"] in role.get("protocolSupportEnumeration", "").split()


def _address(role: etree._Element, service: str) -> str:
    """Where a service takes requests by HTTP-Redirect; "" if nowhere."""
    for endpoint in children(role, service):
        location = endpoint.get("Location", "").strip()
        if endpoint.get("Binding") == REDIRECT and _is_https(location):
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
        raise _invalid("No signing certificate found in metadata.")
    return tuple(found)


def _certificate(shown: str) -> x509.Certificate:
    if len(shown) > _LONGEST_CERTIFICATE:
        raise _invalid("The signing certificate in the metadata is too long.")
    try:
        return x509.load_der_x509_certificate(
            base64.b64decode("".join(shown.split()), validate=True)
        )
    except (binascii.Error, ValueError) as wrong:
        raise _invalid("The signing certificate in the metadata is not valid.") from wrong


def _is_over(metadata: Metadata, now: datetime) -> bool:
    return metadata.valid_until is not None and metadata.valid_until <= now


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
