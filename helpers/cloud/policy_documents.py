"""Policy documents are checked before moto keeps them, so that none is stored that AWS refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import PolicyError, parse_policy

Kind = Literal["identity", "resource", "trust"]


def _check(member: str, kind: Kind) -> Callable[[Call], None]:
    def check(call: Call) -> None:
        try:
            parse_policy(call.params[member], name=member, kind=kind)
        except PolicyError as wrong:
            raise AwsError(wrong.code, wrong.message) from wrong

    return check


def _trust(member: str) -> Callable[[Call], None]:
    """A trust policy, which must also not open a role to every identity pool there is.

    Source: Amazon Cognito Developer Guide, "Security best practices for identity pools": IAM wants
    at least one condition. The wording of the refusal is ours.
    """
    well_formed = _check(member, "trust")

    def check(call: Call) -> None:
        well_formed(call)
        statements = json.loads(call.params[member])["Statement"]
        for statement in statements if isinstance(statements, list) else [statements]:
            if _trusts_any_identity_pool(statement):
                raise AwsError("MalformedPolicyDocument", _NO_CONDITION)

    return check


_IDENTITY_POOLS = "cognito-identity.amazonaws.com"
_NO_CONDITION = f"A role that trusts {_IDENTITY_POOLS} must have at least one condition."


def _trusts_any_identity_pool(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    federated = principal.get("Federated", []) if isinstance(principal, dict) else []
    named = [federated] if isinstance(federated, str) else federated
    unconditional = statement["Effect"] == "Allow" and not statement.get("Condition")
    return unconditional and _IDENTITY_POOLS in named


CHECKS: Mapping[tuple[str, str], Callable[[Call], None]] = {
    ("iam", "CreatePolicy"): _check("PolicyDocument", "identity"),
    ("iam", "CreatePolicyVersion"): _check("PolicyDocument", "identity"),
    ("iam", "PutUserPolicy"): _check("PolicyDocument", "identity"),
    ("iam", "PutRolePolicy"): _check("PolicyDocument", "identity"),
    ("iam", "PutGroupPolicy"): _check("PolicyDocument", "identity"),
    ("iam", "CreateRole"): _trust("AssumeRolePolicyDocument"),
    ("iam", "UpdateAssumeRolePolicy"): _trust("PolicyDocument"),
}
