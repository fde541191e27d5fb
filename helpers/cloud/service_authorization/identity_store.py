"""What a call of the identity store must be allowed, on the store, its users, groups, memberships.

An action on a membership is also one on its user and its group. Accounts of the organization
may read a store that is not theirs: their own policies decide, as AWS's guide describes.
Source: Service Authorization Reference, "AWS Identity Store"; IAM Identity Center User Guide,
"Limiting access to the identity store from member accounts".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpers.cloud.identity_store import IdentityStore, Membership, find_membership, find_store
from helpers.cloud.service_authorization import general, reference
from helpers.cloud.service_authorization.requirement import Requirement

if TYPE_CHECKING:
    from helpers.cloud.call import Call

_ARN = "arn:aws:identitystore:::{}/{}"


def requirements(call: Call) -> list[Requirement]:
    """The operation's action on everything that the reference lists for it."""
    action = f"identitystore:{call.operation}"
    context = general.request_context(call)
    kinds = [kind.name for kind in reference.resource_types(action)]
    arns = [arn for kind in kinds for arn in _NAMED[kind](call)] or ["*"]
    return [Requirement(action, arn, call.account, context) for arn in arns]


def _stores(call: Call) -> list[str]:
    given = call.params["IdentityStoreId"]
    kept = find_store(call.world, given)
    account, store_id = (kept.account, kept.store_id) if kept else (call.account, given)
    return [IdentityStore(store_id.rpartition("/")[2], account, call.region).arn]


def _users(call: Call) -> list[str]:
    member = call.params.get("MemberId", {}).get("UserId")
    membership = _membership(call)
    named = call.params.get("UserId") or member or (membership and membership.user_id)
    return [_arn("user", named or "*")]


def _groups(call: Call) -> list[str]:
    if "GroupIds" in call.params:
        return [_arn("group", each) for each in call.params["GroupIds"]]
    membership = _membership(call)
    named = call.params.get("GroupId") or (membership and membership.group_id)
    return [_arn("group", named or "*")]


def _memberships(call: Call) -> list[str]:
    return [_arn("membership", call.params.get("MembershipId", "*"))]


def _membership(call: Call) -> Membership | None:
    given = call.params.get("MembershipId", "")
    return find_membership(call.world, call.params["IdentityStoreId"], given)


def _arn(kind: str, given: str) -> str:
    return _ARN.format(kind, given.rpartition("/")[2])


def _all(kind: str) -> Callable[[Call], list[str]]:
    return lambda call: [_ARN.format(kind, "*")]


_NAMED: dict[str, Callable[[Call], list[str]]] = {
    "AllGroupMemberships": _all("membership"),
    "AllGroups": _all("group"),
    "AllUsers": _all("user"),
    "Group": _groups,
    "GroupMembership": _memberships,
    "Identitystore": _stores,
    "User": _users,
}
