"""SetIdentityPoolRoles, GetIdentityPoolRoles, and which role an identity gets.

Source: Amazon Cognito Federated Identities API Reference; Amazon Cognito Developer Guide, "IAM
roles".
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse
from helpers.cloud.sts import is_role_arn

from .state import IdentityPool, IdentityPoolsState

_KINDS = ("authenticated", "unauthenticated")


def set_identity_pool_roles(call: Call) -> dict[str, Any]:
    """Replace the pool's roles.

    AwsError InvalidParameterException for another kind of role or for what is no role's ARN,
    AccessDeniedException for another account's role, ResourceNotFoundException,
    NotImplementedException for RoleMappings.
    """
    pool = _pool(call)
    roles = call.params["Roles"]
    if call.params.get("RoleMappings"):
        refuse("RoleMappings in cognito-identity:SetIdentityPoolRoles")
    for kind, role_arn in roles.items():
        if kind not in _KINDS:
            raise AwsError("InvalidParameterException", f"Invalid role type: {kind}")
        if not is_role_arn(role_arn):
            raise AwsError("InvalidParameterException", f"Invalid role ARN: {role_arn}")
        if role_arn.split(":")[4] != pool.account:
            text = "Cross-account pass role is not allowed."
            raise AwsError("AccessDeniedException", text)
    pool.roles = dict(roles)
    return {}


def get_identity_pool_roles(call: Call) -> dict[str, Any]:
    """The pool's roles. AwsError ResourceNotFoundException."""
    pool = _pool(call)
    return {"IdentityPoolId": pool.pool_id, "Roles": dict(pool.roles)}


def role_for(pool: IdentityPool, *, authenticated: bool) -> str:
    """The ARN of the role for a kind of identity, empty if the pool has none for it."""
    return pool.roles.get(_KINDS[0] if authenticated else _KINDS[1], "")


def _pool(call: Call) -> IdentityPool:
    state = call.world.room(IdentityPoolsState)
    return state.pool(call.params["IdentityPoolId"], call.region, call.account)
