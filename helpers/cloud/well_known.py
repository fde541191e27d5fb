"""The two documents that a user pool publishes for everyone: its keys and its OpenID metadata.

Source: Amazon Cognito Developer Guide, "Verifying JSON web tokens"; OpenID Connect Discovery 1.0.
"""

from __future__ import annotations

import json
import re

from moto.core.request import Request

from helpers.cloud import user_pools
from helpers.cloud.response import Response
from helpers.cloud.world import World

# No S3 bucket has an underscore in its name, so the path alone tells.
_PATH = re.compile(
    r"^/(?P<pool>(?P<region>[a-z]{2}-[a-z]+-\d)_[0-9A-Za-z]+)/\.well-known/"
    r"(?P<name>jwks\.json|openid-configuration)$"
)


def asks_for(request: Request) -> re.Match[str] | None:
    """The parts of a well-known address, None for any other request."""
    return _PATH.match(request.path) if request.method in ("GET", "HEAD") else None


def publish(world: World, address: re.Match[str]) -> Response:
    """The document at a well-known address. AwsError ResourceNotFoundException."""
    make = user_pools.jwks if address["name"] == "jwks.json" else user_pools.discovery
    account = user_pools.pool_account(address["pool"]) or world.account
    document = make(world, address["pool"], region=address["region"], account=account)
    headers = {"Content-Type": "application/json", "Cache-Control": "public, max-age=86400"}
    return Response(200, headers, json.dumps(document).encode())
