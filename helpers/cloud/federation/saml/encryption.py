"""Opening encrypted assertions (SAML core 2.3.4; XML Encryption 1.1).

The content key is for RSA-OAEP only: RSA 1.5 padding tells an attacker too much. Triple DES is
not accepted either.
"""

from __future__ import annotations

import base64
import binascii
from types import MappingProxyType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from helpers.cloud.federation.saml.xml import (
    NAMESPACES,
    Malformed,
    child,
    children,
    name,
    only,
    parse,
    text,
)

_XENC, _XENC11, _DS = NAMESPACES["xenc"], NAMESPACES["xenc11"], NAMESPACES["ds"]
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_BLOCK = 16
# Block cipher: whether it authenticates, and the length of its key in bytes.
_CIPHERS = MappingProxyType(
    {f"{_XENC}aes{bits}-cbc": (False, bits // 8) for bits in (128, 192, 256)}
    | {f"{_XENC11}aes{bits}-gcm": (True, bits // 8) for bits in (128, 192, 256)}
)
_OAEP_SHA1_MGF = f"{_XENC}rsa-oaep-mgf1p"
_OAEP = f"{_XENC11}rsa-oaep"
_DIGESTS: MappingProxyType[str, type[hashes.HashAlgorithm]] = MappingProxyType(
    {
        f"{_DS}sha1": hashes.SHA1,
        f"{_XENC}sha256": hashes.SHA256,
        f"{_MORE}sha384": hashes.SHA384,
        f"{_XENC}sha512": hashes.SHA512,
    }
)
_MASKS: MappingProxyType[str, type[hashes.HashAlgorithm]] = MappingProxyType(
    {
        f"{_XENC11}mgf1sha1": hashes.SHA1,
        f"{_XENC11}mgf1sha256": hashes.SHA256,
        f"{_XENC11}mgf1sha384": hashes.SHA384,
        f"{_XENC11}mgf1sha512": hashes.SHA512,
    }
)


def decrypted(encrypted: etree._Element, key: RSAPrivateKey) -> etree._Element:
    """The assertion in an EncryptedAssertion, as a document of its own. Malformed otherwise."""
    data = only(encrypted, "xenc:EncryptedData")
    if data.get("Type", f"{_XENC}Element") != f"{_XENC}Element":
        raise Malformed("not an encrypted element")
    authenticated, length = _cipher(only(data, "xenc:EncryptionMethod"))
    content_key = _content_key(_encrypted_key(encrypted, data), key)
    if len(content_key) != length:
        raise Malformed("a content key of another length")
    assertion = parse(_plain(authenticated, content_key, _octets(data)))
    if assertion.tag != name("saml:Assertion"):
        raise Malformed("not an assertion")
    return assertion


def _cipher(method: etree._Element) -> tuple[bool, int]:
    algorithm = method.get("Algorithm", "")
    if algorithm not in _CIPHERS:
        raise Malformed("a cipher that is not accepted")
    return _CIPHERS[algorithm]


def _encrypted_key(encrypted: etree._Element, data: etree._Element) -> etree._Element:
    """The one EncryptedKey, inside EncryptedData's KeyInfo or beside EncryptedData."""
    info = child(data, "ds:KeyInfo")
    found = children(encrypted, "xenc:EncryptedKey")
    found += [] if info is None else children(info, "xenc:EncryptedKey")
    if len(found) != 1:
        raise Malformed("not one encrypted key")
    return found[0]


def _content_key(encrypted_key: etree._Element, key: RSAPrivateKey) -> bytes:
    try:
        scheme = _oaep(only(encrypted_key, "xenc:EncryptionMethod"))
        return key.decrypt(_octets(encrypted_key), scheme)
    except ValueError as wrong:
        raise Malformed("the content key cannot be opened") from wrong


def _oaep(method: etree._Element) -> OAEP:
    """RSA-OAEP with the hash functions that the method names, SHA-1 where it names none."""
    algorithm = method.get("Algorithm")
    shown, mask = child(method, "ds:DigestMethod"), child(method, "xenc11:MGF")
    digest = f"{_DS}sha1" if shown is None else shown.get("Algorithm", "")
    generator = f"{_XENC11}mgf1sha1" if mask is None else mask.get("Algorithm", "")
    plain = algorithm == _OAEP or (algorithm == _OAEP_SHA1_MGF and mask is None)
    if not plain or digest not in _DIGESTS or generator not in _MASKS:
        raise Malformed("a key transport that is not accepted")
    if children(method, "xenc:OAEPparams"):
        raise Malformed("a label")
    return OAEP(MGF1(_MASKS[generator]()), _DIGESTS[digest](), None)


def _octets(element: etree._Element) -> bytes:
    value = text(only(only(element, "xenc:CipherData"), "xenc:CipherValue"))
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise Malformed("not base64") from wrong


def _plain(authenticated: bool, key: bytes, octets: bytes) -> bytes:
    try:
        return _open_gcm(key, octets) if authenticated else _open_cbc(key, octets)
    except (ValueError, InvalidTag) as wrong:
        raise Malformed("the content cannot be opened") from wrong


def _open_gcm(key: bytes, octets: bytes) -> bytes:
    # XML Encryption 5.2.4: twelve bytes of nonce first, the tag last.
    return AESGCM(key).decrypt(octets[:12], octets[12:], None)


def _open_cbc(key: bytes, octets: bytes) -> bytes:
    """XML Encryption 5.2.2 and 5.2.5: only the last byte of the padding means anything."""
    decryptor = Cipher(algorithms.AES(key), modes.CBC(octets[:_BLOCK])).decryptor()
    padded = decryptor.update(octets[_BLOCK:]) + decryptor.finalize()
    if not padded or not 1 <= padded[-1] <= _BLOCK:
        raise ValueError("padding")
    return padded[: -padded[-1]]
