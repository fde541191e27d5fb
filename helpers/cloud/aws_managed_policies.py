"""The policies that AWS itself keeps for everyone, such as AdministratorAccess.

moto has a copy of their documents. Making all of them for every account would take long, so each
is made when somebody first names it.
Source: IAM User Guide, "Managed policies and inline policies" (AWS managed policies).
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy

from helpers.cloud import resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

_CHANGES = frozenset(
    {
        "CreatePolicyVersion",
        "DeletePolicy",
        "DeletePolicyVersion",
        "SetDefaultPolicyVersion",
        "TagPolicy",
        "UntagPolicy",
    }
)
_HEAD = "arn:aws:iam::aws:policy/"


def prepare(call: Call) -> None:
    """Before an IAM call: the AWS managed policy that it names is there, and stays as it is.

    AwsError AccessDenied for a change of a policy of AWS, NoSuchEntity for a permissions boundary
    that another account keeps.
    """
    boundary = call.params.get("PermissionsBoundary", "")
    if boundary and boundary.split(":")[4:5] not in ([call.account], ["aws"]):
        text = f"Policy {boundary} does not exist or is not attachable."
        raise AwsError("NoSuchEntity", text, 404)
    iam = resources.backend("iam", call.account, "aws")
    for arn in (boundary, call.params.get("PolicyArn", "")):
        if arn.startswith(_HEAD) and call.operation in _CHANGES:
            raise AwsError("AccessDenied", "Policy is outside your own account.", 403)
        provide(iam, arn)


def provide(iam: Any, arn: str) -> None:
    """Let an account's IAM know an AWS managed policy; nothing happens if AWS has none such."""
    if arn in iam.managed_policies or not arn.startswith(_HEAD):
        return
    name = _names().get(arn)
    if name is not None:
        made = AWSManagedPolicy.from_data(name, iam.account_id, "aws", _documents()[name])
        iam.managed_policies[arn] = made
        iam.aws_managed_policies.append(made)


@cache
def _documents() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(aws_managed_policies_data)
    return kept


@cache
def _names() -> dict[str, str]:
    return {f"{_HEAD[:-1]}{kept['Path']}{name}": name for name, kept in _documents().items()}
