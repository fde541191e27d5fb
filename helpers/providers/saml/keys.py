"""RSA keys and self-signed certificates, as the directory and its neighbours use them."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

# Fixed dates: a lesson's clock may stand anywhere between them.
_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_UNTIL = datetime(2045, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class KeyPair:
    """A private key and the certificate that shows its public half."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate


def make_key_pair(common_name: str) -> KeyPair:
    """A new RSA key of 2048 bits with a certificate signed by itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(_FROM).not_valid_after(_UNTIL)
    return KeyPair(key, builder.sign(key, hashes.SHA256()))


def certificate_text(certificate: x509.Certificate) -> str:
    """The certificate as ds:X509Certificate holds it: base64 of DER, without line breaks."""
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


def read_certificate(text: str) -> x509.Certificate:
    """A certificate out of PEM, or out of the base64 text of a metadata document.

    ValueError when it is none, or when its key is not an RSA key of at least 2048 bits.
    """
    try:
        if "-----BEGIN" in text:
            certificate = x509.load_pem_x509_certificate(text.encode())
        else:
            der = base64.b64decode("".join(text.split()), validate=True)
            certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
    except (ValueError, binascii.Error) as wrong:
        raise ValueError("this is not an X.509 certificate") from wrong
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < 2048:
        raise ValueError("the certificate must be for an RSA key of at least 2048 bits")
    return certificate


def public_key(certificate: x509.Certificate) -> rsa.RSAPublicKey:
    """The certificate's RSA key. ValueError for a key of another kind."""
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("the certificate is not for an RSA key")
    return key


def sign_bytes(key: rsa.RSAPrivateKey, data: bytes) -> bytes:
    """RSA-SHA256 (PKCS #1 v1.5) over `data`."""
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def is_signed(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    """Whether `signature` is RSA-SHA256 over `data` by the certificate's key."""
    try:
        public_key(certificate).verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
