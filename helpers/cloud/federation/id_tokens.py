"""ID tokens of outside providers: everything that must hold before one is believed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import jwt

from helpers.cloud.federation.answers import ask
from helpers.cloud.federation.discovery import same_issuer
from helpers.cloud.federation.refusals import bad_id_token
from helpers.cloud.user_pools.directory import Pool
from helpers.cloud.user_pools.identity_providers import IdentityProvider
from helpers.cloud.web_identity import TokenFault
from helpers.cloud.web_identity.signed_tokens import key_for, read_header, signed_claims

# Two clocks may differ by this many seconds.
_LEEWAY = 60
_REQUIRED = ("iss", "sub", "aud", "exp", "iat")
_WORDS = {
    "expired": "exp: the token has expired",
    "immature": "iat: the token is not valid yet",
}
# Google writes its issuer with and without the scheme ("OpenID Connect", Google Identity).
_GOOGLE = ("https://accounts.google.com", "accounts.google.com")


def verified_claims(
    pool: Pool, provider: IdentityProvider, keys_url: str, token: Any, nonce: str
) -> dict[str, Any]:
    """The claims of a provider's ID token, or FederationError.

    OpenID Connect Core, section 3.1.3.7: signature by a key that the provider publishes now,
    issuer, audience, times and nonce.
    """
    try:
        header = read_header(token)
        key_set = ask(pool, provider.name, "jwks_uri", "GET", keys_url).get("keys")
        key = key_for(header, key_set)  # fetched each time, as Cognito does
        claims = signed_claims(token, key, header["alg"], require=_REQUIRED, leeway=_LEEWAY)
    except TokenFault as fault:
        raise bad_id_token(_in_words(fault)) from fault
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


def _in_words(fault: TokenFault) -> str:
    """Which part of the token is wrong, and how."""
    if fault.reason.startswith("missing:"):
        return f"{fault.part} missing"
    return _WORDS.get(fault.reason, fault.part)


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
