"""GetSessionToken: an IAM user's own permissions for a while, with MFA on the record.

Source: AWS STS API Reference, GetSessionToken.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .mfa import check_mfa

_DEFAULT_SECONDS = 12 * 3600
_OF_A_USER = frozenset({"AssumeRole", "GetCallerIdentity", "GetSessionToken"})
_OPEN: Mapping[str, frozenset[str]] = {
    "Account": _OF_A_USER,
    "User": _OF_A_USER,
    "FederatedUser": frozenset({"GetCallerIdentity"}),
}
_SHORTEST, _LONGEST = 900, 36 * 3600
_ROOT_SECONDS = 3600


def get_session_token(call: Call) -> dict[str, Any]:
    """Temporary credentials of the calling user. Policies cannot allow or refuse this.

    AwsError AccessDenied for temporary credentials and for a wrong MFA code.
    """
    if call.credentials is not None:
        text = "Cannot call GetSessionToken with session credentials"
        raise AwsError("AccessDenied", text, 403)
    seconds = check_seconds(call.params.get("DurationSeconds", _DEFAULT_SECONDS), _LONGEST)
    credentials = call.world.sessions.issue(
        call.caller,
        lifetime=timedelta(seconds=limited_for_root(call, seconds)),
        now=call.world.clock.now(),
        context={"aws:MultiFactorAuthPresent": "true"} if check_mfa(call) else {},
        least_token=call.params.get("MinimumSessionTokenSize", 0),
    )
    return {"Credentials": credentials.as_sts()}


def limited_for_root(call: Call, seconds: int) -> int:
    """The root user's sessions last an hour at most, whatever he asked for."""
    return min(seconds, _ROOT_SECONDS) if call.caller.type == "Account" else seconds


def check_session_token_limits(call: Call) -> None:
    """Refuse what a session of a user may never do, whatever its policies say.

    IAM is closed to a GetSessionToken session unless it began with MFA, and of STS only three
    operations are open (one of them to say no in its own words); to a federated user all of IAM
    is closed, and all of STS but GetCallerIdentity. AwsError InvalidClientTokenId or
    AccessDenied. Source: IAM User Guide, "Compare AWS STS credentials".
    """
    if call.credentials is None or call.caller.type not in _OPEN:
        return
    with_mfa = call.credentials.context.get("aws:MultiFactorAuthPresent") == "true"
    if call.service == "iam" and not with_mfa:
        text = "The security token included in the request is invalid"
        raise AwsError("InvalidClientTokenId", text, 403)
    if call.service == "sts" and call.operation not in _OPEN[call.caller.type]:
        text = f"Cannot call {call.operation} with session credentials"
        raise AwsError("AccessDenied", text, 403)


def check_seconds(seconds: int, longest: int) -> int:
    """The lifetime asked for. AwsError ValidationError if STS offers none as short or as long."""
    if _SHORTEST <= seconds <= longest:
        return seconds
    limit = f"greater than or equal to {_SHORTEST}"
    if seconds > longest:
        limit = f"less than or equal to {longest}"
    text = (
        f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy "
        f"constraint: Member must have value {limit}"
    )
    raise AwsError("ValidationError", text)
