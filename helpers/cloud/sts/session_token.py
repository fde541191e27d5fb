"""GetSessionToken: an IAM user's own permissions for a while, with MFA on the record.

Source: AWS STS API Reference, GetSessionToken.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .mfa import check_mfa

_DEFAULT_SECONDS = 12 * 3600
_ROOT_SECONDS = 3600


def get_session_token(call: Call) -> dict[str, Any]:
    """Temporary credentials of the calling user. Policies cannot allow or refuse this.

    AwsError AccessDenied for temporary credentials and for a wrong MFA code.
    """
    if call.credentials is not None:
        text = "Cannot call GetSessionToken with session credentials"
        raise AwsError("AccessDenied", text, 403)
    seconds = call.params.get("DurationSeconds", _DEFAULT_SECONDS)
    if call.caller.type == "Account":
        seconds = min(seconds, _ROOT_SECONDS)
    credentials = call.world.sessions.issue(
        call.caller,
        lifetime=timedelta(seconds=seconds),
        now=call.world.clock.now(),
        context={"aws:MultiFactorAuthPresent": "true"} if check_mfa(call) else {},
    )
    return {"Credentials": credentials.as_sts()}
