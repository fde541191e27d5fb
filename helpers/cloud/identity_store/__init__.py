"""The identity store of IAM Identity Center: users, groups, and who is in which."""

from __future__ import annotations

from helpers.cloud.call import Operations
from helpers.cloud.world import World

from .attributes import ENTERPRISE
from .groups import (
    create_group,
    delete_group,
    describe_group,
    get_group_id,
    list_groups,
    update_group,
)
from .memberships import (
    create_group_membership,
    delete_group_membership,
    describe_group_membership,
    get_group_membership_id,
    is_member_in_groups,
    list_group_memberships,
    list_group_memberships_for_member,
)
from .state import IdentityStore, IdentityStores, Membership, StoreUser
from .stores import create, delete, describe_identity_store, list_identity_stores, local_id
from .users import create_user, delete_user, describe_user, get_user_id, list_users, update_user

OPERATIONS: Operations = {
    "CreateGroup": create_group,
    "CreateGroupMembership": create_group_membership,
    "CreateUser": create_user,
    "DeleteGroup": delete_group,
    "DeleteGroupMembership": delete_group_membership,
    "DeleteUser": delete_user,
    "DescribeGroup": describe_group,
    "DescribeGroupMembership": describe_group_membership,
    "DescribeIdentityStore": describe_identity_store,
    "DescribeUser": describe_user,
    "GetGroupId": get_group_id,
    "GetGroupMembershipId": get_group_membership_id,
    "GetUserId": get_user_id,
    "IsMemberInGroups": is_member_in_groups,
    "ListGroupMemberships": list_group_memberships,
    "ListGroupMembershipsForMember": list_group_memberships_for_member,
    "ListGroups": list_groups,
    "ListIdentityStores": list_identity_stores,
    "ListUsers": list_users,
    "UpdateGroup": update_group,
    "UpdateUser": update_user,
}


def find_user(world: World, store_id: str, user_name: str) -> StoreUser | None:
    """The user of this name, None if there is none. User names are compared without case."""
    name = user_name.casefold()
    users = _store(world, store_id).users.values()
    return next((user for user in users if user.user_name.casefold() == name), None)


def user(world: World, store_id: str, user_id: str) -> StoreUser | None:
    """The user with this id, None if there is none."""
    return _store(world, store_id).users.get(user_id)


def has_group(world: World, store_id: str, group_id: str) -> bool:
    """Whether there is a group with this id."""
    return group_id in _store(world, store_id).groups


def group_ids_of(world: World, store_id: str, user_id: str) -> list[str]:
    """The ids of the groups that a user is in."""
    held = _store(world, store_id).memberships.values()
    return [each.group_id for each in held if each.user_id == user_id]


def find_store(world: World, given: str) -> IdentityStore | None:
    """The store with this id or ARN, None if there is none."""
    return world.room(IdentityStores).stores.get(local_id(given))


def find_membership(world: World, store_id: str, given: str) -> Membership | None:
    """The membership with this id or ARN in a store, None if there is none."""
    return _store(world, local_id(store_id)).memberships.get(local_id(given))


def _store(world: World, store_id: str) -> IdentityStore:
    """The store with this id; an empty one where there is none, so that nobody is found."""
    return world.room(IdentityStores).stores.get(store_id) or IdentityStore(store_id, "", "")


__all__ = [
    "ENTERPRISE",
    "OPERATIONS",
    "IdentityStore",
    "Membership",
    "StoreUser",
    "create",
    "delete",
    "find_membership",
    "find_store",
    "find_user",
    "group_ids_of",
    "has_group",
    "user",
]
