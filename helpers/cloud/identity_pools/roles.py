"""SetIdentityPoolRoles and GetIdentityPoolRoles: which roles a pool's identities can have.

Source: Amazon Cognito Federated Identities API Reference; Amazon Cognito Developer Guide, "IAM
roles" and "Using role-based access control".
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .role_mappings import check_role, check_role_mappings
from .state import named_pool

AUTHENTICATED, UNAUTHENTICATED = "authenticated", "unauthenticated"


def set_identity_pool_roles(call: Call) -> dict[str, Any]:
    """Replace the pool's roles and role mappings: mappings that are left out are gone.

    AwsError InvalidParameterException for another kind of role, for what is no role's ARN and for
    mappings that do not hold together; AccessDeniedException for another account's role;
    ResourceNotFoundException.
    """
    pool = named_pool(call)
    roles, mappings = call.params["Roles"], call.params.get("RoleMappings", {})
    for kind, role_arn in roles.items():
        if kind not in (AUTHENTICATED, UNAUTHENTICATED):
            raise AwsError("InvalidParameterException", f"Invalid role type: {kind}")
        check_role(pool, role_arn)
    check_role_mappings(pool, mappings)
    pool.roles, pool.role_mappings = dict(roles), dict(mappings)
    return {}


def get_identity_pool_roles(call: Call) -> dict[str, Any]:
    """The pool's roles and role mappings. AwsError ResourceNotFoundException."""
    pool = named_pool(call)
    mappings = {"RoleMappings": dict(pool.role_mappings)} if pool.role_mappings else {}
    return {"IdentityPoolId": pool.pool_id, "Roles": dict(pool.roles), **mappings}
