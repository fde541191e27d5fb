"""GetCredentialsForIdentity: the enhanced flow, from an identity to temporary credentials.

Source: Amazon Cognito Developer Guide, "Identity pools authentication flow" (enhanced flow),
"Role trust and permissions" and "Switching unauthenticated users to authenticated users".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from helpers.cloud import sts
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.sessions import Credentials
from helpers.cloud.web_identity import cognito_identity

from .admission import Admission, admit_to_credentials
from .guest_policy import guest_policies
from .principal_tags import principal_tags
from .role_choice import choose_role

SESSION_NAME = "CognitoIdentityCredentials"
LIFETIME = timedelta(hours=1)


def get_credentials_for_identity(call: Call) -> dict[str, Any]:
    """Credentials of the pool's role for an identity: with a login of its own, or as a guest.

    AwsError NotAuthorizedException, InvalidIdentityPoolConfigurationException,
    ResourceConflictException, ResourceNotFoundException.
    """
    admission = admit_to_credentials(call)
    role_arn = choose_role(
        admission.pool,
        admission.logins,
        is_guest=admission.is_guest,
        custom_role=call.params.get("CustomRoleArn", ""),
    )
    credentials = _assume_role(call, admission, role_arn)
    return {
        "IdentityId": admission.identity.identity_id,
        "Credentials": {
            "AccessKeyId": credentials.access_key_id,
            "SecretKey": credentials.secret_access_key,
            "SessionToken": credentials.session_token,
            "Expiration": credentials.expires,
        },
    }


def _assume_role(call: Call, admission: Admission, role_arn: str) -> Credentials:
    """The role's session, with the user's tags. Cognito hides STS's reason for a refusal.

    A role that is missing, a trust policy without sts:TagSession and a tag that STS would not take
    all look the same; and so does a role of another account, which an assertion or the groups of
    another account's user pool could name.
    """
    if role_arn.split(":")[4:5] != [admission.pool.account]:
        raise _invalid_configuration()
    keys = {
        f"{cognito_identity.HOST}:aud": admission.pool.pool_id,
        f"{cognito_identity.HOST}:sub": admission.identity.identity_id,
        f"{cognito_identity.HOST}:amr": list(admission.amr),
    }
    try:
        vouched = sts.Vouched(
            provider=cognito_identity.HOST,
            session_name=SESSION_NAME,
            keys=keys,
            tags=_tags(admission),
        )
        return sts.assume_federated(
            call,
            role_arn,
            sts.WITH_WEB_IDENTITY,
            vouched,
            lifetime=LIFETIME,
            session_policies=guest_policies() if admission.is_guest else None,
        )
    except AwsError as refused:
        raise _invalid_configuration() from refused


def _invalid_configuration() -> AwsError:
    text = "Invalid identity pool configuration. Check assigned IAM roles for this pool."
    return AwsError("InvalidIdentityPoolConfigurationException", text)


def _tags(admission: Admission) -> Mapping[str, str]:
    """The session's tags: a token of the pool's owner has its own, else claims become tags."""
    if admission.tags is not None:
        return admission.tags
    return principal_tags(admission.pool, admission.logins)
