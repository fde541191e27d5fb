"""AWS Security Token Service: the operations that decide for themselves, and the others.

Source: Service Authorization Reference, "AWS Security Token Service"; IAM User Guide,
"Permissions for GetSessionToken" and "Permissions for GetCallerIdentity".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.cloud.service_authorization import general
from helpers.cloud.service_authorization.requirement import Requirement

if TYPE_CHECKING:
    from helpers.cloud.call import Call

# The trust policy of the role answers an assumption, so the operation asks it itself.
# GetCallerIdentity and GetSessionToken need no permission, not even against an explicit deny.
SELF_AUTHORIZING = frozenset(
    {
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "GetCallerIdentity",
        "GetSessionToken",
    }
)


def requirements(call: Call) -> list[Requirement]:
    """What an STS call must be allowed; nothing for those that decide for themselves."""
    if call.operation in SELF_AUTHORIZING:
        return []
    if call.operation == "GetFederationToken":
        arn = f"arn:aws:sts::{call.account}:federated-user/{call.params.get('Name', '')}"
        actions = ["sts:GetFederationToken"]
        if call.params.get("Tags"):
            actions.append("sts:TagSession")
        context = general.request_context(call)
        return [Requirement(action, arn, context=context) for action in actions]
    return general.requirements(call)
