"""Sign in with Apple has no client secret: the app signs one itself, for minutes only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from helpers.cloud.federation.refusals import refused

_APPLE = "https://appleid.apple.com"
_SECONDS = 300


def client_secret(details: Mapping[str, str], now: datetime) -> str:
    """A JWT signed with the team's key: from ProviderDetails team_id, key_id and private_key.

    Source: Apple, "Creating a client secret". FederationError if the key is no P-256 key.
    """
    issued = int(now.timestamp())
    claims = {
        "iss": details.get("team_id", ""),
        "iat": issued,
        "exp": issued + _SECONDS,
        "aud": _APPLE,
        "sub": details.get("client_id", ""),
    }
    key = _private_key(details.get("private_key", ""))
    return jwt.encode(claims, key, "ES256", headers={"kid": details.get("key_id", "")})


def _private_key(text: str) -> EllipticCurvePrivateKey:
    """The key in Apple's .p8 file, with or without its first and last line."""
    if "-----BEGIN" not in text:
        text = f"-----BEGIN PRIVATE KEY-----\n{text.strip()}\n-----END PRIVATE KEY-----\n"
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise refused("SignInWithApple Error - the private key cannot be read") from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise refused("SignInWithApple Error - the private key is no P-256 key")
    return key
