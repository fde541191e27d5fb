"""The keys that this cloud signs tokens with, and how a key set publishes them."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric import rsa


def new_key() -> rsa.RSAPrivateKey:
    """A 2048-bit RSA key. It costs tens of milliseconds, so callers make one when first needed."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(kid: str, key: rsa.RSAPrivateKey, algorithm: str) -> dict[str, str]:
    """The public half of a key as a member of a JSON Web Key Set (RFC 7517, RFC 7518)."""
    public = key.public_key().public_numbers()
    return {
        "alg": algorithm,
        "e": _number(public.e),
        "kid": kid,
        "kty": "RSA",
        "n": _number(public.n),
        "use": "sig",
    }


def _number(value: int) -> str:
    octets = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
