"""IAM where moto only pretends: boundaries of users, the policy simulator, identity providers."""

from __future__ import annotations

from helpers.cloud.call import Operations

from . import oidc_providers, saml_providers
from .access_keys import check_own_key
from .protected_roles import check_not_protected
from .simulator import simulate_custom_policy, simulate_principal_policy
from .users import (
    check_not_in_use,
    create_user,
    delete_user_permissions_boundary,
    put_user_permissions_boundary,
)

OPERATIONS: Operations = {
    "CreateUser": create_user,
    "PutUserPermissionsBoundary": put_user_permissions_boundary,
    "DeleteUserPermissionsBoundary": delete_user_permissions_boundary,
    "SimulatePrincipalPolicy": simulate_principal_policy,
    "SimulateCustomPolicy": simulate_custom_policy,
    **oidc_providers.OPERATIONS,
    **saml_providers.OPERATIONS,
}

__all__ = ["OPERATIONS", "check_not_in_use", "check_not_protected", "check_own_key"]
