"""DecodeAuthorizationMessage: what stands in the encoded message of a refusal.

Source: AWS STS API Reference, DecodeAuthorizationMessage. How long AWS opens a message is not
documented; here as long as the lesson lasts. The wording of the refusal is ours.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.authorization_messages import NotValid, unseal
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError


def decode_authorization_message(call: Call) -> dict[str, Any]:
    """The decoded message, JSON as text. AwsError InvalidAuthorizationMessageException."""
    try:
        opened = unseal(call.world, call.params["EncodedMessage"], call.account)
    except NotValid as invalid:
        text = "The authorization message is not valid."
        raise AwsError("InvalidAuthorizationMessageException", text) from invalid
    return {"DecodedMessage": opened}
