"""The metadata of a user pool's SAML provider, from a file or from a URL.

Developer guide, "Things to know about SAML IdPs in Amazon Cognito user pools", "Adding and
managing SAML identity providers"; API reference, CreateIdentityProvider.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from helpers.cloud.errors import AwsError
from helpers.cloud.federation.saml.keys import certificate_text, encryption_key
from helpers.cloud.federation.saml.metadata_document import BadMetadata, Metadata, read_document
from helpers.cloud.federation.saml.refusals import no_metadata
from helpers.cloud.federation.state import FederationState, FetchedMetadata
from helpers.cloud.outside import Unreachable
from helpers.cloud.world import World

# Cognito reads a MetadataURL again after six hours, or when the metadata expires.
_REFRESH = timedelta(hours=6)
_SWITCHES = ("EncryptedResponses", "IDPInit", "IDPSignout")


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
    if metadata.is_over(now):
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
    if now - kept.fetched < _REFRESH and not last.is_over(now):
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


def _read(document: bytes) -> Metadata:
    try:
        metadata = read_document(document)
    except BadMetadata as wrong:
        raise _invalid(str(wrong)) from wrong
    if not metadata.sso_redirect:
        raise _invalid("No SingleSignOn Http redirect binding location found in metadata.")
    return metadata


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
