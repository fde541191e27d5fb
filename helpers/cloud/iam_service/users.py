"""Users, and the permissions boundaries of users: moto keeps them, and forgets the boundary.

Source: IAM API Reference, CreateUser, PutUserPermissionsBoundary.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud import policies, resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import Policy, PolicyError


def create_user(call: Call) -> dict[str, Any]:
    """Make a user, with a permissions boundary if one is given. AwsError EntityAlreadyExists."""
    iam, params = resources.backend("iam", call.account, "aws"), call.params
    name, boundary = params["UserName"], params.get("PermissionsBoundary")
    if any(name.casefold() == other.casefold() for other in iam.users):
        raise AwsError("EntityAlreadyExists", f"User with name {name} already exists.", 409)
    if boundary:
        _managed(call, boundary)
    tags = params.get("Tags") or []
    if len(tags) > 50:
        raise AwsError("LimitExceeded", "Cannot exceed quota for TagsPerUser: 50", 409)
    user = iam.create_user(call.region, name, params.get("Path", "/"), tags)
    user.id = f"AIDA{user.id[4:].upper()}"
    user.permissions_boundary_arn = boundary
    made = {"Path": user.path, "UserName": name, "UserId": user.id, "Arn": user.arn}
    made |= {"CreateDate": user.create_date, "Tags": tags}
    if boundary:
        kind = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary}
        made["PermissionsBoundary"] = kind
    return {"User": made}


def check_not_in_use(call: Call) -> None:
    """Before a policy is deleted: nobody may have it, or be bounded by it.

    AwsError DeleteConflict.
    """
    iam = resources.backend("iam", call.account, "aws")
    arn = call.params["PolicyArn"]
    for holder in (*iam.users.values(), *iam.groups.values(), *iam.roles.values()):
        is_bounded = getattr(holder, "permissions_boundary_arn", None) == arn
        if is_bounded or arn in holder.managed_policies:
            text = "Cannot delete a policy attached to entities."
            raise AwsError("DeleteConflict", text, 409)


def put_user_permissions_boundary(call: Call) -> dict[str, Any]:
    """Limit a user to what a managed policy allows. AwsError NoSuchEntity."""
    user, arn = _user(call, call.params["UserName"]), call.params["PermissionsBoundary"]
    _managed(call, arn)
    user.permissions_boundary_arn = arn
    return {}


def delete_user_permissions_boundary(call: Call) -> dict[str, Any]:
    """Take a user's boundary off. AwsError NoSuchEntity."""
    _user(call, call.params["UserName"]).permissions_boundary_arn = None
    return {}


def _user(call: Call, name: str) -> Any:
    user = resources.backend("iam", call.account, "aws").users.get(name)
    if user is None:
        raise AwsError("NoSuchEntity", f"The user with name {name} cannot be found.", 404)
    return user


def _managed(call: Call, arn: str) -> Policy:
    """A policy of this account or of AWS. AwsError NoSuchEntity."""
    try:
        if arn.split(":")[4] not in (call.account, "aws"):
            raise IndexError(arn)
        return policies.managed_policy(arn)
    except (PolicyError, IndexError) as unknown:
        text = f"Policy {arn} does not exist or is not attachable."
        raise AwsError("NoSuchEntity", text, 404) from unknown
