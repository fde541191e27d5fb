"""Signing XML messages, and reading those that a service provider has signed."""

from __future__ import annotations

from collections.abc import Callable

from cryptography import x509
from cryptography.exceptions import InvalidSignature as BadCryptography
from lxml import etree
from signxml import DigestAlgorithm, SignatureConfiguration, SignatureMethod, XMLSigner, XMLVerifier
from signxml.algorithms import CanonicalizationMethod
from signxml.exceptions import SignXMLException

from helpers.providers.saml.keys import KeyPair
from helpers.providers.saml.safe_xml import copy_of, element, parse, qname

SignOne = Callable[[etree._Element, KeyPair], etree._Element]
_EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
_EXPECTED = SignatureConfiguration(
    location="./",
    signature_methods=frozenset([SignatureMethod.RSA_SHA256]),
    digest_algorithms=frozenset([DigestAlgorithm.SHA256]),
)


class NotSigned(ValueError):
    """A message lacks the signature of who is said to have sent it."""


def signed(message: etree._Element, pair: KeyPair) -> etree._Element:
    """A copy of an element with an enveloped signature behind its Issuer, where SAML wants it.

    RSA-SHA256, exclusive canonicalization, the certificate in KeyInfo.
    """
    copied = with_place_for_signature(message)
    signer = XMLSigner(c14n_algorithm=_EXCLUSIVE)
    uri = f"#{copied.get('ID')}"
    return signer.sign(copied, key=pair.key, cert=[pair.certificate], reference_uri=uri)


def with_place_for_signature(message: etree._Element) -> etree._Element:
    """A copy without a signature of its own, and with an empty one where signxml will write."""
    copied = copy_of(message)
    strip_signature(copied)
    place = element(None, "ds:Signature", Id="placeholder")
    issuer = copied.find(qname("saml:Issuer"))
    copied.insert(0 if issuer is None else copied.index(issuer) + 1, place)
    return copied


def strip_signature(message: etree._Element) -> None:
    """Take an element's own signature away, but not those of elements inside it."""
    for found in message.findall(qname("ds:Signature")):
        message.remove(found)


def sign_response(
    response: etree._Element, pair: KeyPair, which: str, sign_one: SignOne = signed
) -> etree._Element:
    """Sign a Response's assertions, the Response, or both, assertions first.

    `which` is "assertion", "response" or "both"; `sign_one` is another way of signing an element.
    """
    result = copy_of(response)
    strip_signature(result)
    for assertion in result.findall(qname("saml:Assertion")):
        if which in ("assertion", "both"):
            result.replace(assertion, sign_one(assertion, pair))
        else:
            strip_signature(assertion)
    return sign_one(result, pair) if which in ("response", "both") else result


def verified(message: bytes, certificate: x509.Certificate) -> etree._Element:
    """The message as its signer signed it, and nothing else.

    NotSigned unless the root element itself is signed by the certificate's key with RSA-SHA256.
    """
    try:
        result = XMLVerifier().verify(message, x509_cert=certificate, expect_config=_EXPECTED)
    except (SignXMLException, BadCryptography, etree.LxmlError, ValueError) as wrong:
        raise NotSigned("the signature is missing or not true") from wrong
    root = parse(message)
    seen = result.signed_xml
    if seen is None or seen.tag != root.tag or seen.get("ID") != root.get("ID"):
        raise NotSigned("the signature is not over the whole message")
    return seen
