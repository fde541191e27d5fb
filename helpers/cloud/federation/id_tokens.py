"""ID tokens of outside providers: everything that must hold before one is believed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from helpers.cloud.federation.answers import ask
from helpers.cloud.federation.discovery import same_issuer
from helpers.cloud.federation.refusals import bad_id_token
from helpers.cloud.user_pools.directory import Pool
from helpers.cloud.user_pools.identity_providers import IdentityProvider

# What a published key of each type may sign with. No "none", and no HMAC: its secret would have
# to be a public value or the client secret.
_OF_KEY = {
    "RSA": frozenset({"RS256", "RS384", "RS512"}),
    "EC": frozenset({"ES256", "ES384", "ES512"}),
}
_ALGORITHMS = frozenset().union(*_OF_KEY.values())
_CURVES = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}
_LEAST_RSA_BITS = 2048
# Two clocks may differ by this many seconds.
_LEEWAY = 60
# Google writes its issuer with and without the scheme ("OpenID Connect", Google Identity).
_GOOGLE = ("https://accounts.google.com", "accounts.google.com")


def verified_claims(
    pool: Pool, provider: IdentityProvider, keys_url: str, token: Any, nonce: str
) -> dict[str, Any]:
    """The claims of a provider's ID token, or FederationError.

    OpenID Connect Core, section 3.1.3.7: signature by a key that the provider publishes now,
    issuer, audience, times and nonce.
    """
    if not isinstance(token, str) or not token:
        raise bad_id_token("missing")
    header = _header(token)
    key = _key(pool, provider, keys_url, header)
    claims = _signed_claims(token, key, header["alg"])
    _check_issuer(provider, claims)
    _check_audience(provider, claims)
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise bad_id_token("nonce")
    if not claims["sub"]:
        raise bad_id_token("sub")
    return claims


def check_access_token(claims: Mapping[str, Any], id_token: str, access_token: str) -> None:
    """FederationError if the ID token names, in `at_hash`, another access token."""
    given = claims.get("at_hash")
    if given is None:
        return
    algorithm = jwt.get_unverified_header(id_token)["alg"]
    digest = hashlib.new(f"sha{algorithm[-3:]}", access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), half):
        raise bad_id_token("at_hash")


def _header(token: str) -> dict[str, Any]:
    """The header as it stands in the token, not yet believed."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise bad_id_token("format") from error
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in _ALGORITHMS:
        raise bad_id_token("algorithm")
    if "crit" in header:
        raise bad_id_token("header")
    return header


def _key(
    pool: Pool, provider: IdentityProvider, url: str, header: Mapping[str, Any]
) -> RSAPublicKey | EllipticCurvePublicKey:
    """The provider's key that the token names. Fetched each time, as Cognito does."""
    key_set = ask(pool, provider.name, "jwks_uri", "GET", url).get("keys")
    keys = key_set if isinstance(key_set, list) else []
    kid = header.get("kid")
    named = [
        k for k in keys if isinstance(k, dict) and isinstance(kid, str) and k.get("kid") == kid
    ]
    if len(named) != 1:
        raise bad_id_token("kid")
    fit = header["alg"] in _OF_KEY.get(str(named[0].get("kty")), ())
    declared = named[0].get("alg") in (None, header["alg"]) and named[0].get("use") != "enc"
    if not fit or not declared:
        raise bad_id_token("algorithm")
    try:
        key = jwt.PyJWK(named[0], algorithm=header["alg"]).key
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise bad_id_token("key") from error
    if isinstance(key, RSAPublicKey) and key.key_size >= _LEAST_RSA_BITS:
        return key
    if isinstance(key, EllipticCurvePublicKey) and key.curve.name == _CURVES[header["alg"]]:
        return key
    raise bad_id_token("key")


def _signed_claims(token: str, key: Any, algorithm: str) -> dict[str, Any]:
    """The claims of a token with a true signature, within its times."""
    options: Any = {
        "require": ["iss", "sub", "aud", "exp", "iat"],
        "verify_aud": False,
        "verify_iss": False,
    }
    try:
        claims = jwt.decode(token, key, algorithms=[algorithm], options=options, leeway=_LEEWAY)
        # A lone surrogate can be written in JSON, but is no character.
        json.dumps(claims, ensure_ascii=False, allow_nan=False).encode()
    except jwt.ExpiredSignatureError as error:
        raise bad_id_token("exp: the token has expired") from error
    except jwt.ImmatureSignatureError as error:
        raise bad_id_token("iat: the token is not valid yet") from error
    except jwt.InvalidSignatureError as error:
        raise bad_id_token("signature") from error
    except jwt.MissingRequiredClaimError as error:
        raise bad_id_token(f"{error.claim} missing") from error
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise bad_id_token("claims") from error
    return claims


def _check_issuer(provider: IdentityProvider, claims: Mapping[str, Any]) -> None:
    wanted, said = provider.details.get("oidc_issuer", ""), claims["iss"]
    google = provider.kind == "Google" and wanted in _GOOGLE and said in _GOOGLE
    if not google and not same_issuer(said, wanted):
        raise bad_id_token(f"issuer {said}")


def _check_audience(provider: IdentityProvider, claims: Mapping[str, Any]) -> None:
    """The token is for us, and if for others too, it was issued to us (azp)."""
    client, audience = provider.details["client_id"], claims["aud"]
    audiences = audience if isinstance(audience, list) else [audience]
    if client not in audiences or claims.get("azp", client) != client:
        raise bad_id_token("audience")
    if len(audiences) > 1 and claims.get("azp") != client:
        raise bad_id_token("audience")
