"""SetIdentityPoolRoles and GetIdentityPoolRoles: which roles a pool's identities can have.

Source: Amazon Cognito Federated Identities API Reference; Amazon Cognito Developer Guide, "IAM
roles" and "Using role-based access control".
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call

from .role_mappings import check_role, check_role_mappings
from .state import named_pool

AUTHENTICATED, UNAUTHENTICATED = "authenticated", "unauthenticated"


def set_identity_pool_roles(call: Call) -> dict[str, Any]:
    """Replace the pool's roles and role mappings: mappings that are left out are gone.

    AwsError InvalidParameterException for what is no role's ARN and for mappings that do not hold
    together; ResourceNotFoundException.
    """
    pool = named_pool(call)
    roles, mappings = call.params["Roles"], call.params.get("RoleMappings", {})
    for role_arn in roles.values():
        check_role(role_arn)
    check_role_mappings(pool, mappings)
    pool.roles, pool.role_mappings = dict(roles), dict(mappings)
    return {}


def get_identity_pool_roles(call: Call) -> dict[str, Any]:
    """The pool's roles and role mappings. AwsError ResourceNotFoundException."""
    pool = named_pool(call)
    mappings = {"RoleMappings": dict(pool.role_mappings)} if pool.role_mappings else {}
    return {"IdentityPoolId": pool.pool_id, "Roles": dict(pool.roles), **mappings}
