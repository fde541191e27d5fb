"""In the management account Identity Center has no rights of its own: it uses the caller's.

Its service-linked role may not touch roles there, so whoever provisions a permission set into the
management account, or takes it out, must be allowed to do so in IAM. Otherwise somebody who may
only assign access could make himself an administrator of the whole organization.
Source: AWS Managed Policy Reference, AWSSSOServiceRolePolicy (its conditions on
aws:PrincipalOrgMasterAccountId).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from helpers.cloud import authorization
from helpers.cloud.aws_saml.providers import find_provider
from helpers.cloud.call import Call
from helpers.cloud.iam import denial_message
from helpers.cloud.service_authorization import Requirement

from .roles import PATH, NotProvisioned, arn_in, role_in
from .saml_provider import provider_arn, provider_name
from .state import Instance, PermissionSet

_REFUSED = (
    "Received a 403 status error: Access denied by IAM. Please check your policy, or wait for "
    "role propagation to complete. IAM Error: {reason} (Service: AmazonIdentityManagement; "
    "Status Code: 403; Error Code: AccessDenied; Request ID: {request}; Proxy: null)"
)


def check_may_write(
    call: Call, instance: Instance, permission_set: PermissionSet, account: str
) -> None:
    """NotProvisioned if the account is the management account and the caller may not do it."""
    if account == instance.account:
        _check(call, _to_write(call, instance, permission_set, account))


def check_may_delete(
    call: Call, instance: Instance, permission_set: PermissionSet, account: str
) -> None:
    """The same, for taking the role out of the account."""
    if account == instance.account:
        _check(call, _to_delete(permission_set, account))


def _check(call: Call, needed: Iterator[Requirement]) -> None:
    for requirement in needed:
        context = {**requirement.context, "aws:ViaAWSService": "true"}
        decision = authorization.judge(call, replace(requirement, context=context))
        if not decision.allowed:
            request, reason = call.world.ids.uuid(), denial_message(decision)
            raise NotProvisioned(_REFUSED.format(reason=reason, request=request))


def _to_write(
    call: Call, instance: Instance, permission_set: PermissionSet, account: str
) -> Iterator[Requirement]:
    provider = provider_arn(account, provider_name(call.world, instance, account))
    if find_provider(call.world, provider) is None:
        yield Requirement("iam:CreateSAMLProvider", provider)
    kept = role_in(permission_set, account)
    role = kept.arn if kept else f"arn:aws:iam::{account}:role{PATH}{_new_name(permission_set)}"
    limit = permission_set.boundary
    bounded = {"iam:PermissionsBoundary": arn_in(limit, account)} if limit else {}
    if kept is None:
        yield Requirement("iam:CreateRole", role, context=bounded)
    elif limit:
        yield Requirement("iam:PutRolePermissionsBoundary", role, context=bounded)
    wanted = [*permission_set.managed, *permission_set.customer_managed]
    arns = [arn_in(policy, account) for policy in wanted]
    for arn in arns:
        context = {"iam:PolicyARN": arn, **bounded}
        yield Requirement("iam:AttachRolePolicy", role, context=context)
    if permission_set.inline_policy:
        yield Requirement("iam:PutRolePolicy", role, context=bounded)
    if kept is not None:
        yield from _to_take_off(permission_set, kept, arns)


def _to_take_off(
    permission_set: PermissionSet, kept: Any, wanted: list[str]
) -> Iterator[Requirement]:
    """What changes a role that is there already: a policy taken off may be one that denied."""
    yield Requirement("iam:UpdateRole", kept.arn)
    for arn in kept.managed_policies:
        if arn not in wanted:
            yield Requirement("iam:DetachRolePolicy", kept.arn, context={"iam:PolicyARN": arn})
    if kept.policies and not permission_set.inline_policy:
        yield Requirement("iam:DeleteRolePolicy", kept.arn)
    if kept.permissions_boundary_arn and permission_set.boundary is None:
        yield Requirement("iam:DeleteRolePermissionsBoundary", kept.arn)


def _to_delete(permission_set: PermissionSet, account: str) -> Iterator[Requirement]:
    kept = role_in(permission_set, account)
    if kept is None:
        return
    for arn in kept.managed_policies:
        yield Requirement("iam:DetachRolePolicy", kept.arn, context={"iam:PolicyARN": arn})
    if kept.policies:
        yield Requirement("iam:DeleteRolePolicy", kept.arn)
    yield Requirement("iam:DeleteRole", kept.arn)


def _new_name(permission_set: PermissionSet) -> str:
    """The name of a role that is not there yet, its last letters not being known."""
    return f"AWSReservedSSO_{permission_set.name}_*"
