"""GetCallerIdentity and GetAccessKeyInfo: whose credentials are these?

Source: AWS STS API Reference.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.caller import account_of_key
from helpers.cloud.errors import AwsError


def get_caller_identity(call: Call) -> dict[str, Any]:
    """Account, ARN and unique id of the caller. No policy can refuse it."""
    caller = call.caller
    return {"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn}


def get_access_key_info(call: Call) -> dict[str, Any]:
    """The account an access key belongs to. AwsError ValidationError for an unknown key."""
    key_id = call.params["AccessKeyId"]
    vended = call.world.sessions.find(key_id)
    if vended is not None:
        return {"Account": vended.principal.account}
    account = account_of_key(key_id)
    if account is not None:
        return {"Account": account}
    raise AwsError("ValidationError", "The access key id is not one of any account.")
