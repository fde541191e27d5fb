"""How SAML messages travel through the browser (SAML bindings 3.4 and 3.5)."""

from __future__ import annotations

import base64
import binascii
import zlib
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from helpers.cloud.federation.saml.xml import Malformed, parse, serialize
from helpers.cloud.federation.state import KeyPair

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

# Developer guide, "The IdP SAML assertion endpoint".
_LONGEST = 100_000


def redirect_url(
    endpoint: str, request: etree._Element, relay_state: str, pair: KeyPair | None
) -> str:
    """The address that carries a request to a provider, signed with rsa-sha256 if a key is given.

    The signature is over the query as it is sent, without the signature itself.
    """
    deflate = zlib.compressobj(wbits=-15)
    packed = deflate.compress(serialize(request)) + deflate.flush()
    parts = {"SAMLRequest": base64.b64encode(packed).decode(), "RelayState": relay_state}
    query = urlencode(parts if pair is None else {**parts, "SigAlg": RSA_SHA256})
    if pair is not None:
        signature = pair.key.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())
        query += "&" + urlencode({"Signature": base64.b64encode(signature).decode()})
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"


def read_post(message: str) -> etree._Element:
    """The message in a SAMLResponse form field. Malformed if it is too long or no XML."""
    if not 0 < len(message) <= _LONGEST:
        raise Malformed("too long")
    try:
        # Line breaks are allowed in a posted message, anything else is not (RFC 2045, 6.8).
        return parse(base64.b64decode("".join(message.split()), validate=True))
    except (binascii.Error, ValueError) as wrong:
        raise Malformed("not base64 of XML") from wrong
