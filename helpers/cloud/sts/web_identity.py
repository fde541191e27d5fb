"""Putting on a role with a token instead of a signature: what STS does once the token is true.

Source: AWS STS API Reference, AssumeRoleWithWebIdentity; IAM User Guide, "Available keys for AWS
OIDC federation".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from helpers.cloud.call import Call
from helpers.cloud.iam import Policy
from helpers.cloud.sessions import Credentials

from .federated import assume_federated
from .trust import Keys

ACTION = "sts:AssumeRoleWithWebIdentity"


def assume_with_web_identity(
    call: Call,
    role_arn: str,
    *,
    provider: str,
    session_name: str,
    keys: Keys,
    lifetime: timedelta,
    session_policies: tuple[Policy, ...] | None = None,
    trust_keys: Keys | None = None,
    tags: Mapping[str, str] | None = None,
    transitive_keys: Collection[str] = (),
    source_identity: str = "",
) -> Credentials:
    """Credentials of a role session for a user whom `provider` has vouched for by a token.

    `keys` are the provider's condition keys, such as cognito-identity.amazonaws.com:sub; for them
    and the rest see `assume_federated`. AwsError AccessDenied, ValidationError,
    InvalidParameterValue.
    """
    return assume_federated(
        call,
        role_arn,
        ACTION,
        provider=provider,
        session_name=session_name,
        keys=keys,
        trust_keys=trust_keys,
        lifetime=lifetime,
        session_policies=session_policies,
        tags=tags,
        transitive_keys=transitive_keys,
        source_identity=source_identity,
    )
