"""What a permission set allows: inline policy, AWS managed and customer managed policies, boundary.

Source: IAM Identity Center API Reference; User Guide, "Custom permissions" and "Quotas".
"""

from __future__ import annotations

from typing import Any

from helpers.cloud import aws_managed_policies, resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import PolicyError, parse_policy

from .instances import paged
from .permission_sets import permission_set_of
from .state import CustomerManagedPolicy, PermissionSet

_MOST = 20


def put_inline_policy(call: Call) -> dict[str, Any]:
    """Set the inline policy. AwsError ValidationException for what is no policy."""
    permission_set, document = permission_set_of(call), call.params["InlinePolicy"]
    try:
        parse_policy(document, name="InlinePolicy", kind="identity")
    except PolicyError as wrong:
        raise AwsError("ValidationException", wrong.message) from wrong
    permission_set.inline_policy = document
    permission_set.revision += 1
    return {}


def get_inline_policy(call: Call) -> dict[str, Any]:
    """The inline policy, empty if there is none."""
    return {"InlinePolicy": permission_set_of(call).inline_policy}


def delete_inline_policy(call: Call) -> dict[str, Any]:
    """Take the inline policy off."""
    permission_set = permission_set_of(call)
    permission_set.inline_policy = ""
    permission_set.revision += 1
    return {}


def attach_managed_policy(call: Call) -> dict[str, Any]:
    """Attach a policy that AWS keeps.

    AwsError ResourceNotFoundException, ConflictException, ServiceQuotaExceededException.
    """
    permission_set, arn = permission_set_of(call), call.params["ManagedPolicyArn"]
    _check_exists(call, arn)
    if arn in permission_set.managed:
        text = f"already has a typed link attachment to a manged policy with {arn}"
        name = permission_set.permission_set_id
        raise AwsError("ConflictException", f"Permission set with id {name} {text}")
    _check_room(permission_set)
    permission_set.managed.append(arn)
    permission_set.revision += 1
    return {}


def detach_managed_policy(call: Call) -> dict[str, Any]:
    """Detach a policy of AWS. AwsError ResourceNotFoundException."""
    permission_set, arn = permission_set_of(call), call.params["ManagedPolicyArn"]
    if arn not in permission_set.managed:
        text = f"Could not find ManagedPolicy with arn {arn}"
        raise AwsError("ResourceNotFoundException", text)
    permission_set.managed.remove(arn)
    permission_set.revision += 1
    return {}


def list_managed_policies(call: Call) -> dict[str, Any]:
    """The attached policies of AWS."""
    arns = permission_set_of(call).managed
    shown = [{"Name": arn.rpartition("/")[2], "Arn": arn} for arn in arns]
    return paged(call, "AttachedManagedPolicies", shown)


def attach_customer_managed_policy(call: Call) -> dict[str, Any]:
    """Name a policy that each account must have. Whether it has is seen when it is provisioned.

    AwsError ConflictException, ServiceQuotaExceededException.
    """
    permission_set = permission_set_of(call)
    policy = _reference(call.params["CustomerManagedPolicyReference"])
    if policy in permission_set.customer_managed:
        text = f"Given customer managed policy with name: {policy.name}  and path {policy.path}"
        raise AwsError("ConflictException", f"{text} already attached")
    _check_room(permission_set)
    permission_set.customer_managed.append(policy)
    permission_set.revision += 1
    return {}


def detach_customer_managed_policy(call: Call) -> dict[str, Any]:
    """Name a policy no more. AwsError ResourceNotFoundException."""
    permission_set = permission_set_of(call)
    policy = _reference(call.params["CustomerManagedPolicyReference"])
    if policy not in permission_set.customer_managed:
        text = f"Given managed policy with name: {policy.name}  and path {policy.path}"
        text += " does not exist on PermissionSet"
        raise AwsError("ResourceNotFoundException", text)
    permission_set.customer_managed.remove(policy)
    permission_set.revision += 1
    return {}


def list_customer_managed_policies(call: Call) -> dict[str, Any]:
    """The policies that each account must have."""
    policies = permission_set_of(call).customer_managed
    shown = [policy.described() for policy in policies]
    return paged(call, "CustomerManagedPolicyReferences", shown)


def put_permissions_boundary(call: Call) -> dict[str, Any]:
    """Limit the permission set to what a managed policy allows.

    AwsError ValidationException, ResourceNotFoundException.
    """
    permission_set, given = permission_set_of(call), call.params["PermissionsBoundary"]
    if len(given) != 1:
        text = "Specify either CustomerManagedPolicyReference or ManagedPolicyArn."
        raise AwsError("ValidationException", text)
    if "ManagedPolicyArn" in given:
        _check_exists(call, given["ManagedPolicyArn"])
        permission_set.boundary = given["ManagedPolicyArn"]
    else:
        permission_set.boundary = _reference(given["CustomerManagedPolicyReference"])
    permission_set.revision += 1
    return {}


def get_permissions_boundary(call: Call) -> dict[str, Any]:
    """The permissions boundary. AwsError ResourceNotFoundException if there is none."""
    boundary = permission_set_of(call).boundary
    if boundary is None:
        text = "The permission set does not have a permissions boundary."
        raise AwsError("ResourceNotFoundException", text)
    if isinstance(boundary, str):
        return {"PermissionsBoundary": {"ManagedPolicyArn": boundary}}
    return {"PermissionsBoundary": {"CustomerManagedPolicyReference": boundary.described()}}


def delete_permissions_boundary(call: Call) -> dict[str, Any]:
    """Take the permissions boundary off."""
    permission_set = permission_set_of(call)
    permission_set.boundary = None
    permission_set.revision += 1
    return {}


def _reference(given: dict[str, str]) -> CustomerManagedPolicy:
    return CustomerManagedPolicy(given["Name"], given.get("Path", "/"))


def _check_exists(call: Call, arn: str) -> None:
    """AwsError ResourceNotFoundException if AWS keeps no such policy."""
    iam = resources.backend("iam", call.account, "aws")
    aws_managed_policies.provide(iam, arn)
    if arn not in iam.managed_policies:
        text = f"Policy does not exist with ARN: {arn}"
        raise AwsError("ResourceNotFoundException", text)


def _check_room(permission_set: PermissionSet) -> None:
    """AwsError ServiceQuotaExceededException if no more policies can be attached."""
    if len(permission_set.managed) + len(permission_set.customer_managed) >= _MOST:
        text = "Cannot attach managed policy: number of attached managed policies is already at "
        raise AwsError("ServiceQuotaExceededException", f"{text}maximum {_MOST}")
