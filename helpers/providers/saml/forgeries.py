"""What an attacker without the directory's key does to a Response on its way."""

from __future__ import annotations

import re

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import SignatureMethod
from signxml.algorithms import CanonicalizationMethod

from helpers.providers.saml import uris
from helpers.providers.saml.attack import (
    AnySigner,
    Context,
    assertion_in,
    attribute_in,
    evil_copy,
    name_id_in,
    on_tree,
    say_victim,
    signature_of,
)
from helpers.providers.saml.keys import KeyPair
from helpers.providers.saml.safe_xml import element, parse, qname, serialize
from helpers.providers.saml.signing import (
    sign_response,
    strip_signature,
    with_place_for_signature,
)

_MARK = "the-name-goes-here"
_STYLESHEET = (
    b'<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
    b'<xsl:template match="/"><xsl:copy-of select="document(\'file:///etc/passwd\')"/>'
    b"</xsl:template></xsl:stylesheet>"
)


@on_tree
def unsigned(response: etree._Element, context: Context) -> etree._Element:
    """No signature anywhere."""
    strip_signature(response)
    for assertion in response.findall(qname("saml:Assertion")):
        strip_signature(assertion)
    return response


@on_tree
def other_key(response: etree._Element, context: Context) -> etree._Element:
    """Signed by a stranger, whose certificate lies in KeyInfo; it speaks of the victim."""
    return sign_response(_evil(response, context), context.stranger, _signed_parts(response))


@on_tree
def hmac_with_certificate(response: etree._Element, context: Context) -> etree._Element:
    """Signed with HMAC, the directory's public certificate as the shared secret."""
    secret = context.certificate.public_bytes(Encoding.PEM)

    def with_hmac(message: etree._Element, _: KeyPair) -> etree._Element:
        copied = with_place_for_signature(message)
        signer = AnySigner(
            signature_algorithm=SignatureMethod.HMAC_SHA256,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        return signer.sign(copied, key=secret, reference_uri=f"#{copied.get('ID')}")

    evil, which = _evil(response, context), _signed_parts(response)
    return sign_response(evil, context.stranger, which, with_hmac)


@on_tree
def altered(response: etree._Element, context: Context) -> etree._Element:
    """Signed by the directory, then made to speak of the victim."""
    say_victim(assertion_in(response), context)
    return response


@on_tree
def comment_in_name_id(response: etree._Element, context: Context) -> etree._Element:
    """A comment in the NameID and the e-mail address, which a signature does not cover.

    It stands behind the victim's name where the name begins with it, else in the middle. Who
    reads only the text in front of a comment reads somebody else's name.
    """
    assertion = assertion_in(response)
    for place in (name_id_in(assertion), *attribute_in(assertion, uris.CLAIM_EMAIL)):
        text = place.text or ""
        cut = len(context.victim) if text.startswith(context.victim) else len(text) // 2
        place.text = text[:cut]
        comment = etree.Comment("")
        comment.tail = text[cut:]
        place.insert(0, comment)
    return response


def replayed(response_xml: bytes, context: Context) -> bytes:
    """The Response that was sent before, once more, byte for byte."""
    return context.previous or response_xml


def external_entity(response_xml: bytes, context: Context) -> bytes:
    """A DTD with an external entity: the NameID becomes the content of a file."""
    dtd = '<!DOCTYPE samlp:Response [<!ENTITY who SYSTEM "file:///etc/passwd">]>'
    return _with_dtd(response_xml, dtd, "&who;")


def entity_expansion(response_xml: bytes, context: Context) -> bytes:
    """A DTD whose entities grow tenfold at each of six steps ("billion laughs", a small one)."""
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 7))
    dtd = f'<!DOCTYPE samlp:Response [<!ENTITY l0 "ha">{steps}]>'
    return _with_dtd(response_xml, dtd, "&l6;")


@on_tree
def xslt_transform(response: etree._Element, context: Context) -> etree._Element:
    """An XSLT program among the transforms of the signature, run before the key is checked."""
    owner = response if response.find(qname("ds:Signature")) is not None else assertion_in(response)
    transforms = signature_of(owner).find(f".//{qname('ds:Transforms')}")
    xslt = "http://www.w3.org/TR/1999/REC-xslt-19991116"
    element(transforms, "ds:Transform", Algorithm=xslt).append(parse(_STYLESHEET))
    return response


def _with_dtd(response_xml: bytes, dtd: str, entity: str) -> bytes:
    root = parse(response_xml)
    name_id_in(assertion_in(root)).text = _MARK
    text = re.sub(r"^<\?xml[^>]*\?>\s*", "", serialize(root).decode())
    return (dtd + text.replace(_MARK, entity)).encode()


def _evil(response: etree._Element, context: Context) -> etree._Element:
    assertion = assertion_in(response)
    copied = parse(serialize(response))
    copied.replace(assertion_in(copied), evil_copy(assertion, context))
    return copied


def _signed_parts(response: etree._Element) -> str:
    """What of a Response is signed, in the words of `sign`; "assertion" if nothing is."""
    outer = response.find(qname("ds:Signature")) is not None
    inner = assertion_in(response).find(qname("ds:Signature")) is not None
    return "both" if outer and inner else "response" if outer else "assertion"
