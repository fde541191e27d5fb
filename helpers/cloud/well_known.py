"""What issuers of tokens publish for everyone: their keys and their OpenID metadata.

Each user pool is an issuer, and so are all identity pools together. Source: Amazon Cognito
Developer Guide, "Verifying JSON web tokens"; OpenID Connect Discovery 1.0.
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.core.request import Request

from helpers.cloud import user_pools
from helpers.cloud.response import Response
from helpers.cloud.web_identity import cognito_identity
from helpers.cloud.world import World

# No S3 bucket has an underscore in its name, so the path alone tells.
_OF_A_USER_POOL = re.compile(
    r"^/(?P<pool>(?P<region>[a-z]{2}-[a-z]+-\d)_[0-9A-Za-z]+)/\.well-known/"
    r"(?P<name>jwks\.json|openid-configuration)$"
)
# Nor does a bucket's name begin with a dot. The loopback server has no AWS name.
_OF_IDENTITY_POOLS = re.compile(r"^/\.well-known/(?P<name>jwks_uri|openid-configuration)$")


def asks_for(request: Request) -> re.Match[str] | None:
    """The parts of a well-known address, None for any other request."""
    if request.method not in ("GET", "HEAD"):
        return None
    host = request.host.partition(":")[0]
    is_theirs = host == cognito_identity.HOST or not host.endswith(".amazonaws.com")
    found = _OF_IDENTITY_POOLS.match(request.path) if is_theirs else None
    return found or _OF_A_USER_POOL.match(request.path)


def publish(world: World, address: re.Match[str]) -> Response:
    """The document at a well-known address. AwsError ResourceNotFoundException."""
    of_a_pool = "pool" in address.re.groupindex
    document = (_user_pool if of_a_pool else _identity_pools)(world, address)
    headers = {"Content-Type": "application/json", "Cache-Control": "public, max-age=86400"}
    return Response(200, headers, json.dumps(document).encode())


def _user_pool(world: World, address: re.Match[str]) -> dict[str, Any]:
    make = user_pools.jwks if address["name"] == "jwks.json" else user_pools.discovery
    account = user_pools.pool_account(address["pool"]) or world.account
    return make(world, address["pool"], region=address["region"], account=account)


def _identity_pools(world: World, address: re.Match[str]) -> dict[str, Any]:
    keys = address["name"] == "jwks_uri"
    return cognito_identity.jwks(world) if keys else cognito_identity.discovery()
