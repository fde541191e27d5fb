"""Amazon Cognito identity pools: from a login to AWS credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.not_offered import refuse_operation

from .credentials import get_credentials_for_identity
from .identities import (
    delete_identities,
    describe_identity,
    get_id,
    list_identities,
    unlink_identity,
)
from .not_offered import NOT_OFFERED
from .pools import (
    create_identity_pool,
    delete_identity_pool,
    describe_identity_pool,
    list_identity_pools,
    update_identity_pool,
)
from .roles import get_identity_pool_roles, set_identity_pool_roles

OPERATIONS: Mapping[str, Callable[[Call], dict[str, Any]]] = {
    "CreateIdentityPool": create_identity_pool,
    "DeleteIdentities": delete_identities,
    "DeleteIdentityPool": delete_identity_pool,
    "DescribeIdentity": describe_identity,
    "DescribeIdentityPool": describe_identity_pool,
    "GetCredentialsForIdentity": get_credentials_for_identity,
    "GetId": get_id,
    "GetIdentityPoolRoles": get_identity_pool_roles,
    "ListIdentities": list_identities,
    "ListIdentityPools": list_identity_pools,
    "SetIdentityPoolRoles": set_identity_pool_roles,
    "UnlinkIdentity": unlink_identity,
    "UpdateIdentityPool": update_identity_pool,
    **dict.fromkeys(NOT_OFFERED, refuse_operation),
}

__all__ = ["NOT_OFFERED", "OPERATIONS"]
