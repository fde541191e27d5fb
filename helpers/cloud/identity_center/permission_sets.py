"""CreatePermissionSet, DescribePermissionSet, UpdatePermissionSet, DeletePermissionSet, List….

A change of a permission set reaches an account only when it is provisioned there again.
Source: IAM Identity Center API Reference.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .instances import kept_by_moto, organization_instance_of, paged
from .session_duration import DEFAULT, seconds_of
from .state import Instance, PermissionSet
from .tags import read_tags

# Source: IAM Identity Center User Guide, "Quotas".
_MOST = 2000


def create_permission_set(call: Call) -> dict[str, Any]:
    """Make a permission set, which allows nothing yet.

    AwsError ConflictException for a name that is taken, ServiceQuotaExceededException,
    ValidationException.
    """
    instance, params = organization_instance_of(call), call.params
    name = params["Name"]
    if any(other.name == name for other in instance.permission_sets.values()):
        raise AwsError("ConflictException", f"PermissionSet with name {name} already exists.")
    if len(instance.permission_sets) >= _MOST:
        text = f"An instance can have at most {_MOST} permission sets."
        raise AwsError("ServiceQuotaExceededException", text)
    duration = params.get("SessionDuration", DEFAULT)
    seconds_of(duration)
    permission_set_id = f"ps-{call.world.ids.bytes(8).hex()}"
    made = PermissionSet(
        arn=f"arn:aws:sso:::permissionSet/{instance.instance_id}/{permission_set_id}",
        name=name,
        created=call.world.clock.now(),
        session_duration=duration,
        description=params.get("Description", ""),
        relay_state=params.get("RelayState", ""),
        tags=read_tags(params.get("Tags", [])),
    )
    instance.permission_sets[made.arn] = made
    kept_by_moto(instance).permission_sets.append(made)
    return {"PermissionSet": _described(made)}


def describe_permission_set(call: Call) -> dict[str, Any]:
    """A permission set's settings. AwsError ResourceNotFoundException."""
    return {"PermissionSet": _described(permission_set_of(call))}


def update_permission_set(call: Call) -> dict[str, Any]:
    """Change settings; what is left out stays. AwsError ResourceNotFoundException."""
    found, params = permission_set_of(call), call.params
    duration = params.get("SessionDuration", found.session_duration)
    seconds_of(duration)
    found.session_duration = duration
    found.description = params.get("Description", found.description)
    found.relay_state = params.get("RelayState", found.relay_state)
    found.revision += 1
    return {}


def delete_permission_set(call: Call) -> dict[str, Any]:
    """Delete a permission set that no account has any more.

    AwsError ConflictException, ResourceNotFoundException.
    """
    instance, found = organization_instance_of(call), permission_set_of(call)
    if found.provisioned:
        text = "Could not delete because PermissionSet has ApplicationProfile associated with it."
        raise AwsError("ConflictException", text)
    del instance.permission_sets[found.arn]
    kept_by_moto(instance).permission_sets.remove(found)
    return {}


def list_permission_sets(call: Call) -> dict[str, Any]:
    """The ARNs of the instance's permission sets."""
    return paged(call, "PermissionSets", list(organization_instance_of(call).permission_sets))


def permission_set_of(call: Call) -> PermissionSet:
    """The permission set that the call names, of the instance that it names.

    AwsError ResourceNotFoundException, AccessDeniedException, ValidationException.
    """
    return find(organization_instance_of(call), call.params["PermissionSetArn"])


def find(instance: Instance, arn: str) -> PermissionSet:
    """The instance's permission set with this ARN. AwsError ResourceNotFoundException."""
    found = instance.permission_sets.get(arn)
    if found is None:
        text = f"Could not find PermissionSet with id {arn.rpartition('/')[2]}"
        raise AwsError("ResourceNotFoundException", text)
    return found


def _described(permission_set: PermissionSet) -> dict[str, Any]:
    described = {
        "Name": permission_set.name,
        "PermissionSetArn": permission_set.arn,
        "CreatedDate": permission_set.created,
        "SessionDuration": permission_set.session_duration,
    }
    if permission_set.description:
        described["Description"] = permission_set.description
    if permission_set.relay_state:
        described["RelayState"] = permission_set.relay_state
    return described
