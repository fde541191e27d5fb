"""IAM Identity Center: who of the workforce gets which access to which account.

Users and groups are in `identity_store`; signing in is for `access_portal`.
"""

from __future__ import annotations

from helpers.cloud.call import Operations

from . import access_control_attributes as attributes
from . import (
    assignments,
    instances,
    permission_set_policies,
    permission_sets,
    provisioning,
    tagging,
)
from .access import Access, access_of, instance_by_portal, organization_instance
from .service_access import SERVICE_ACCESS
from .state import Instance

_OF_INSTANCES: Operations = {
    "CreateInstance": instances.create_instance,
    "DeleteInstance": instances.delete_instance,
    "DescribeInstance": instances.describe_instance,
    "ListInstances": instances.list_instances,
    "UpdateInstance": instances.update_instance,
    "CreateInstanceAccessControlAttributeConfiguration": attributes.create_configuration,
    "DeleteInstanceAccessControlAttributeConfiguration": attributes.delete_configuration,
    "DescribeInstanceAccessControlAttributeConfiguration": attributes.describe_configuration,
    "UpdateInstanceAccessControlAttributeConfiguration": attributes.update_configuration,
    "ListTagsForResource": tagging.list_tags_for_resource,
    "TagResource": tagging.tag_resource,
    "UntagResource": tagging.untag_resource,
}
_policies = permission_set_policies
_OF_PERMISSION_SETS: Operations = {
    "CreatePermissionSet": permission_sets.create_permission_set,
    "DeletePermissionSet": permission_sets.delete_permission_set,
    "DescribePermissionSet": permission_sets.describe_permission_set,
    "ListPermissionSets": permission_sets.list_permission_sets,
    "UpdatePermissionSet": permission_sets.update_permission_set,
    "AttachCustomerManagedPolicyReferenceToPermissionSet": _policies.attach_customer_managed_policy,
    "AttachManagedPolicyToPermissionSet": _policies.attach_managed_policy,
    "DeleteInlinePolicyFromPermissionSet": _policies.delete_inline_policy,
    "DeletePermissionsBoundaryFromPermissionSet": _policies.delete_permissions_boundary,
    "DetachCustomerManagedPolicyReferenceFromPermissionSet": (
        _policies.detach_customer_managed_policy
    ),
    "DetachManagedPolicyFromPermissionSet": _policies.detach_managed_policy,
    "GetInlinePolicyForPermissionSet": _policies.get_inline_policy,
    "GetPermissionsBoundaryForPermissionSet": _policies.get_permissions_boundary,
    "ListCustomerManagedPolicyReferencesInPermissionSet": _policies.list_customer_managed_policies,
    "ListManagedPoliciesInPermissionSet": _policies.list_managed_policies,
    "PutInlinePolicyToPermissionSet": _policies.put_inline_policy,
    "PutPermissionsBoundaryToPermissionSet": _policies.put_permissions_boundary,
}
_OF_ACCOUNTS: Operations = {
    "CreateAccountAssignment": assignments.create_account_assignment,
    "DeleteAccountAssignment": assignments.delete_account_assignment,
    "DescribeAccountAssignmentCreationStatus": (
        assignments.describe_account_assignment_creation_status
    ),
    "DescribeAccountAssignmentDeletionStatus": (
        assignments.describe_account_assignment_deletion_status
    ),
    "ListAccountAssignmentCreationStatus": assignments.list_account_assignment_creation_status,
    "ListAccountAssignmentDeletionStatus": assignments.list_account_assignment_deletion_status,
    "ListAccountAssignments": assignments.list_account_assignments,
    "ListAccountAssignmentsForPrincipal": assignments.list_account_assignments_for_principal,
    "DescribePermissionSetProvisioningStatus": (
        provisioning.describe_permission_set_provisioning_status
    ),
    "ListAccountsForProvisionedPermissionSet": (
        provisioning.list_accounts_for_provisioned_permission_set
    ),
    "ListPermissionSetProvisioningStatus": provisioning.list_permission_set_provisioning_status,
    "ListPermissionSetsProvisionedToAccount": (
        provisioning.list_permission_sets_provisioned_to_account
    ),
    "ProvisionPermissionSet": provisioning.provision_permission_set,
}
OPERATIONS: Operations = {**_OF_INSTANCES, **_OF_PERMISSION_SETS, **_OF_ACCOUNTS}

__all__ = [
    "OPERATIONS",
    "SERVICE_ACCESS",
    "Access",
    "Instance",
    "access_of",
    "instance_by_portal",
    "organization_instance",
]
