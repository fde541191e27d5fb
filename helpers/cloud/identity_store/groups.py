"""CreateGroup, DescribeGroup, UpdateGroup, DeleteGroup, ListGroups, GetGroupId.

Source: Identity Store API Reference. The name of a group is unique without regard to case.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .alternate_identifiers import wanted_attribute
from .attributes import check_name, checked, invalid, updated
from .state import Group, IdentityStore
from .stores import check_revision, local_id, not_found, paged, stamp, store_of

_REQUEST = "CreateGroupRequest"


def create_group(call: Call) -> dict[str, Any]:
    """Make a group. AwsError ValidationException, ConflictException, ResourceNotFoundException."""
    store = store_of(call)
    members = {key: value for key, value in call.params.items() if key != "IdentityStoreId"}
    group = Group(call.world.ids.uuid(), checked(_REQUEST, members), stamp(call))
    _check(store, group)
    store.groups[group.group_id] = group
    return {**_identified(store, group), "Revision": str(group.stamp.revision)}


def describe_group(call: Call) -> dict[str, Any]:
    """A group's attributes. AwsError ResourceNotFoundException."""
    store = store_of(call)
    return _described(store, group_of(store, call.params["GroupId"]))


def update_group(call: Call) -> dict[str, Any]:
    """Set or remove attributes.

    AwsError ValidationException, ConflictException, ResourceNotFoundException.
    """
    store = store_of(call)
    group = group_of(store, call.params["GroupId"])
    check_revision(call, group.stamp)
    members = updated(_REQUEST, group.members, call.params["Operations"])
    _check(store, Group(group.group_id, members, group.stamp))
    group.members = members
    group.stamp.touch(call.world.clock.now(), call.caller.arn)
    return {**_identified(store, group), "Revision": str(group.stamp.revision)}


def delete_group(call: Call) -> dict[str, Any]:
    """Delete a group and its memberships. AwsError ResourceNotFoundException."""
    store = store_of(call)
    group = group_of(store, call.params["GroupId"])
    check_revision(call, group.stamp)
    del store.groups[group.group_id]
    for membership in list(store.memberships.values()):
        if membership.group_id == group.group_id:
            del store.memberships[membership.membership_id]
    return {}


def list_groups(call: Call) -> dict[str, Any]:
    """The store's groups, or the one that the filter names. AwsError ValidationException."""
    store = store_of(call)
    groups = list(store.groups.values())
    for wanted in call.params.get("Filters", []):
        if wanted["AttributePath"].lower() != "displayname":
            raise invalid(f"The attribute {wanted['AttributePath']} is not supported for filters.")
        name = wanted["AttributeValue"].casefold()
        groups = [group for group in groups if group.display_name.casefold() == name]
    return paged(call, "Groups", [_described(store, group) for group in groups])


def get_group_id(call: Call) -> dict[str, Any]:
    """The id of the group with this name. AwsError ResourceNotFoundException."""
    store = store_of(call)
    name = wanted_attribute(call, {"displayname"})[1].casefold()
    for group in store.groups.values():
        if group.display_name.casefold() == name:
            return _identified(store, group)
    raise not_found("GROUP")


def group_of(store: IdentityStore, given: str) -> Group:
    """The group with this id or ARN. AwsError ResourceNotFoundException."""
    group_id = local_id(given)
    if group_id not in store.groups:
        raise not_found("GROUP", group_id)
    return store.groups[group_id]


def _check(store: IdentityStore, group: Group) -> None:
    if not group.members.get("DisplayName"):
        raise invalid("displayname: The attribute displayname is required")
    check_name(group.display_name)
    for other in store.groups.values():
        is_namesake = other.display_name.casefold() == group.display_name.casefold()
        if is_namesake and other.group_id != group.group_id:
            text, reason = "Duplicate GroupDisplayName", "UNIQUENESS_CONSTRAINT_VIOLATION"
            raise AwsError("ConflictException", text, 400, Reason=reason)


def _identified(store: IdentityStore, group: Group) -> dict[str, Any]:
    arn = f"arn:aws:identitystore:::group/{group.group_id}"
    return {"IdentityStoreId": store.store_id, "GroupId": group.group_id, "GroupArn": arn}


def _described(store: IdentityStore, group: Group) -> dict[str, Any]:
    identified = {**_identified(store, group), "Revision": str(group.stamp.revision)}
    return {**identified, **group.members, **group.stamp.described()}
