"""The tokens that Cognito identity pools give out: GetOpenIdToken signs them, STS believes them.

The header has typ "JWS", alg "RS512" and a kid that begins with the region; the claims are sub (the
identity), aud (the pool), amr, iss, exp and iat. Source: Amazon Cognito Developer Guide, "Identity
pools authentication flow" and "Using attributes for access control"; tokens that users of AWS
have shown (awslabs/aws-jwt-verify #89; the keys at /.well-known/jwks_uri).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from helpers.cloud.signing_keys import new_key, public_jwk
from helpers.cloud.world import World

from .faults import TokenFault
from .signed_tokens import read_claims, read_header, signed_claims

HOST = "cognito-identity.amazonaws.com"
ISSUER = f"https://{HOST}"
TAGS_CLAIM = "https://aws.amazon.com/tags"
POOL_ARN_CLAIM = f"{ISSUER}/identity-pool-arn"
_ALGORITHM = "RS512"
_REQUIRED = ("iss", "sub", "aud", "exp", "iat", "amr")


@dataclass
class CognitoIdentityKeys:
    """The signing key of each region, by key id."""

    by_kid: dict[str, RSAPrivateKey] = field(default_factory=dict)


def issue(
    world: World,
    *,
    pool_id: str,
    identity_id: str,
    amr: Sequence[str],
    lifetime: timedelta,
    pool_arn: str = "",
    tags: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> str:
    """A signed token that says which identity of which pool its bearer is.

    `tags` are principal tags, each of which becomes a session tag. `extra` are further claims;
    none of them replaces one of the token's own.
    """
    now = world.clock.timestamp()
    claims: dict[str, Any] = {
        **(extra or {}),
        "sub": identity_id,
        "aud": pool_id,
        "amr": list(amr),
        "iss": ISSUER,
        "exp": now + int(lifetime.total_seconds()),
        "iat": now,
    }
    if pool_arn:
        claims[POOL_ARN_CLAIM] = pool_arn
    if tags:
        claims[TAGS_CLAIM] = {"principal_tags": {key: [text] for key, text in tags.items()}}
    kid, key = _signing_key(world, region=pool_id.split(":", 1)[0])
    return jwt.encode(claims, key, algorithm=_ALGORITHM, headers={"kid": kid, "typ": "JWS"})


def verify(world: World, token: str) -> dict[str, Any]:
    """The claims of a token that an identity pool of this world gave out, or TokenFault.

    Whether that pool is one that the verifier wants to hear of, the claims `aud` and `amr` tell.
    """
    header = read_header(token, (_ALGORITHM,))
    unverified = read_claims(token)
    kid = header.get("kid")
    keys = world.room(CognitoIdentityKeys).by_kid
    if unverified.get("iss") != ISSUER:
        raise TokenFault("issuer", unverified)
    if not isinstance(kid, str) or kid not in keys:
        raise TokenFault("keys", unverified, part="kid")
    try:
        return signed_claims(token, keys[kid].public_key(), _ALGORITHM, require=_REQUIRED)
    except TokenFault as fault:
        raise TokenFault(fault.reason, unverified, part=fault.part) from fault


def jwks(world: World) -> dict[str, Any]:
    """The JSON Web Key Set at https://cognito-identity.amazonaws.com/.well-known/jwks_uri."""
    keys = world.room(CognitoIdentityKeys).by_kid
    return {"keys": [public_jwk(kid, key, _ALGORITHM) for kid, key in keys.items()]}


def discovery() -> dict[str, Any]:
    """The discovery document of the issuer (OpenID Connect Discovery 1.0, section 3).

    It has no endpoint to sign in at: identity pools sign nobody in, they exchange tokens.
    """
    return {
        "issuer": ISSUER,
        "jwks_uri": f"{ISSUER}/.well-known/jwks_uri",
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [_ALGORITHM],
    }


def _signing_key(world: World, region: str) -> tuple[str, RSAPrivateKey]:
    keys, kid = world.room(CognitoIdentityKeys).by_kid, f"{region}1"
    if kid not in keys:
        keys[kid] = new_key()
    return kid, keys[kid]
