"""How a SAML message travels: HTTP-Redirect and HTTP-POST (SAML bindings 3.4, 3.5)."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass
from urllib.parse import quote, unquote_plus, urlencode, urlsplit

from cryptography import x509
from lxml import etree

from helpers.providers.saml import uris
from helpers.providers.saml.keys import KeyPair, is_signed, sign_bytes
from helpers.providers.saml.safe_xml import LARGEST, BadXml, parse
from helpers.providers.saml.signing import NotSigned, verified

_DEFLATE = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"
_SIGNED_PARTS = ("SAMLRequest", "SAMLResponse", "RelayState", "SigAlg")


class BadMessage(ValueError):
    """A request that carries no SAML message which the directory can read."""


@dataclass(frozen=True)
class Arrived:
    """A message as it came in, not yet believed.

    `query` is the raw query string of a redirect; None means that it came by POST.
    """

    document: bytes
    relay_state: str | None
    query: str | None = None

    def root(self) -> etree._Element:
        """The message, unverified. BadMessage when it is no XML."""
        try:
            return parse(self.document)
        except BadXml as wrong:
            raise BadMessage(str(wrong)) from wrong

    def believed(self, certificate: x509.Certificate) -> etree._Element:
        """The message, after its signature was found true. NotSigned otherwise.

        A redirect is signed over its query string with rsa-sha256, a POST inside the XML.
        """
        root = self.root()
        if self.query is None:
            return verified(self.document, certificate)
        check_query_signature(self.query, certificate)
        return root


def from_query(query: str) -> Arrived:
    """A SAMLRequest out of a redirect's raw query string. BadMessage when there is none."""
    parts = raw_parts(query)
    if unquote_plus(parts.get("SAMLEncoding", _DEFLATE)) != _DEFLATE:
        raise BadMessage("the SAMLEncoding is not supported")
    if "SAMLRequest" not in parts:
        raise BadMessage("there is no SAMLRequest in the address")
    packed = _decode(unquote_plus(parts["SAMLRequest"]))
    relay_state = unquote_plus(parts["RelayState"]) if "RelayState" in parts else None
    return Arrived(_inflate(packed), relay_state, query)


def from_form(request: str | None, relay_state: str | None) -> Arrived:
    """A SAMLRequest out of a form. BadMessage when there is none."""
    if not request:
        raise BadMessage("there is no SAMLRequest in the form")
    return Arrived(_decode(request), relay_state)


def raw_parts(query: str) -> dict[str, str]:
    """Name to still quoted value. BadMessage where a name of SAML's comes more than once.

    What is read must be what is signed, so the query is taken apart here only.
    """
    parts: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        name = unquote_plus(name)
        if name in parts and name in (*_SIGNED_PARTS, "Signature", "SAMLEncoding"):
            raise BadMessage(f"{name} is there more than once")
        parts[name] = value
    return parts


def check_query_signature(query: str, certificate: x509.Certificate) -> None:
    """NotSigned unless the query is signed with rsa-sha256 by the certificate's key."""
    parts = raw_parts(query)
    if unquote_plus(parts.get("SigAlg", "")) != uris.RSA_SHA256:
        raise NotSigned("the request must be signed with rsa-sha256")
    try:
        signature = _decode(unquote_plus(parts.get("Signature", "")))
    except BadMessage as wrong:
        raise NotSigned("the signature is missing or not true") from wrong
    octets = "&".join(f"{name}={parts[name]}" for name in _SIGNED_PARTS if name in parts)
    if not is_signed(certificate, signature, octets.encode("latin-1", "replace")):
        raise NotSigned("the signature is missing or not true")


def redirect_url(
    location: str, kind: str, document: bytes, relay_state: str | None, pair: KeyPair
) -> str:
    """The address that carries a message by HTTP-Redirect, signed with rsa-sha256.

    `kind` is "SAMLRequest" or "SAMLResponse".
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(document) + packer.flush()
    parts = [(kind, base64.b64encode(packed).decode())]
    if relay_state is not None:
        parts.append(("RelayState", relay_state))
    parts.append(("SigAlg", uris.RSA_SHA256))
    octets = urlencode(parts, quote_via=quote, safe="")
    signature = base64.b64encode(sign_bytes(pair.key, octets.encode())).decode()
    join = "&" if urlsplit(location).query else "?"
    return f"{location}{join}{octets}&Signature={quote(signature, safe='')}"


def _decode(text: str) -> bytes:
    if len(text) > 2 * LARGEST:
        raise BadMessage("the message is too long")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (ValueError, binascii.Error) as wrong:
        raise BadMessage("the message is not base64") from wrong


def _inflate(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        document = unpacker.decompress(packed, LARGEST)
    except zlib.error as wrong:
        raise BadMessage("the message is not compressed as HTTP-Redirect asks for") from wrong
    if not unpacker.eof:
        raise BadMessage("the message is too long or incomplete")
    return document
