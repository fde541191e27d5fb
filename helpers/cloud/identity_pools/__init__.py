"""Amazon Cognito identity pools: from a login to AWS credentials."""

from __future__ import annotations

from helpers.cloud.call import Operations

from .credentials import get_credentials_for_identity
from .developer_identities import (
    get_open_id_token_for_developer_identity,
    lookup_developer_identity,
    merge_developer_identities,
    unlink_developer_identity,
)
from .identities import (
    delete_identities,
    describe_identity,
    get_id,
    list_identities,
    unlink_identity,
)
from .open_id_tokens import get_open_id_token
from .pools import (
    create_identity_pool,
    delete_identity_pool,
    describe_identity_pool,
    list_identity_pools,
    update_identity_pool,
)
from .principal_tags import get_principal_tag_attribute_map, set_principal_tag_attribute_map
from .roles import get_identity_pool_roles, set_identity_pool_roles
from .tags import list_tags_for_resource, tag_resource, untag_resource

OPERATIONS: Operations = {
    "CreateIdentityPool": create_identity_pool,
    "DeleteIdentities": delete_identities,
    "DeleteIdentityPool": delete_identity_pool,
    "DescribeIdentity": describe_identity,
    "DescribeIdentityPool": describe_identity_pool,
    "GetCredentialsForIdentity": get_credentials_for_identity,
    "GetId": get_id,
    "GetIdentityPoolRoles": get_identity_pool_roles,
    "GetOpenIdToken": get_open_id_token,
    "GetOpenIdTokenForDeveloperIdentity": get_open_id_token_for_developer_identity,
    "GetPrincipalTagAttributeMap": get_principal_tag_attribute_map,
    "ListIdentities": list_identities,
    "ListIdentityPools": list_identity_pools,
    "ListTagsForResource": list_tags_for_resource,
    "LookupDeveloperIdentity": lookup_developer_identity,
    "MergeDeveloperIdentities": merge_developer_identities,
    "SetIdentityPoolRoles": set_identity_pool_roles,
    "SetPrincipalTagAttributeMap": set_principal_tag_attribute_map,
    "TagResource": tag_resource,
    "UnlinkDeveloperIdentity": unlink_developer_identity,
    "UnlinkIdentity": unlink_identity,
    "UntagResource": untag_resource,
    "UpdateIdentityPool": update_identity_pool,
}

__all__ = ["OPERATIONS"]
