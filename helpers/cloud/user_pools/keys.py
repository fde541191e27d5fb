"""A user pool's signing keys, and the documents that publish them."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from helpers.cloud import resources
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools.state import SigningKeys, UserPoolsState
from helpers.cloud.world import World


def issuer(pool_id: str) -> str:
    """The `iss` of a pool's tokens. A pool id begins with its region."""
    region = pool_id.split("_", 1)[0]
    return f"https://cognito-idp.{region}.amazonaws.com/{pool_id}"


def signing_keys(world: World, pool_id: str) -> SigningKeys:
    """The pool's two keys, made when first needed: a 2048-bit key costs tens of milliseconds."""
    state = world.room(UserPoolsState).pool(pool_id)
    if state.keys is None:
        state.keys = SigningKeys(_kid(world), _new_key(), _kid(world), _new_key())
    return state.keys


def _kid(world: World) -> str:
    return base64.b64encode(world.ids.bytes(32)).decode()


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _number(value: int) -> str:
    octets = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _jwk(kid: str, key: rsa.RSAPrivateKey) -> dict[str, str]:
    public = key.public_key().public_numbers()
    return {
        "alg": "RS256",
        "e": _number(public.e),
        "kid": kid,
        "kty": "RSA",
        "n": _number(public.n),
        "use": "sig",
    }


def jwks(world: World, pool_id: str, region: str, account: str) -> dict[str, Any]:
    """The pool's JSON Web Key Set (RFC 7517). ResourceNotFoundException for an unknown pool."""
    _require(pool_id, region, account)
    keys = signing_keys(world, pool_id)
    return {"keys": [_jwk(keys.id_kid, keys.id_key), _jwk(keys.access_kid, keys.access_key)]}


def discovery(world: World, pool_id: str, region: str, account: str) -> dict[str, Any]:
    """The pool's OpenID Connect discovery document.

    The endpoints of the authorization server appear once the pool has a domain.
    """
    pool = _require(pool_id, region, account)
    iss = issuer(pool_id)
    document: dict[str, Any] = {
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": iss,
        "jwks_uri": f"{iss}/.well-known/jwks.json",
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
    if pool.domain:
        name = pool.domain.domain
        custom = "." in name
        base = f"https://{name}" if custom else f"https://{name}.auth.{region}.amazoncognito.com"
        document |= {
            "authorization_endpoint": f"{base}/oauth2/authorize",
            "end_session_endpoint": f"{base}/logout",
            "revocation_endpoint": f"{base}/oauth2/revoke",
            "token_endpoint": f"{base}/oauth2/token",
            "userinfo_endpoint": f"{base}/oauth2/userInfo",
        }
    return document


def _require(pool_id: str, region: str, account: str) -> Any:
    pool = resources.backend("cognito-idp", account, region).user_pools.get(pool_id)
    if pool is None:
        message = f"User pool {pool_id} does not exist."
        raise AwsError("ResourceNotFoundException", message)
    return pool
