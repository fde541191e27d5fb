"""The IAM role that a permission set becomes in an account.

Its name is AWSReservedSSO_<permission set>_<hex>, and only Identity Center changes it. People get
it through the instance's SAML provider.
Source: IAM Identity Center User Guide, "IAM roles created by IAM Identity Center" and
"Referencing permission sets in resource policies" (the path, which names no region for us-east-1).
"""

from __future__ import annotations

import json
from typing import Any

from helpers.cloud import aws_managed_policies, policies, resources
from helpers.cloud.world import World

from .saml_provider import ensure
from .session_duration import seconds_of
from .state import CustomerManagedPolicy, Instance, PermissionSet, Provisioned

PATH = "/aws-reserved/sso.amazonaws.com/"
INLINE_POLICY = "AwsSSOInlinePolicy"


class NotProvisioned(Exception):
    """A permission set cannot be written into an account; the text is AWS's FailureReason."""


def write_role(
    world: World, instance: Instance, permission_set: PermissionSet, account: str
) -> None:
    """Make the account's role what the permission set says, and note that it is.

    NotProvisioned, before anything is changed, if the account lacks a policy that is named.
    """
    attached, boundary = _policies(permission_set, account)
    provider = ensure(world, instance, account)
    iam = resources.backend("iam", account, "aws")
    role = role_in(permission_set, account) or iam.create_role(
        role_name=new_role_name(world, permission_set),
        assume_role_policy_document=_trust(provider),
        path=PATH,
        permissions_boundary=None,
        description=permission_set.description,
        tags=[],
        max_session_duration=None,
    )
    role.description = permission_set.description
    role.max_session_duration = str(seconds_of(permission_set.session_duration))
    role.permissions_boundary_arn = boundary
    inline = permission_set.inline_policy
    role.policies = {INLINE_POLICY: inline} if inline else {}
    _attach(iam, role, attached)
    permission_set.provisioned[account] = Provisioned(role.arn, permission_set.revision)


def delete_role(permission_set: PermissionSet, account: str) -> None:
    """Take the permission set's role out of an account."""
    role = role_in(permission_set, account)
    if role is not None:
        iam = resources.backend("iam", account, "aws")
        _attach(iam, role, [])
        del iam.roles[role.id]
    del permission_set.provisioned[account]


def role_in(permission_set: PermissionSet, account: str) -> Any | None:
    """moto's role for the permission set in an account, None if there is none."""
    known = permission_set.provisioned.get(account)
    return policies.find_role(known.role_arn) if known else None


def new_role_name(world: World, permission_set: PermissionSet) -> str:
    """A name that no role has yet."""
    return f"AWSReservedSSO_{permission_set.name}_{world.ids.bytes(8).hex()}"


def arn_in(policy: str | CustomerManagedPolicy, account: str) -> str:
    """The ARN, in an account, of a policy that a permission set names."""
    return policy if isinstance(policy, str) else policy.arn(account)


def _policies(permission_set: PermissionSet, account: str) -> tuple[list[str], str | None]:
    """(ARNs to attach, ARN of the boundary), all of which the account has."""
    named = [*permission_set.managed, *permission_set.customer_managed]
    attached = [arn_in(policy, account) for policy in named]
    limit = permission_set.boundary
    boundary = arn_in(limit, account) if limit else None
    iam = resources.backend("iam", account, "aws")
    for arn in [*attached, *([boundary] if boundary else [])]:
        aws_managed_policies.provide(iam, arn)
        if arn not in iam.managed_policies:
            raise NotProvisioned(f"Received a 404 status error: Not supported policy {arn}.")
    return attached, boundary


def _attach(iam: Any, role: Any, wanted: list[str]) -> None:
    """Attach exactly these policies to a role."""
    for arn in [arn for arn in role.managed_policies if arn not in wanted]:
        iam.detach_role_policy(arn, role.name)
    for arn in wanted:
        if arn not in role.managed_policies:
            iam.attach_role_policy(arn, role.name)


def _trust(provider: str) -> str:
    """Who may have the role: people for whom the instance's SAML provider vouches."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
