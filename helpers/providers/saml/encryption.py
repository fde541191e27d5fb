"""Encrypting an assertion for one service provider (XML Encryption 1.1, SAML core 2.3.4)."""

from __future__ import annotations

import base64
import os
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from helpers.providers.saml import uris
from helpers.providers.saml.keys import certificate_text, public_key
from helpers.providers.saml.safe_xml import copy_of, element, qname, serialize

_BLOCK = 16
# Name of the algorithm: its URI and the length of its key in bytes.
ALGORITHMS = MappingProxyType(
    {
        "aes128-gcm": (f"{uris.XENC11}aes128-gcm", 16),
        "aes256-gcm": (f"{uris.XENC11}aes256-gcm", 32),
        "aes128-cbc": (f"{uris.XENC}aes128-cbc", 16),
        "aes256-cbc": (f"{uris.XENC}aes256-cbc", 32),
    }
)


def encrypt_assertions(
    response: etree._Element, certificate: x509.Certificate, algorithm: str = "aes256-gcm"
) -> None:
    """Put an EncryptedAssertion in the place of each assertion of a Response.

    The content key is encrypted with RSA-OAEP-MGF1P (SHA-1 inside, as that URI defines it).
    """
    for assertion in response.findall(qname("saml:Assertion")):
        tail = assertion.tail
        locked = encrypted(copy_of(assertion), certificate, algorithm)
        response.replace(assertion, locked)
        locked.tail = tail


def encrypted(
    assertion: etree._Element, certificate: x509.Certificate, algorithm: str
) -> etree._Element:
    """An EncryptedAssertion that only the holder of the certificate's key can open."""
    uri, length = ALGORITHMS[algorithm]
    content_key = os.urandom(length)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    wrapped = public_key(certificate).encrypt(content_key, oaep)
    outer = element(None, "saml:EncryptedAssertion")
    data = element(outer, "xenc:EncryptedData", Type=f"{uris.XENC}Element")
    element(data, "xenc:EncryptionMethod", Algorithm=uri)
    key = element(element(data, "ds:KeyInfo"), "xenc:EncryptedKey")
    method = element(key, "xenc:EncryptionMethod", Algorithm=uris.RSA_OAEP)
    element(method, "ds:DigestMethod", Algorithm=f"{uris.DS}sha1")
    shown = element(element(key, "ds:KeyInfo"), "ds:X509Data")
    element(shown, "ds:X509Certificate", certificate_text(certificate))
    _cipher_value(key, wrapped)
    _cipher_value(data, _encrypt(algorithm, content_key, serialize(assertion)))
    return outer


def _cipher_value(parent: etree._Element, value: bytes) -> None:
    text = base64.b64encode(value).decode()
    element(element(parent, "xenc:CipherData"), "xenc:CipherValue", text)


def _encrypt(algorithm: str, key: bytes, plain: bytes) -> bytes:
    if algorithm.endswith("gcm"):
        nonce = os.urandom(12)
        return nonce + AESGCM(key).encrypt(nonce, plain, None)
    start = os.urandom(_BLOCK)
    fill = _BLOCK - len(plain) % _BLOCK
    padded = plain + os.urandom(fill - 1) + bytes([fill])
    writer = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    return start + writer.update(padded) + writer.finalize()
