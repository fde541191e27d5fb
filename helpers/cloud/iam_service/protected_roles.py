"""Roles that a service of AWS keeps in an account: everybody sees them, only AWS changes them.

Source: IAM Identity Center User Guide, "I get a 'Cannot perform the operation on the protected
role' error when modifying an IAM role".
"""

from __future__ import annotations

from typing import Any

from helpers.cloud import resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

_RESERVED, _SERVICE_LINKED = "/aws-reserved/", "/aws-service-role/"
_CHANGES = frozenset(
    {
        "AddRoleToInstanceProfile",
        "AttachRolePolicy",
        "DeleteRole",
        "DeleteRolePermissionsBoundary",
        "DeleteRolePolicy",
        "DetachRolePolicy",
        "PutRolePermissionsBoundary",
        "PutRolePolicy",
        "TagRole",
        "UntagRole",
        "UpdateAssumeRolePolicy",
        "UpdateRole",
        "UpdateRoleDescription",
    }
)


def check_not_protected(call: Call) -> None:
    """Before an IAM call: it changes no role of AWS's, and makes none.

    AwsError UnmodifiableEntity; AccessDenied for a new role at a path of AWS's; NoSuchEntity where
    a role is to be deleted as one linked to a service, and is not.
    """
    if call.operation == "CreateRole" and call.params.get("Path", "/").startswith(_RESERVED):
        text = f"Roles at the path {_RESERVED} can only be created by AWS."
        raise AwsError("AccessDenied", text, 403)
    if call.operation == "DeleteServiceLinkedRole":
        _check_service_linked(call)
    if call.operation not in _CHANGES:
        return
    role = _role(call)
    if role is not None and role.path.startswith(_RESERVED):
        text = f"Cannot perform the operation on the protected role '{role.name}'"
        raise AwsError("UnmodifiableEntity", f"{text} - this role is only modifiable by AWS", 400)


def _check_service_linked(call: Call) -> None:
    role = _role(call)
    if role is None or not role.path.startswith(_SERVICE_LINKED):
        text = f"The role with name {call.params['RoleName']} cannot be found."
        raise AwsError("NoSuchEntity", text, 404)


def _role(call: Call) -> Any | None:
    """moto's role that the call names, however its letters are written."""
    name = str(call.params.get("RoleName", "")).casefold()
    roles = resources.backend("iam", call.account, "aws").roles.values()
    return next((role for role in roles if role.name.casefold() == name), None)
