"""The words in which a login that does not hold is refused.

Source: Amazon Cognito Developer Guide, "Getting credentials"; messages as users of AWS have
reported them. Wordings that no source gives are marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from helpers.cloud.errors import AwsError
from helpers.cloud.world import World

UNSUPPORTED = "Token is not from a supported provider of this identity pool."
MISMATCH = "Logins don't match. Please include at least one valid login for this identity or "
MISMATCH += "identity pool."

_INVALID = {
    "malformed": "Not a valid OpenId Connect identity token.",
    "algorithm": "Couldn't verify signed token.",
    "keys": "Couldn't verify signed token.",
    "signature": "Token signature invalid.",
    "issuer": "Issuer doesn't match providerName",
    "token_use": "Missing a required claim: aud",
    "own token": "Can't pass in a Cognito token.",
    "not own token": "Not a Cognito token.",
    # Our wordings: AWS's for these were not found.
    "immature": "Token is not valid yet.",
    "revoked": "Token has been revoked.",
    "user": "User is disabled or does not exist.",
}


def refuse_token(world: World, reason: str, claims: Mapping[str, Any]) -> NoReturn:
    """Refuse a token for one of the reasons of TokenFault and TokenError.

    AwsError NotAuthorizedException; ExternalServiceException for a provider that gives no answer.
    """
    if reason == "unreachable":
        # Our wording: AWS's was not found.
        text = "The identity provider did not respond."
        raise AwsError("ExternalServiceException", text)
    if reason == "expired":
        now = world.clock.timestamp()
        not_authorized(f"Invalid login token. Token expired: {now} >= {claims.get('exp')}")
    if reason == "audience":
        not_authorized(UNSUPPORTED)
    if reason.startswith("missing:"):
        claim = reason.removeprefix("missing:")
        not_authorized(f"Invalid login token. Missing a required claim: {claim}")
    invalid_token(reason)


def refuse_access_token(world: World, reason: str, claims: Mapping[str, Any]) -> NoReturn:
    """Refuse an access token of Facebook or Amazon, which is no OpenID Connect token.

    AwsError NotAuthorizedException, ExternalServiceException.
    """
    if reason in ("unreachable", "audience"):
        refuse_token(world, reason, claims)
    if reason == "expired":
        not_authorized("Invalid login token. Token is expired.")
    # Our wording: AWS's was not found.
    not_authorized("Invalid login token. The provider does not know this access token.")


def invalid_token(reason: str) -> NoReturn:
    """AwsError NotAuthorizedException "Invalid login token. …"."""
    not_authorized(f"Invalid login token. {_INVALID.get(reason, _INVALID['signature'])}")


def not_authorized(message: str) -> NoReturn:
    """AwsError NotAuthorizedException."""
    raise AwsError("NotAuthorizedException", message)
