"""Which policies speak about a request: the caller's own, the resource's, the session's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from helpers.cloud import aws_managed_policies, resources
from helpers.cloud.iam import Policies, Policy, PolicyError, Principal, Request, parse_policy
from helpers.cloud.s3.bucket_policies import BucketPolicies
from helpers.cloud.service_authorization import facts
from helpers.cloud.sessions import Credentials
from helpers.cloud.world import ACCOUNT, World


@dataclass(frozen=True)
class Own:
    """What the caller's side says: identity policies, and a permissions boundary or None.

    `gone` is set where IAM no longer knows the user or role behind a session. It has no
    permissions, and no resource's policy means it: that keeps a user or role by its unique id.
    Source: IAM User Guide, "AWS JSON policy elements: Principal".
    """

    identity: tuple[Policy, ...] = ()
    boundary: tuple[Policy, ...] | None = None
    gone: bool = False


def applying(world: World, request: Request, credentials: Credentials | None) -> Policies:
    """Every policy that the decision on this request must look at."""
    resource = resource_policy(world, request.resource)
    return together(own_policies(world, request.principal), resource, credentials)


def together(own: Own, resource: Policy | None, credentials: Credentials | None) -> Policies:
    """The caller's policies, the resource's, and those of the session."""
    return Policies(
        identity=own.identity,
        resource=None if own.gone else resource,
        session=credentials.session_policies if credentials else None,
        boundary=own.boundary,
    )


def own_policies(world: World, principal: Principal) -> Own:
    """The policies of a user, whose groups count, or of a session's role."""
    holder = _behind(world, principal)
    if holder is None:
        return Own(gone=principal.type == "AssumedRole" or bool(principal.username))
    iam = resources.backend("iam", principal.account or world.account, "aws")
    if principal.type == "AssumedRole":
        return Own(*_of_holder(iam, holder, f"role {holder.name}"))
    return Own(*_of_user(iam, holder))


def _behind(world: World, principal: Principal) -> Any | None:
    """moto's user or role that a principal is or wears, None if there is none."""
    if principal.type == "AssumedRole":
        role = find_role(principal.role_arn)
        return role if role is not None and _is_same(principal, role.id) else None
    if principal.type not in ("User", "FederatedUser"):
        return None
    iam = resources.backend("iam", principal.account or world.account, "aws")
    user = iam.users.get(principal.username)
    arn = principal.arn if principal.type == "User" else principal.federated_by
    known = user is not None and user.arn == arn and _is_same(principal, user.id)
    return user if known else None


def _is_same(principal: Principal, unique_id: str) -> bool:
    """Whether this is the very user or role, and not a later one of the same name."""
    federated = principal.type == "FederatedUser"
    known = principal.federated_by_id if federated else principal.user_id.split(":")[0]
    return not known or known == unique_id


def _of_user(iam: Any, user: Any) -> tuple[tuple[Policy, ...], tuple[Policy, ...] | None]:
    own, boundary = _of_holder(iam, user, f"user {user.name}")
    for group in iam.groups.values():
        if any(member.name == user.name for member in group.users):
            own += _of_holder(iam, group, f"group {group.name}")[0]
    return own, boundary


def _of_holder(
    iam: Any, holder: Any, whose: str
) -> tuple[tuple[Policy, ...], tuple[Policy, ...] | None]:
    inline = [
        _parsed(_text(document), f"inline policy {name} on {whose}")
        for name, document in holder.policies.items()
    ]
    managed = [
        _parsed(_default_version(policy), f"managed policy {policy.name} on {whose}")
        for policy in holder.managed_policies.values()
    ]
    arn = getattr(holder, "permissions_boundary_arn", None)
    return tuple(inline + managed), _boundary(iam, arn, whose) if arn else None


def _boundary(iam: Any, arn: str, whose: str) -> tuple[Policy, ...]:
    """The boundary; one whose policy is gone, or another account's, allows nothing."""
    try:
        if arn.split(":")[4] not in (iam.account_id, "aws"):
            return ()
        return (managed_policy(arn, f"permissions boundary of {whose}"),)
    except PolicyError:
        return ()


def managed_policy(arn: str, name: str = "") -> Policy:
    """A customer or AWS managed policy by its ARN. PolicyError if there is none."""
    account = (arn.split(":") + [""] * 5)[4]
    iam = resources.backend("iam", account if _is_known(account) else ACCOUNT, "aws")
    aws_managed_policies.provide(iam, arn)
    policy = iam.managed_policies.get(arn)
    if policy is None:
        raise PolicyError("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.")
    return _parsed(_default_version(policy), name or f"managed policy {policy.name}")


def _default_version(policy: Any) -> str:
    chosen = (v for v in policy.versions if v.version_id == policy.default_version_id)
    return _text(next(chosen).document)


def _is_known(account: str) -> bool:
    """Whether the account has anything in IAM. Asking moto for any other one would found it."""
    return account in resources.accounts("iam")


def find_role(role_arn: str) -> Any | None:
    """moto's role with exactly this ARN, None if it does not exist."""
    parts = role_arn.split(":", 5)
    if len(parts) != 6 or not _is_known(parts[4]) or not parts[5].startswith("role/"):
        return None
    iam = resources.backend("iam", parts[4], "aws")
    name = parts[5].rsplit("/", 1)[-1]
    return next((r for r in iam.roles.values() if r.name == name and r.arn == role_arn), None)


def trust_policy(role_arn: str) -> Policy | None:
    """Who may assume a role. None if there is no such role."""
    role = find_role(role_arn)
    if role is None:
        return None
    return _parsed(_text(role.assume_role_policy_document), f"trust policy of {role.name}", "trust")


def resource_policy(world: World, resource: str) -> Policy | None:
    """The policy on the resource itself: today, a bucket's."""
    if not resource.startswith("arn:aws:s3:::"):
        return None
    name = resource.removeprefix("arn:aws:s3:::").split("/", 1)[0]
    owner = facts.bucket_owner(name)
    bucket = resources.backend("s3", owner, "aws").buckets.get(name) if owner else None
    document = world.room(BucketPolicies).get(bucket) if bucket is not None else None
    return _parsed(document, f"bucket policy of {name}", "resource") if document else None


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document)


@lru_cache(maxsize=4096)
def _parsed(document: str, name: str, kind: str = "identity") -> Policy:
    return parse_policy(document, name=name, kind=kind)  # type: ignore[arg-type]
