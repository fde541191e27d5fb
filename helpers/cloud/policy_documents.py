"""Policy documents are checked before moto keeps them, so that none is stored that AWS refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

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


CHECKS: Mapping[tuple[str, str], Callable[[Call], None]] = {
    ("iam", "CreatePolicy"): _check("PolicyDocument", "identity"),
    ("iam", "CreatePolicyVersion"): _check("PolicyDocument", "identity"),
    ("iam", "PutUserPolicy"): _check("PolicyDocument", "identity"),
    ("iam", "PutRolePolicy"): _check("PolicyDocument", "identity"),
    ("iam", "PutGroupPolicy"): _check("PolicyDocument", "identity"),
    ("iam", "CreateRole"): _check("AssumeRolePolicyDocument", "trust"),
    ("iam", "UpdateAssumeRolePolicy"): _check("PolicyDocument", "trust"),
}
