"""A user pool's signing keys, and the documents that publish them."""

from __future__ import annotations

import base64
from typing import Any

from helpers.cloud import resources
from helpers.cloud.errors import AwsError
from helpers.cloud.signing_keys import new_key, public_jwk
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
        state.keys = SigningKeys(_kid(world), new_key(), _kid(world), new_key())
    return state.keys


def _kid(world: World) -> str:
    return base64.b64encode(world.ids.bytes(32)).decode()


def jwks(world: World, pool_id: str, region: str, account: str) -> dict[str, Any]:
    """The pool's JSON Web Key Set (RFC 7517). ResourceNotFoundException for an unknown pool."""
    _require(pool_id, region, account)
    keys = signing_keys(world, pool_id)
    return {
        "keys": [
            public_jwk(keys.id_kid, keys.id_key, "RS256"),
            public_jwk(keys.access_kid, keys.access_key, "RS256"),
        ]
    }


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
