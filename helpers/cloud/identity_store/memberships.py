"""Which users are in which groups: CreateGroupMembership, IsMemberInGroups and their kin.

Source: Identity Store API Reference.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .groups import group_of
from .state import IdentityStore, Membership
from .stores import local_id, not_found, paged, stamp, store_of


def create_group_membership(call: Call) -> dict[str, Any]:
    """Put a user into a group. AwsError ConflictException, ResourceNotFoundException."""
    store, user_id = store_of(call), _member(call)
    if user_id not in store.users:
        raise _absent("Member does not exist", "USER", user_id)
    group_id = local_id(call.params["GroupId"])
    if group_id not in store.groups:
        raise _absent("Group does not exist", "GROUP", group_id)
    if store.membership(group_id, user_id):
        text, reason = "Member and Group relationship already exists.", _NOT_UNIQUE
        raise AwsError("ConflictException", text, 400, Reason=reason)
    made = Membership(call.world.ids.uuid(), group_id, user_id, stamp(call))
    store.memberships[made.membership_id] = made
    return _identified(store, made)


_NOT_UNIQUE = "UNIQUENESS_CONSTRAINT_VIOLATION"


def describe_group_membership(call: Call) -> dict[str, Any]:
    """Who is in which group by this membership. AwsError ResourceNotFoundException."""
    store = store_of(call)
    return _described(store, _membership(store, call))


def delete_group_membership(call: Call) -> dict[str, Any]:
    """Take a user out of a group. AwsError ResourceNotFoundException."""
    store = store_of(call)
    del store.memberships[_membership(store, call).membership_id]
    return {}


def get_group_membership_id(call: Call) -> dict[str, Any]:
    """The id of a user's membership in a group. AwsError ResourceNotFoundException."""
    store = store_of(call)
    found = store.membership(local_id(call.params["GroupId"]), _member(call))
    if found is None:
        raise not_found("GROUP_MEMBERSHIP")
    return _identified(store, found)


def is_member_in_groups(call: Call) -> dict[str, Any]:
    """Whether a user is in each of some groups. AwsError ResourceNotFoundException."""
    store, user_id = store_of(call), _member(call)
    _check_user(store, user_id)
    results = []
    for given in call.params["GroupIds"]:
        group = group_of(store, given)
        is_member = store.membership(group.group_id, user_id) is not None
        answer = {"GroupId": group.group_id, "MemberId": {"UserId": user_id}}
        results.append({**answer, "MembershipExists": is_member})
    return {"Results": results}


def list_group_memberships(call: Call) -> dict[str, Any]:
    """The memberships of one group. AwsError ResourceNotFoundException."""
    store = store_of(call)
    group = group_of(store, call.params["GroupId"])
    held = [m for m in store.memberships.values() if m.group_id == group.group_id]
    return paged(call, "GroupMemberships", [_described(store, each) for each in held])


def list_group_memberships_for_member(call: Call) -> dict[str, Any]:
    """The memberships of one user. AwsError ResourceNotFoundException."""
    store, user_id = store_of(call), _member(call)
    _check_user(store, user_id)
    held = [m for m in store.memberships.values() if m.user_id == user_id]
    return paged(call, "GroupMemberships", [_described(store, each) for each in held])


def _member(call: Call) -> str:
    """The user that MemberId names."""
    return local_id(call.params["MemberId"]["UserId"])


def _check_user(store: IdentityStore, user_id: str) -> None:
    if user_id not in store.users:
        raise not_found("USER", user_id)


def _membership(store: IdentityStore, call: Call) -> Membership:
    membership_id = local_id(call.params["MembershipId"])
    if membership_id not in store.memberships:
        raise not_found("GROUP_MEMBERSHIP", membership_id)
    return store.memberships[membership_id]


def _absent(text: str, kind: str, resource_id: str) -> AwsError:
    return AwsError(
        "ResourceNotFoundException", text, 400, ResourceType=kind, ResourceId=resource_id
    )


def _identified(store: IdentityStore, membership: Membership) -> dict[str, Any]:
    membership_id = membership.membership_id
    arn = f"arn:aws:identitystore:::membership/{membership_id}"
    home = {"IdentityStoreId": store.store_id, "MembershipId": membership_id}
    return {**home, "MembershipArn": arn}


def _described(store: IdentityStore, membership: Membership) -> dict[str, Any]:
    who = {"GroupId": membership.group_id, "MemberId": {"UserId": membership.user_id}}
    return {**_identified(store, membership), **who, **membership.stamp.described()}
