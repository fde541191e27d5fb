"""Verifying XML signatures the way SAML uses them (SAML core 5; XML Signature 1.1).

Three rules keep signature wrapping (XSW) out. The form of the signature is fixed before it is
verified. Keys come from the provider's metadata, never from the message. And the caller reads
nothing but the element that this file returns: what was signed, and only that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cryptography import x509
from lxml import etree
from signxml import DigestAlgorithm, SignatureConfiguration, SignatureMethod, XMLVerifier

from helpers.cloud.federation.saml.xml import (
    NAMESPACES,
    Malformed,
    children,
    id_of,
    name,
    only,
    parse,
    serialize,
)

EXCLUSIVE_C14N = NAMESPACES["ec"]
_ENVELOPED = f"{NAMESPACES['ds']}enveloped-signature"
_EXPECTED = SignatureConfiguration(
    location="./",
    expect_references=1,
    signature_methods=frozenset(
        {SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA384, SignatureMethod.RSA_SHA512}
    ),
    digest_algorithms=frozenset(
        {DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512}
    ),
)
_SIGNATURE_METHODS = frozenset(m.value for m in _EXPECTED.signature_methods)
_DIGESTS = frozenset(d.value for d in _EXPECTED.digest_algorithms)


class NotSigned(ValueError):
    """An element is not signed as it must be. Its text is for tests, never for a browser."""


def is_signed(element: etree._Element) -> bool:
    """Whether an element has a signature of its own, true or not."""
    return bool(children(element, "ds:Signature"))


def signed_part(
    element: etree._Element,
    certificates: Iterable[x509.Certificate],
    *,
    expired_ones_too: bool = False,
) -> etree._Element:
    """A copy of the element as it was signed, without the signature and without comments.

    NotSigned unless one of the certificates' keys made the element's own signature, over the
    whole of this very element. Only certificates that are valid now count, unless
    `expired_ones_too`.
    """
    # A document of its own: an ID can then only be found inside the element.
    alone = parse(serialize(element))
    try:
        identifier = _check_form(alone)
    except Malformed as wrong:
        raise NotSigned(str(wrong)) from wrong
    document = serialize(alone)
    for certificate in certificates:
        part = _verified(document, certificate, expired_ones_too)
        if part is not None and part.tag == alone.tag and part.get("ID") == identifier:
            return part
    raise NotSigned("no certificate of the metadata fits")


def _verified(
    document: bytes, certificate: x509.Certificate, expired_too: bool
) -> etree._Element | None:
    then = certificate.not_valid_before_utc if expired_too else None
    expected = replace(_EXPECTED, verification_time=then)
    try:
        result = XMLVerifier().verify(document, x509_cert=certificate, expect_config=expected)
    except Exception:
        # Whatever a hostile document makes the verifier stumble over, it is not verified.
        return None
    # Read anew from the signed octets themselves.
    return parse(result.signed_data) if not isinstance(result, list) else None


def _check_form(element: etree._Element) -> str:
    """The element's ID. Malformed unless its signature has the one form that is accepted."""
    identifier = id_of(element)
    signature = only(element, "ds:Signature")
    # A ds:Object could hide another document, and KeyInfo is the sender's own word for its key.
    for key_info in children(signature, "ds:KeyInfo"):
        signature.remove(key_info)
    info, _ = _exactly(signature, "ds:SignedInfo", "ds:SignatureValue")
    c14n, method, reference = _exactly(
        info, "ds:CanonicalizationMethod", "ds:SignatureMethod", "ds:Reference"
    )
    _check_transform(c14n, {EXCLUSIVE_C14N})
    _check_algorithm(method, _SIGNATURE_METHODS)
    if reference.get("URI") != f"#{identifier}":
        raise Malformed("signed is something else")
    transforms, digest, _ = _exactly(
        reference, "ds:Transforms", "ds:DigestMethod", "ds:DigestValue"
    )
    first, second = _exactly(transforms, "ds:Transform", "ds:Transform")
    _check_algorithm(first, {_ENVELOPED})
    _check_transform(second, {EXCLUSIVE_C14N})
    _check_algorithm(digest, _DIGESTS)
    return identifier


def _exactly(element: etree._Element, *names: str) -> list[etree._Element]:
    found = list(element.iterchildren(etree.Element))
    if [child.tag for child in found] != [name(short) for short in names]:
        raise Malformed(f"not the children {names}")
    return found


def _check_algorithm(element: etree._Element, allowed: Iterable[str]) -> None:
    """No parameters either: HMACOutputLength, XPath and the like are children."""
    if element.get("Algorithm") not in allowed or len(element):
        raise Malformed("an algorithm that is not accepted")


def _check_transform(element: etree._Element, allowed: Iterable[str]) -> None:
    """Exclusive canonicalization may name prefixes to be kept."""
    parameters = list(element)
    if element.get("Algorithm") not in allowed or len(parameters) > 1:
        raise Malformed("a canonicalization that is not accepted")
    if parameters and parameters[0].tag != name("ec:InclusiveNamespaces"):
        raise Malformed("a canonicalization that is not accepted")
