"""Amazon EC2: what its calls must be allowed. The offline cloud only ever refuses them.

Nobody who may call EC2 gets an answer here, but whoever may not is told so as on AWS, with a
message that sts:DecodeAuthorizationMessage opens.
Source: Service Authorization Reference, "Amazon EC2"; IAM User Guide, "Condition keys".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from helpers.cloud.service_authorization import general, reference
from helpers.cloud.service_authorization.reference import ResourceType
from helpers.cloud.service_authorization.requirement import Requirement

if TYPE_CHECKING:
    from helpers.cloud.call import Call


def requirements(call: Call) -> list[Requirement]:
    """The action of the same name on everything the call names, and on what it would make."""
    action = general.action_of(call.service, call.operation)
    context = {**general.request_context(call), **_context(call)}
    arns = dict.fromkeys(_arns(call, action)) or {"*": None}
    return [Requirement(action, arn, call.account, context) for arn in arns]


def _arns(call: Call, action: str) -> Iterator[str]:
    """EC2 asks about instances first; several ids stand in a list: InstanceIds."""
    kinds = reference.resource_types(action)
    for kind in sorted(kinds, key=lambda kind: kind.name != "instance"):
        for name in _names(call, kind) or ["*"] * kind.required:
            home = {"Partition": "aws", "Region": call.region, "Account": call.account}
            yield kind.filled({**dict.fromkeys(kind.placeholders, name), **home})


def _names(call: Call, kind: ResourceType) -> list[str]:
    found: list[str] = []
    for name in kind.placeholders:
        one, several = call.params.get(name), call.params.get(f"{name}s")
        found += [one] if isinstance(one, str) else several if isinstance(several, list) else []
    return found


def _context(call: Call) -> dict[str, str]:
    """The keys that are named like a parameter, such as ec2:InstanceType."""
    context = {"ec2:Region": call.region}
    for key in sorted(reference.service_condition_keys("ec2")):
        value = call.params.get(key.partition(":")[2])
        if isinstance(value, str):
            context[key] = value
    return context
