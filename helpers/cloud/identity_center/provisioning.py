"""ProvisionPermissionSet: write a permission set into accounts; and what is written where.

Source: IAM Identity Center API Reference.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .accounts import check_in_organization
from .instances import organization_instance_of, paged
from .management_account import check_may_write
from .permission_sets import permission_set_of
from .requests import PROVISIONING, begin, describe, listed
from .roles import NotProvisioned, write_role
from .state import Instance, PermissionSet

_STATUS, _LATEST = "ProvisioningStatus", "LATEST_PERMISSION_SET_PROVISIONED"


def provision_permission_set(call: Call) -> dict[str, Any]:
    """Write a permission set into one account, or again into every account that has it.

    Where one account fails, the others still get it; the status names the first failure.
    AwsError ValidationException, ResourceNotFoundException.
    """
    instance, permission_set = organization_instance_of(call), permission_set_of(call)
    target = call.params.get("TargetId", "")
    if (call.params["TargetType"] == "AWS_ACCOUNT") != bool(target):
        text = "TargetId is required for AWS_ACCOUNT, and for nothing else."
        raise AwsError("ValidationException", text)
    if target:
        check_in_organization(instance, target)
    accounts = [target] if target else list(permission_set.provisioned)
    failures = [provision(call, instance, permission_set, account) for account in accounts]
    failure = next(filter(None, failures), "")
    members = {"PermissionSetArn": permission_set.arn}
    members |= {"AccountId": target} if target else {}
    begun = begin(call, instance, PROVISIONING, members, failure)
    return {"PermissionSetProvisioningStatus": begun}


def provision(call: Call, instance: Instance, permission_set: PermissionSet, account: str) -> str:
    """Write a permission set into an account. The FailureReason, "" if it went well."""
    try:
        check_may_write(call, instance, permission_set, account)
        write_role(call.world, instance, permission_set, account)
    except NotProvisioned as failure:
        return str(failure)
    return ""


def describe_permission_set_provisioning_status(call: Call) -> dict[str, Any]:
    """How a ProvisionPermissionSet ended. AwsError ResourceNotFoundException."""
    asked = call.params["ProvisionPermissionSetRequestId"]
    return {"PermissionSetProvisioningStatus": describe(call, PROVISIONING, asked)}


def list_permission_set_provisioning_status(call: Call) -> dict[str, Any]:
    """How every ProvisionPermissionSet ended."""
    return listed(call, PROVISIONING, "PermissionSetsProvisioningStatus")


def list_accounts_for_provisioned_permission_set(call: Call) -> dict[str, Any]:
    """The accounts that have a permission set. AwsError ResourceNotFoundException."""
    permission_set = permission_set_of(call)
    found = [each for each in permission_set.provisioned if _wanted(call, permission_set, each)]
    return paged(call, "AccountIds", found)


def list_permission_sets_provisioned_to_account(call: Call) -> dict[str, Any]:
    """The permission sets that an account has."""
    account = call.params["AccountId"]
    found = [
        permission_set.arn
        for permission_set in organization_instance_of(call).permission_sets.values()
        if account in permission_set.provisioned and _wanted(call, permission_set, account)
    ]
    return paged(call, "PermissionSets", found)


def _wanted(call: Call, permission_set: PermissionSet, account: str) -> bool:
    """Whether the account has the permission set as it is now, or as it was, as asked for."""
    asked = call.params.get(_STATUS)
    return asked is None or (asked == _LATEST) == permission_set.is_latest_in(account)
