"""JSON Web Tokens signed with a published key: header, key, signature, times.

What every issuer's token must pass, whoever asks. Who issued it, and for whom, the callers check.
Sources: RFC 7515, RFC 7517 and RFC 7519; RFC 8725 (best current practices).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from .faults import TokenFault

PublicKey = RSAPublicKey | EllipticCurvePublicKey

# What a published key of each type may sign with. No "none", and no HMAC: its secret would have
# to be a public value.
_OF_KEY = {
    "RSA": frozenset({"RS256", "RS384", "RS512"}),
    "EC": frozenset({"ES256", "ES384", "ES512"}),
}
ALGORITHMS: frozenset[str] = frozenset().union(*_OF_KEY.values())
_CURVES = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}
_LEAST_RSA_BITS = 2048
_UNREADABLE = (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, RecursionError)


def read_header(token: Any, algorithms: Collection[str] = ALGORITHMS) -> dict[str, Any]:
    """The header as it stands in the token, not yet believed. TokenFault malformed, algorithm."""
    if not isinstance(token, str) or not token:
        raise TokenFault("malformed", part="missing")
    try:
        header = jwt.get_unverified_header(token)
    except _UNREADABLE as error:
        raise TokenFault("malformed", part="format") from error
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        raise TokenFault("algorithm")
    if "crit" in header:
        raise TokenFault("malformed", part="header")
    return header


def read_claims(token: str) -> dict[str, Any]:
    """What a token says of itself, believed by nobody yet. TokenFault malformed."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
        _check_text(claims)
    except _UNREADABLE as error:
        raise TokenFault("malformed", part="claims") from error
    return claims


def key_for(header: Mapping[str, Any], key_set: Any) -> PublicKey:
    """The one key of a key set that the header names and that may sign with its algorithm.

    `key_set` is the member `keys` as it was published, whatever that is. TokenFault keys, or
    algorithm when the key is for another one.
    """
    kid = header.get("kid")
    keys = key_set if isinstance(key_set, list) else []
    named = [
        k for k in keys if isinstance(k, dict) and isinstance(kid, str) and k.get("kid") == kid
    ]
    if len(named) != 1:
        raise TokenFault("keys", part="kid")
    fit = header["alg"] in _OF_KEY.get(str(named[0].get("kty")), ())
    if not fit or not _is_for_signatures(named[0], header["alg"]):
        raise TokenFault("algorithm")
    try:
        key = jwt.PyJWK(named[0], algorithm=header["alg"]).key
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenFault("keys", part="key") from error
    if isinstance(key, RSAPublicKey) and key.key_size >= _LEAST_RSA_BITS:
        return key
    if isinstance(key, EllipticCurvePublicKey) and key.curve.name == _CURVES[header["alg"]]:
        return key
    raise TokenFault("keys", part="key")


def _is_for_signatures(jwk: Mapping[str, Any], algorithm: str) -> bool:
    """Whether the issuer publishes a key for this algorithm and use (RFC 7517, 4.2 to 4.4)."""
    operations = jwk.get("key_ops", ["verify"])
    return (
        jwk.get("alg") in (None, algorithm)
        and jwk.get("use") in (None, "sig")
        and isinstance(operations, list)
        and "verify" in operations
    )


def signed_claims(
    token: str, key: PublicKey, algorithm: str, *, require: Collection[str], leeway: int = 0
) -> dict[str, Any]:
    """The claims of a token with a true signature, within its times (RFC 7519, section 4.1).

    `leeway` is how many seconds two clocks may differ. TokenFault signature, expired, immature,
    missing:<claim> or malformed.
    """
    options: Any = {"require": list(require), "verify_aud": False, "verify_iss": False}
    try:
        claims = jwt.decode(token, key, algorithms=[algorithm], options=options, leeway=leeway)
        _check_text(claims)
    except jwt.ExpiredSignatureError as error:
        raise TokenFault("expired", part="exp") from error
    except jwt.ImmatureSignatureError as error:
        raise TokenFault("immature", part="iat") from error
    except jwt.InvalidSignatureError as error:
        raise TokenFault("signature") from error
    except jwt.MissingRequiredClaimError as error:
        raise TokenFault(f"missing:{error.claim}", part=error.claim) from error
    except _UNREADABLE as error:
        raise TokenFault("malformed", part="claims") from error
    return claims


def _check_text(claims: Mapping[str, Any]) -> None:
    """ValueError for a lone surrogate or an infinite number: JSON can write them, nobody mean."""
    json.dumps(claims, ensure_ascii=False, allow_nan=False).encode()
