"""Putting on a role with a token instead of a signature: what STS does once the token is true.

Source: AWS STS API Reference, AssumeRoleWithWebIdentity; IAM User Guide, "Available keys for AWS
OIDC federation".
"""

from __future__ import annotations

from datetime import timedelta

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import Policy
from helpers.cloud.sessions import Credentials

from .roles import find_role, session_of
from .trust import Keys, decide_federated

_ACTION = "sts:AssumeRoleWithWebIdentity"


def assume_with_web_identity(
    call: Call,
    role_arn: str,
    *,
    provider: str,
    session_name: str,
    keys: Keys,
    lifetime: timedelta,
    session_policies: tuple[Policy, ...] | None = None,
) -> Credentials:
    """Credentials of a role session for a user whom `provider` has vouched for.

    `keys` are the provider's condition keys, such as cognito-identity.amazonaws.com:sub: the trust
    policy sees them, and so does every policy that later judges a request of the session.
    AwsError AccessDenied when the trust policy does not let the user in or the role is missing.
    """
    role = find_role(role_arn)
    carried = {**keys, "aws:FederatedProvider": provider}
    asked = {**carried, "sts:RoleSessionName": session_name}
    if role is None or not decide_federated(call, role, provider, _ACTION, asked).allowed:
        raise AwsError("AccessDenied", f"Not authorized to perform {_ACTION}", 403)
    return call.world.sessions.issue(
        session_of(role, session_name),
        lifetime=lifetime,
        now=call.world.clock.now(),
        session_policies=session_policies,
        context=carried,
    )
