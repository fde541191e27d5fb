"""CreateAccountAssignment, DeleteAccountAssignment, and the lists of assignments.

The first assignment of a permission set in an account makes the role there, the last one takes
it with it. Source: IAM Identity Center API Reference.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud import identity_store
from helpers.cloud.call import Call

from .accounts import check_in_organization
from .instances import organization_instance_of, paged
from .management_account import check_may_delete
from .permission_sets import permission_set_of
from .provisioning import provision
from .requests import CREATION, DELETION, begin, describe, listed
from .roles import NotProvisioned, delete_role
from .state import Assignment, Instance, PermissionSet

# AWS goes on with the key that it looked for, in words of its own database.
_NO_ENTITLEMENT = (
    "Received a 404 status error: EntitlementItem doesn't exist with the given entitlement key"
)


def create_account_assignment(call: Call) -> dict[str, Any]:
    """Give a user or group access to an account, with a permission set.

    AwsError ResourceNotFoundException, AccessDeniedException, ValidationException. Whether there
    is such a user, and whether the role could be made, is told by the status of the request.
    """
    instance, permission_set = organization_instance_of(call), permission_set_of(call)
    wanted = _assignment(call)
    check_in_organization(instance, wanted.account)
    failure = _unknown_principal(call, instance, wanted)
    failure = failure or provision(call, instance, permission_set, wanted.account)
    if not failure:
        instance.assignments.setdefault(wanted, call.world.clock.now())
    begun = begin(call, instance, CREATION, _members(wanted), failure)
    return {"AccountAssignmentCreationStatus": begun}


def delete_account_assignment(call: Call) -> dict[str, Any]:
    """Take access to an account away.

    AwsError ResourceNotFoundException, AccessDeniedException, ValidationException. That there was
    no such assignment is told by the status of the request.
    """
    instance, permission_set = organization_instance_of(call), permission_set_of(call)
    wanted = _assignment(call)
    failure = _delete(call, instance, permission_set, wanted)
    begun = begin(call, instance, DELETION, _members(wanted), failure)
    return {"AccountAssignmentDeletionStatus": begun}


def describe_account_assignment_creation_status(call: Call) -> dict[str, Any]:
    """How a CreateAccountAssignment ended. AwsError ResourceNotFoundException."""
    asked = call.params["AccountAssignmentCreationRequestId"]
    return {"AccountAssignmentCreationStatus": describe(call, CREATION, asked)}


def describe_account_assignment_deletion_status(call: Call) -> dict[str, Any]:
    """How a DeleteAccountAssignment ended. AwsError ResourceNotFoundException."""
    asked = call.params["AccountAssignmentDeletionRequestId"]
    return {"AccountAssignmentDeletionStatus": describe(call, DELETION, asked)}


def list_account_assignment_creation_status(call: Call) -> dict[str, Any]:
    """How every CreateAccountAssignment ended."""
    return listed(call, CREATION, "AccountAssignmentsCreationStatus")


def list_account_assignment_deletion_status(call: Call) -> dict[str, Any]:
    """How every DeleteAccountAssignment ended."""
    return listed(call, DELETION, "AccountAssignmentsDeletionStatus")


def list_account_assignments(call: Call) -> dict[str, Any]:
    """Who has a permission set in an account. AwsError ResourceNotFoundException."""
    instance, permission_set = organization_instance_of(call), permission_set_of(call)
    found = instance.assigned(call.params["AccountId"], permission_set.arn)
    return paged(call, "AccountAssignments", [_described(each) for each in found])


def list_account_assignments_for_principal(call: Call) -> dict[str, Any]:
    """What a user has, by himself and through his groups; or what a group has."""
    instance, params = organization_instance_of(call), call.params
    principal = (params["PrincipalType"], params["PrincipalId"])
    principals = {principal}
    if principal[0] == "USER":
        groups = identity_store.group_ids_of(call.world, instance.identity_store_id, principal[1])
        principals |= {("GROUP", group) for group in groups}
    account = params.get("Filter", {}).get("AccountId")
    found = [
        _described(each)
        for each in instance.assignments
        if each[2:] in principals and account in (None, each.account)
    ]
    return paged(call, "AccountAssignments", found)


def _assignment(call: Call) -> Assignment:
    params = call.params
    return Assignment(
        params["TargetId"],
        params["PermissionSetArn"],
        params["PrincipalType"],
        params["PrincipalId"],
    )


def _unknown_principal(call: Call, instance: Instance, wanted: Assignment) -> str:
    """The FailureReason if the identity store has no such user or group."""
    store_id, kind = instance.identity_store_id, wanted.principal_type
    if kind == "USER":
        is_known = identity_store.user(call.world, store_id, wanted.principal_id) is not None
    else:
        is_known = identity_store.has_group(call.world, store_id, wanted.principal_id)
    whom = f"the {kind} assignee {wanted.principal_id} was not found in directory {store_id}"
    return "" if is_known else f"Received a 404 status error: {whom}"


def _delete(
    call: Call, instance: Instance, permission_set: PermissionSet, wanted: Assignment
) -> str:
    """Delete an assignment, and with the last one the role. The FailureReason, "" if done."""
    if wanted not in instance.assignments:
        return _NO_ENTITLEMENT
    if len(list(instance.assigned(*wanted[:2]))) == 1:
        try:
            check_may_delete(call, instance, permission_set, wanted.account)
        except NotProvisioned as failure:
            return str(failure)
        delete_role(permission_set, wanted.account)
    del instance.assignments[wanted]
    return ""


def _members(assignment: Assignment) -> dict[str, Any]:
    """An assignment as the status of a request shows it."""
    return {
        "TargetId": assignment.account,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": assignment.permission_set_arn,
        "PrincipalType": assignment.principal_type,
        "PrincipalId": assignment.principal_id,
    }


def _described(assignment: Assignment) -> dict[str, Any]:
    """An assignment as lists show it."""
    members = _members(assignment)
    del members["TargetType"]
    return {"AccountId": members.pop("TargetId"), **members}
