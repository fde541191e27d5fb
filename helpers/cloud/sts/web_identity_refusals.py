"""What AssumeRoleWithWebIdentity answers to a token that does not hold.

Source of the codes: AWS STS API Reference. The wordings are those that users of AWS have reported;
where none was found, that is said.
"""

from __future__ import annotations

from helpers.cloud.errors import AwsError
from helpers.cloud.web_identity import TokenFault
from helpers.cloud.world import World

_NO_JWT = (
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
)
_NO_KEY = (
    "Couldn't retrieve verification key from your identity provider,  please reference "
    "AssumeRoleWithWebIdentity documentation for requirements"
)
_WORDS = {
    "malformed": _NO_JWT,
    "algorithm": _NO_JWT,
    "audience": "Incorrect token audience",
    "keys": _NO_KEY,
    "unreachable": _NO_KEY,
    # No published wording was found for these.
    "signature": "Token signature invalid",
    "issuer": "Invalid token issuer",
    "immature": "Token is not valid yet",
}


def refused_token(world: World, fault: TokenFault) -> AwsError:
    """The refusal of an OpenID token: InvalidIdentityToken, or ExpiredTokenException."""
    if fault.reason == "expired":
        # AWS leaves out the space before the second number.
        text = f"Token expired: current date/time {world.clock.timestamp()} must be before the "
        text += f"expiration date/time{fault.claims.get('exp')}"
        return AwsError("ExpiredTokenException", text)
    if fault.reason.startswith("missing:"):
        claim = fault.reason.removeprefix("missing:")
        return AwsError("InvalidIdentityToken", f"Missing a required claim: {claim}")
    return AwsError("InvalidIdentityToken", _WORDS[fault.reason])


def refused_access_token(fault: TokenFault) -> AwsError:
    """The refusal of an access token, which its provider has judged. The wordings are ours."""
    if fault.reason == "unreachable":
        text = "The identity provider could not be reached."
        return AwsError("IDPCommunicationError", text)
    if fault.reason == "signature":
        return AwsError("IDPRejectedClaim", "The identity provider rejected the token.", 403)
    if fault.reason == "expired":
        return AwsError("ExpiredTokenException", "The access token has expired.")
    return AwsError("InvalidIdentityToken", "The access token could not be validated.")
