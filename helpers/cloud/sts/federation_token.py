"""GetFederationToken: an IAM user lends a part of his permissions to somebody AWS does not know.

Source: AWS STS API Reference, GetFederationToken; IAM User Guide, "Permissions for
GetFederationToken" and "Pass session tags in AWS STS".
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import Principal

from .session_policies import read_session_policies
from .session_tags import override, read_session_tags
from .session_token import check_seconds, limited_for_root

_DEFAULT_SECONDS = 12 * 3600
_LONGEST = 36 * 3600


def get_federation_token(call: Call) -> dict[str, Any]:
    """Temporary credentials of a federated user: no more than the session policies say.

    Passing none, he may do only what a resource's own policy allows him by name.
    AwsError AccessDenied for temporary credentials, ValidationError, MalformedPolicyDocument.
    """
    if call.credentials is not None:
        text = "Cannot call GetFederationToken with session credentials"
        raise AwsError("AccessDenied", text, 403)
    tags = read_session_tags(call.params, {})
    limits = read_session_policies(call.params, call.account)
    seconds = check_seconds(call.params.get("DurationSeconds", _DEFAULT_SECONDS), _LONGEST)
    credentials = call.world.sessions.issue(
        _federated_user(call.caller, call.params["Name"], tags),
        lifetime=timedelta(seconds=limited_for_root(call, seconds)),
        now=call.world.clock.now(),
        session_policies=limits or (),
        least_token=call.params.get("MinimumSessionTokenSize", 0),
    )
    user = credentials.principal
    return {
        "Credentials": credentials.as_sts(),
        "FederatedUser": {"FederatedUserId": user.user_id, "Arn": user.arn},
    }


def _federated_user(caller: Principal, name: str, tags: dict[str, str]) -> Principal:
    """The principal of the new session. The tags of the user behind it are his, too."""
    return Principal(
        type="FederatedUser",
        arn=f"arn:aws:sts::{caller.account}:federated-user/{name}",
        account=caller.account,
        user_id=f"{caller.account}:{name}",
        username=caller.username,
        tags=override(caller.tags, tags),
        federated_by=caller.arn,
        federated_by_id=caller.user_id,
    )
