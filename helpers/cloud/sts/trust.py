"""May this principal wear this role? The role's trust policy is asked, and so is the caller's.

Source: IAM User Guide, "Policies and permissions in IAM: Resource-based policies" (trust
policies) and "Available keys for AWS STS".
"""

from __future__ import annotations

from collections.abc import Mapping

from helpers.cloud import authorization, organizations, policies
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import (
    Decision,
    Policies,
    Principal,
    Request,
    Result,
    decide,
    denial_message,
)

from .roles import Role

Keys = Mapping[str, str | list[str]]


def decide_caller(call: Call, role: Role, action: str, keys: Keys) -> Decision:
    """Whether the caller may do `action` on the role: its trust policy and his own policies.

    The decision is added to the call's, so that the trace shows it.
    """
    own = policies.own_policies(call.world, call.caller)
    asked = Request(call.caller, action, role.arn, role.account, _context(call, role, keys))
    trust = policies.trust_policy(role.arn)
    decision = decide(asked, policies.together(own, trust, call.credentials))
    call.decisions.append(decision)
    return decision


def decide_federated(call: Call, role: Role, provider: str, action: str, keys: Keys) -> Decision:
    """Whether users of an identity provider may do `action` on the role: its trust policy alone.

    The decision is added to the call's, so that the trace shows it.
    """
    who = Principal("Federated", provider)
    asked = Request(who, action, role.arn, role.account, _context(call, role, keys))
    decision = decide(asked, Policies(resource=policies.trust_policy(role.arn)))
    call.decisions.append(decision)
    return decision


def refusal(call: Call, action: str, role_arn: str, decision: Decision | None = None) -> AwsError:
    """What STS answers, whether the role is missing or does not let the caller in.

    An outsider cannot tell the two apart; only an explicit Deny is named.
    """
    if decision is not None and decision.result is Result.EXPLICIT_DENY:
        return AwsError("AccessDenied", denial_message(decision), 403)
    who = call.caller.arn
    text = f"User: {who} is not authorized to perform: {action} on resource: {role_arn}"
    return AwsError("AccessDenied", text, 403)


def session_keys(call: Call) -> Keys:
    """The condition keys that the caller's own session carries."""
    return call.credentials.context if call.credentials else {}


def _context(call: Call, role: Role, keys: Keys) -> dict[str, str | list[str]]:
    whose = organizations.organization_keys("Resource", role.account)
    return {**authorization.global_keys(call), **whose, **keys}
