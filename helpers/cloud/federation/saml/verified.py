"""Reading a SAML Response, whoever it was sent to (SAML core 3.3.3; profiles 4.1.4.3, 4.1.4.5).

User pools, AWS sign-in and Identity Center all ask here. A signature over the response or over
the assertion is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from lxml import etree

from helpers.cloud.federation.saml.bindings import read_post
from helpers.cloud.federation.saml.conditions import Expected, check_assertion, check_envelope
from helpers.cloud.federation.saml.encryption import decrypted
from helpers.cloud.federation.saml.faults import Fault, SamlFault
from helpers.cloud.federation.saml.metadata_document import Metadata
from helpers.cloud.federation.saml.signature import NotSigned, is_signed, signed_part
from helpers.cloud.federation.saml.xml import Malformed, check_ids, id_of, name, only
from helpers.cloud.federation.state import FederationState
from helpers.cloud.world import World

SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_ASSERTION, _ENCRYPTED = name("saml:Assertion"), name("saml:EncryptedAssertion")


@dataclass(frozen=True)
class Sealing:
    """The keys for which a provider may encrypt assertions, and whether it must."""

    keys: tuple[RSAPrivateKey, ...]
    required: bool


@dataclass(frozen=True)
class VerifiedResponse:
    """What a provider signed, for us and for now: read nothing but `assertion`.

    `until` is the end of the time in which the assertion could be used.
    """

    assertion: etree._Element
    assertion_id: str
    issuer: str
    until: datetime


def verified_assertion(
    message: str,
    metadata: Metadata,
    expected: Expected,
    *,
    sealing: Sealing | None = None,
    expired_certificates: bool = False,
) -> VerifiedResponse:
    """The assertion in a posted SAMLResponse (base64), after every check. SamlFault otherwise.

    Without `sealing`, an encrypted assertion is refused. Whether it was used before is for
    `use_once` to say, once nothing else can be wrong.
    """
    try:
        root = read_message(message, "samlp:Response")
        check_status(root)
        response, assertion = _signed_parts(root, metadata, sealing, expired_certificates)
        check_envelope(response, expected, signed=is_signed(root))
        until = check_assertion(assertion, expected)
        return VerifiedResponse(assertion, id_of(assertion), expected.issuer, until)
    except Malformed as wrong:
        raise SamlFault(Fault.UNREADABLE) from wrong


def use_once(world: World, reader: str, response: VerifiedResponse) -> None:
    """Remember that `reader` has used an assertion. SamlFault if that was so before."""
    consumed, now = world.room(FederationState).consumed, world.clock.now()
    for known in [k for k, end in consumed.items() if end <= now]:
        del consumed[known]
    key = (reader, response.issuer, response.assertion_id)
    if key in consumed:
        raise SamlFault(Fault.REPLAYED)
    consumed[key] = response.until


# --- the message -------------------------------------------------------------------------------


def read_message(message: str, kind: str) -> etree._Element:
    """A posted message of this kind, unverified. Malformed otherwise."""
    root = read_post(message)
    if root.tag != name(kind) or root.get("Version") != "2.0":
        raise Malformed(f"not a {kind}")
    check_ids(root)
    return root


def check_status(root: etree._Element) -> None:
    """The provider says that it succeeded. SamlFault otherwise."""
    code = only(only(root, "samlp:Status"), "samlp:StatusCode").get("Value", "")
    if code != SUCCESS:
        raise SamlFault(Fault.STATUS)


# --- what was signed ---------------------------------------------------------------------------


def _signed_parts(
    root: etree._Element, metadata: Metadata, sealing: Sealing | None, expired: bool
) -> tuple[etree._Element, etree._Element]:
    """The response, as it was signed if it was, and the assertion, signed in itself or with it."""

    def checked(element: etree._Element) -> etree._Element:
        return signed_part(element, metadata.certificates, expired_ones_too=expired)

    _check_structure(root)
    try:
        response = checked(root) if is_signed(root) else root
        assertion = _assertion(response, sealing)
        if is_signed(assertion):
            return response, checked(assertion)
    except NotSigned as wrong:
        raise SamlFault(Fault.SIGNATURE) from wrong
    if not is_signed(root):
        raise SamlFault(Fault.SIGNATURE)
    return response, assertion


def _check_structure(root: etree._Element) -> None:
    """One assertion, directly in the response, and no signature but its own and the response's.

    Anything else is an attempt to have one element verified and another one read.
    """
    found = list(_assertions(root))
    if len(found) != 1 or found[0].getparent() is not root:
        raise Malformed("not one assertion")
    for signature in root.iter(name("ds:Signature")):
        if signature.getparent() not in (root, found[0]):
            raise Malformed("a signature elsewhere")
    if any(e is not root for e in root.iter(name("samlp:Response"))):
        raise Malformed("a response inside")


def _assertions(root: etree._Element) -> Iterator[etree._Element]:
    yield from root.iter(_ASSERTION, _ENCRYPTED)


def _assertion(response: etree._Element, sealing: Sealing | None) -> etree._Element:
    """The response's assertion, decrypted if it is encrypted and may be."""
    found = next(_assertions(response))
    if found.tag == _ENCRYPTED:
        if sealing is None:
            raise SamlFault(Fault.ENCRYPTED)
        return _unsealed(found, sealing.keys)
    if sealing is not None and sealing.required:
        raise SamlFault(Fault.NOT_ENCRYPTED)
    return found


def _unsealed(found: etree._Element, keys: tuple[RSAPrivateKey, ...]) -> etree._Element:
    """Whatever goes wrong here is a bad signature to the outside.

    An answer that told the two apart would let an attacker decrypt AES-CBC without the key.
    """
    for key in keys:
        try:
            assertion = decrypted(found, key)
            check_ids(assertion)
            _check_inside(assertion)
        except Malformed:
            continue
        return assertion
    raise SamlFault(Fault.SIGNATURE)


def _check_inside(assertion: etree._Element) -> None:
    if len(list(_assertions(assertion))) != 1:
        raise Malformed("an assertion inside")
    if any(s.getparent() is not assertion for s in assertion.iter(name("ds:Signature"))):
        raise Malformed("a signature elsewhere")
