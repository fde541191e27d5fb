"""What a directory itself gets wrong: Responses signed with its own key that say too much."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from lxml import etree
from signxml import DigestAlgorithm, SignatureMethod
from signxml.algorithms import CanonicalizationMethod

from helpers.providers.saml import uris
from helpers.providers.saml.attack import (
    AnySigner,
    Context,
    NotApplicable,
    Tamper,
    assertion_in,
    attribute_in,
    evil_copy,
    name_id_in,
    on_tree,
    say_victim,
    signature_of,
)
from helpers.providers.saml.encryption import encrypt_assertions
from helpers.providers.saml.keys import KeyPair, sign_bytes
from helpers.providers.saml.response import add_status
from helpers.providers.saml.safe_xml import copy_of, element, instant, qname
from helpers.providers.saml.signing import (
    SignOne,
    sign_response,
    signed,
    strip_signature,
    with_place_for_signature,
)

_EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
_ELSEWHERE = "https://other.example.net/saml/acs"
_TEN_MINUTES = timedelta(minutes=10)
_XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"


def _signer(context: Context) -> KeyPair:
    if context.signer is None:
        raise NotApplicable("only the directory itself, which has the key, can do this")
    return context.signer


def _then_signed(change: Callable[[etree._Element, Context], None]) -> Tamper:
    """Make a change to the tree a function over bytes that signs what it has changed."""

    @on_tree
    @wraps(change)
    def changed(response: etree._Element, context: Context) -> etree._Element:
        pair = _signer(context)
        change(response, context)
        return sign_response(response, pair, context.sign)

    return changed


def _conditions(response: etree._Element) -> etree._Element:
    return next(assertion_in(response).iter(qname("saml:Conditions")))


def _confirmation(response: etree._Element) -> etree._Element:
    return next(assertion_in(response).iter(qname("saml:SubjectConfirmationData")))


@_then_signed
def expired(response: etree._Element, context: Context) -> None:
    """The Conditions ended ten minutes ago."""
    _conditions(response).set("NotBefore", instant(context.now - 2 * _TEN_MINUTES))
    _conditions(response).set("NotOnOrAfter", instant(context.now - _TEN_MINUTES))


@_then_signed
def not_yet_valid(response: etree._Element, context: Context) -> None:
    """The Conditions begin in ten minutes."""
    _conditions(response).set("NotBefore", instant(context.now + _TEN_MINUTES))
    _conditions(response).set("NotOnOrAfter", instant(context.now + 2 * _TEN_MINUTES))


@_then_signed
def subject_confirmation_expired(response: etree._Element, context: Context) -> None:
    """The time for delivering the assertion was over ten minutes ago."""
    _confirmation(response).set("NotOnOrAfter", instant(context.now - _TEN_MINUTES))


@_then_signed
def wrong_audience(response: etree._Element, context: Context) -> None:
    """The assertion is meant for another service provider."""
    next(_conditions(response).iter(qname("saml:Audience"))).text = "urn:example:another-app"


@_then_signed
def no_audience(response: etree._Element, context: Context) -> None:
    """The assertion does not say for whom it is meant."""
    conditions = _conditions(response)
    for restriction in conditions.findall(qname("saml:AudienceRestriction")):
        conditions.remove(restriction)


@_then_signed
def wrong_recipient(response: etree._Element, context: Context) -> None:
    """The assertion may be delivered at another address only."""
    _confirmation(response).set("Recipient", _ELSEWHERE)


@_then_signed
def wrong_destination(response: etree._Element, context: Context) -> None:
    """The Response was sent to another address."""
    response.set("Destination", _ELSEWHERE)


@_then_signed
def wrong_in_response_to(response: etree._Element, context: Context) -> None:
    """The answer to a request that nobody has made."""
    for answering in (response, _confirmation(response)):
        answering.set("InResponseTo", "_0123456789abcdef0123456789abcdef")


@_then_signed
def no_in_response_to(response: etree._Element, context: Context) -> None:
    """An answer that does not say to which request."""
    for answering in (response, _confirmation(response)):
        answering.attrib.pop("InResponseTo", None)


@_then_signed
def wrong_issuer(response: etree._Element, context: Context) -> None:
    """The directory signs in the name of another one."""
    for said in (response, assertion_in(response)):
        issuer = said.find(qname("saml:Issuer"))
        if issuer is not None:
            issuer.text = "https://idp.example.net/saml/metadata"


@_then_signed
def status_not_success(response: etree._Element, context: Context) -> None:
    """The status says that the sign-in failed, and yet there is an assertion."""
    status = response.find(qname("samlp:Status"))
    if status is None:
        raise NotApplicable("the Response has no Status")
    place = response.index(status)
    response.remove(status)
    add_status(response, (uris.RESPONDER, uris.AUTHN_FAILED), "The sign-in failed.")
    response.insert(place, response[-1])


@on_tree
def no_assertion(response: etree._Element, context: Context) -> etree._Element:
    """A success without an assertion. The Response is signed."""
    pair = _signer(context)
    response.remove(assertion_in(response))
    strip_signature(response)
    return signed(response, pair)


@_then_signed
def two_assertions(response: etree._Element, context: Context) -> None:
    """Two assertions about two people."""
    response.append(evil_copy(assertion_in(response), context))


@_then_signed
def no_name_id(response: etree._Element, context: Context) -> None:
    """A subject without a name."""
    name = name_id_in(assertion_in(response))
    subject = name.getparent()
    if subject is not None:
        subject.remove(name)


@_then_signed
def empty_groups(response: etree._Element, context: Context) -> None:
    """The attribute for groups has no value."""
    groups = attribute_in(assertion_in(response), uris.CLAIM_GROUP)
    for value in list(groups):
        groups.remove(value)


def _signed_with(method: SignatureMethod, digest: DigestAlgorithm) -> SignOne:
    def sign_one(message: etree._Element, pair: KeyPair) -> etree._Element:
        copied = with_place_for_signature(message)
        signer = AnySigner(
            signature_algorithm=method, digest_algorithm=digest, c14n_algorithm=_EXCLUSIVE
        )
        uri = f"#{copied.get('ID')}"
        return signer.sign(copied, key=pair.key, cert=[pair.certificate], reference_uri=uri)

    return sign_one


@on_tree
def rsa_sha1(response: etree._Element, context: Context) -> etree._Element:
    """Signed with RSA-SHA1."""
    sign_one = _signed_with(SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA256)
    return sign_response(response, _signer(context), context.sign, sign_one)


@on_tree
def sha1_digest(response: etree._Element, context: Context) -> etree._Element:
    """Signed with RSA-SHA256, over a SHA-1 digest."""
    sign_one = _signed_with(SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA1)
    return sign_response(response, _signer(context), context.sign, sign_one)


@on_tree
def xpath_transform(response: etree._Element, context: Context) -> etree._Element:
    """An XPath transform leaves the subject unsigned; then it is made to name the victim."""
    pair = _signer(context)
    response = sign_response(response, pair, "assertion")
    assertion = assertion_in(response)
    signature = signature_of(assertion)
    kept = copy_of(assertion)
    strip_signature(kept)
    for name in ("saml:Subject", "saml:AttributeStatement"):
        for left_out in kept.findall(qname(name)):
            kept.remove(left_out)
    digest = hashlib.sha256(_canonical(kept)).digest()
    transforms = next(signature.iter(qname("ds:Transforms")))
    chosen = element(None, "ds:Transform", Algorithm=_XPATH)
    expression = "not(ancestor-or-self::saml:Subject or ancestor-or-self::saml:AttributeStatement)"
    path = etree.SubElement(chosen, qname("ds:XPath"), nsmap={"saml": uris.SAML})
    path.text = expression
    transforms.insert(1, chosen)
    next(signature.iter(qname("ds:DigestValue"))).text = base64.b64encode(digest).decode()
    info = next(signature.iter(qname("ds:SignedInfo")))
    value = sign_bytes(pair.key, _canonical(info))
    next(signature.iter(qname("ds:SignatureValue"))).text = base64.b64encode(value).decode()
    say_victim(assertion, context)
    return response


@on_tree
def encrypted_for_stranger(response: etree._Element, context: Context) -> etree._Element:
    """The assertion is encrypted with the key of somebody else."""
    had_signature = response.find(qname("ds:Signature")) is not None
    encrypt_assertions(response, context.stranger.certificate, context.encryption_algorithm)
    return signed(response, _signer(context)) if had_signature else response


def _canonical(node: etree._Element) -> bytes:
    return etree.tostring(node, method="c14n", exclusive=True, with_comments=False)
