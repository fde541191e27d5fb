"""GetOpenIdToken: the basic (classic) flow, from an identity to a token for AWS STS.

Source: Amazon Cognito Federated Identities API Reference, GetOpenIdToken; Amazon Cognito Developer
Guide, "Identity pools authentication flow" (basic flow). The two refusals are as AWS words them
(aws/aws-cli #7652, aws-observability/aws-rum-web #172).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.web_identity import cognito_identity

from .admission import admit
from .principal_tags import principal_tags
from .state import Identity, IdentityPool, IdentityPoolsState

LIFETIME = timedelta(minutes=10)


def get_open_id_token(call: Call) -> dict[str, Any]:
    """A token that says which identity its bearer has, good for ten minutes at AWS STS.

    AwsError InvalidParameterException where the pool has no basic flow; NotAuthorizedException,
    ResourceConflictException, ResourceNotFoundException.
    """
    state = call.world.room(IdentityPoolsState)
    identity = state.identity(call.params["IdentityId"], call.region)
    _check_classic_flow(state.pools[identity.pool_id], call.params.get("Logins", {}))
    admission = admit(call)
    try:
        tags = principal_tags(admission.pool, admission.logins)
    except AwsError as refused:
        raise AwsError("InvalidParameterException", refused.message) from refused
    token = token_for(call, admission.pool, admission.identity, admission.amr, LIFETIME, tags)
    return {"IdentityId": admission.identity.identity_id, "Token": token}


def token_for(
    call: Call,
    pool: IdentityPool,
    identity: Identity,
    amr: Sequence[str],
    lifetime: timedelta,
    tags: Mapping[str, str],
) -> str:
    """A signed token for an identity; its `tags` become tags of the role's session."""
    return cognito_identity.issue(
        call.world,
        pool_id=pool.pool_id,
        pool_arn=pool.arn,
        identity_id=identity.identity_id,
        amr=amr,
        lifetime=lifetime,
        tags=tags,
    )


def _check_classic_flow(pool: IdentityPool, logins: Mapping[str, str]) -> None:
    """Where AllowClassicFlow was never set, AWS allows the flow; only False forbids it."""
    if not pool.settings.get("AllowClassicFlow", True):
        raise _use_enhanced_flow("enabled")
    if pool.role_mappings:
        raise _use_enhanced_flow("supported with RoleMappings")
    if any(":saml-provider/" in provider for provider in logins):
        # "Only the enhanced flow is supported with the SAML-based identity provider"; our wording.
        raise _use_enhanced_flow("supported with SAML providers")


def _use_enhanced_flow(what: str) -> AwsError:
    text = f"Basic (classic) flow is not {what}, please use enhanced flow."
    return AwsError("InvalidParameterException", text)
