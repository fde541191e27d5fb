"""The policy simulator: it answers from the same engine that decides real requests.

Source: IAM API Reference, SimulatePrincipalPolicy and SimulateCustomPolicy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpers.cloud import policies, resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import (
    Decision,
    Policies,
    Policy,
    PolicyError,
    Principal,
    Request,
    decide,
    parse_policy,
)


def simulate_principal_policy(call: Call) -> dict[str, Any]:
    """Would this user or role be allowed? Extra policies may be given along."""
    principal = _principal(call, call.params["PolicySourceArn"])
    if principal.type == "AssumedRole" and call.params.get("ResourcePolicy"):
        text = "Resource policy simulation is not supported for IAM roles."
        raise AwsError("InvalidInput", text)
    own = policies.own_policies(call.world, principal)
    extra = _parse(call.params.get("PolicyInputList", []), "PolicyInputList")
    return _simulate(call, _caller(call, principal), own.identity + extra, own.boundary)


def simulate_custom_policy(call: Call) -> dict[str, Any]:
    """Would these policies allow it, whoever held them?"""
    user = f"arn:aws:iam::{call.account}:user/simulated"
    principal = Principal(type="User", arn=user, account=call.account, username="simulated")
    identity = _parse(call.params["PolicyInputList"], "PolicyInputList")
    return _simulate(call, _caller(call, principal), identity, None)


def _principal(call: Call, arn: str) -> Principal:
    """The user or role behind an ARN. Groups have no principal of their own."""
    iam = resources.backend("iam", call.account, "aws")
    for user in iam.users.values():
        if user.arn == arn:
            return Principal(
                type="User", arn=arn, account=call.account, user_id=user.id, username=user.name
            )
    role = policies.find_role(arn)
    if role is None:
        text = f"The entity {arn} cannot be found."
        raise AwsError("NoSuchEntity", text, 404)
    session = f"arn:aws:sts::{call.account}:assumed-role/{role.name}/simulated"
    return Principal(
        type="AssumedRole",
        arn=session,
        account=call.account,
        user_id=f"{role.id}:simulated",
        role_arn=arn,
    )


def _caller(call: Call, principal: Principal) -> Principal:
    """CallerArn, when given, must be a user; it speaks for the principal's place."""
    arn = call.params.get("CallerArn")
    if not arn:
        return principal
    if ":user/" not in arn:
        raise AwsError("InvalidInput", "CallerArn must be the ARN of an IAM user.")
    name = arn.rsplit("/", 1)[-1]
    return Principal(type="User", arn=arn, account=arn.split(":")[4], username=name)


def _parse(documents: Sequence[str], name: str, kind: str = "identity") -> tuple[Policy, ...]:
    try:
        return tuple(
            parse_policy(text, name=f"{name}.{i}", kind=kind)  # type: ignore[arg-type]
            for i, text in enumerate(documents, 1)
        )
    except PolicyError as wrong:
        raise AwsError("InvalidInput", wrong.message) from wrong


def _simulate(
    call: Call,
    principal: Principal,
    identity: tuple[Policy, ...],
    boundary: tuple[Policy, ...] | None,
) -> dict[str, Any]:
    params = call.params
    limits = params.get("PermissionsBoundaryPolicyInputList")
    resource = [params["ResourcePolicy"]] if params.get("ResourcePolicy") else []
    applied = Policies(
        identity=identity,
        resource=next(iter(_parse(resource, "ResourcePolicy", "resource")), None),
        boundary=_parse(limits, "PermissionsBoundaryPolicyInputList") if limits else boundary,
    )
    context = {e["ContextKeyName"]: _value(e) for e in params.get("ContextEntries", [])}
    owner = (params.get("ResourceOwner") or "").split(":")
    decisions = [
        decide(
            Request(
                principal=principal,
                action=action,
                resource=arn,
                resource_account=owner[4] if len(owner) > 4 else call.account,
                context=context,
            ),
            applied,
        )
        for action in params["ActionNames"]
        for arn in params.get("ResourceArns") or ["*"]
    ]
    return {"EvaluationResults": [_result(d) for d in decisions], "IsTruncated": False}


def _value(entry: dict[str, Any]) -> str | list[str]:
    values = entry.get("ContextKeyValues", [])
    if entry.get("ContextKeyType", "string").endswith("List") or len(values) != 1:
        return list(values)
    return str(values[0])


def _result(decision: Decision) -> dict[str, Any]:
    allowed = {"allow": "allowed"}
    result = str(decision.result)
    return {
        "EvalActionName": decision.request.action,
        "EvalResourceName": decision.request.resource,
        "EvalDecision": allowed.get(result, result),
        "MatchedStatements": [
            {"SourcePolicyId": s.policy_name, "SourcePolicyType": "IAM Policy"}
            for s in decision.looked_at
            if s.matched
        ],
        "MissingContextValues": [],
    }
