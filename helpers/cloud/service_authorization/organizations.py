"""AWS Organizations: an account is named by its id, a policy names its ARN.

Source: Service Authorization Reference, "AWS Organizations" (resource type account, condition key
organizations:ServicePrincipal).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from helpers.cloud.service_authorization import facts, general
from helpers.cloud.service_authorization.requirement import Requirement

if TYPE_CHECKING:
    from helpers.cloud.call import Call


def requirements(call: Call) -> list[Requirement]:
    """What an Organizations call must be allowed.

    The caller's own policies decide, also where the account that is named is another one.
    """
    if call.operation == "EnableAWSServiceAccess":
        service = {"organizations:ServicePrincipal": str(call.params.get("ServicePrincipal", ""))}
        needed = general.requirements(call)
        return [replace(each, context={**each.context, **service}) for each in needed]
    if call.operation != "DescribeAccount":
        return general.requirements(call)
    arn = facts.organization_account_arn(call.account, str(call.params.get("AccountId", "")))
    context = general.request_context(call)
    return [Requirement("organizations:DescribeAccount", arn, call.account, context)]
