"""Groups: who is in them, and the roles they stand for in tokens."""

from __future__ import annotations

from typing import Any

from moto.cognitoidp.models import CognitoIdpGroup, CognitoIdpUser

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools.directory import Pool, pool_of, user_of


def groups_of(user: CognitoIdpUser) -> list[CognitoIdpGroup]:
    """The user's groups, those that take precedence first; no precedence comes last."""

    def rank(group: CognitoIdpGroup) -> tuple[bool, int, str]:
        return group.precedence is None, group.precedence or 0, group.group_name

    return sorted(user.groups, key=rank)


def claims(user: CognitoIdpUser) -> dict[str, Any]:
    """cognito:groups, cognito:roles and cognito:preferred_role of a user.

    The preferred role is that of the group with the lowest Precedence. Where several groups share
    that precedence and their roles differ there is none. Source: developer guide, "Adding groups
    to a user pool", "Assigning precedence values to groups".
    """
    groups = groups_of(user)
    if not groups:
        return {}
    found: dict[str, Any] = {"cognito:groups": [g.group_name for g in groups]}
    with_role = [g for g in groups if g.role_arn]
    if with_role:
        found["cognito:roles"] = list(dict.fromkeys(g.role_arn for g in with_role))
        first = {g.role_arn for g in with_role if g.precedence == with_role[0].precedence}
        if len(first) == 1:
            found["cognito:preferred_role"] = first.pop()
    return found


def admin_add_user_to_group(call: Call) -> dict[str, Any]:
    """AdminAddUserToGroup."""
    pool = pool_of(call)
    group, user = _group(call, pool), user_of(call, pool)
    group.users.add(user)
    user.groups.add(group)
    return {}


def admin_remove_user_from_group(call: Call) -> dict[str, Any]:
    """AdminRemoveUserFromGroup."""
    pool = pool_of(call)
    group, user = _group(call, pool), user_of(call, pool)
    group.users.discard(user)
    user.groups.discard(group)
    return {}


def admin_list_groups_for_user(call: Call) -> dict[str, Any]:
    """AdminListGroupsForUser. NextToken is the number of groups already listed."""
    pool = pool_of(call)
    groups = groups_of(user_of(call, pool))
    token = call.params.get("NextToken", "0")
    start = int(token) if token.isascii() and token.isdigit() and len(token) < 9 else 0
    end = start + (call.params.get("Limit") or 60)
    answer: dict[str, Any] = {"Groups": [g.to_json() for g in groups[start:end]]}
    if end < len(groups):
        answer["NextToken"] = str(end)
    return answer


def _group(call: Call, pool: Pool) -> CognitoIdpGroup:
    group = pool.resource.groups.get(call.params["GroupName"])
    if group is None:
        raise AwsError("ResourceNotFoundException", "Group not found.")
    return group
