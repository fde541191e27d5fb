"""CreateAccount: a new member account, with a role through which it is managed.

AWS creates accounts in the background: the answer says IN_PROGRESS, and
DescribeCreateAccountStatus says later how it went. Here it is done at the next request.
Source: AWS Organizations API Reference, CreateAccount and CreateAccountStatus; AWS Organizations
User Guide, "Accessing a member account that has OrganizationAccountAccessRole" and "Quotas".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.organizations.models import FakeOrganization

from helpers.cloud import aws_managed_policies, resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.paging import page

from .caller import managed_organization
from .membership import accounts_of
from .organization import MOST_A_PAGE
from .state import OrganizationsState

MOST_ACCOUNTS = 10
_ROLE = "OrganizationAccountAccessRole"
_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
_MOST_TAGS = 50


def create_account(call: Call) -> dict[str, Any]:
    """Begin to create a member account. AwsError InvalidInputException for its tags.

    What is wrong with the account itself is told by the status: FAILED, with a FailureReason.
    """
    organization = managed_organization(call)
    tags = _tags(call.params.get("Tags", []))
    now = call.world.clock.now()
    begun = {
        "Id": f"car-{call.world.ids.uuid().replace('-', '')}",
        "AccountName": call.params["AccountName"],
        "State": "IN_PROGRESS",
        "RequestedTimestamp": now,
    }
    reason = _failure(organization, call.params["Email"])
    if reason:
        ended = {**begun, "State": "FAILED", "FailureReason": reason}
    else:
        made = _make(organization, call.params, tags)
        ended = {**begun, "State": "SUCCEEDED", "AccountId": made, "CompletedTimestamp": now}
    call.world.room(OrganizationsState).requests[call.account, begun["Id"]] = ended
    return {"CreateAccountStatus": begun}


def describe_create_account_status(call: Call) -> dict[str, Any]:
    """How a CreateAccount went. AwsError CreateAccountStatusNotFoundException."""
    managed_organization(call)
    asked = call.params["CreateAccountRequestId"]
    found = call.world.room(OrganizationsState).requests.get((call.account, asked))
    if found is None:
        text = "We can't find a create account request with that CreateAccountRequestId."
        raise AwsError("CreateAccountStatusNotFoundException", text)
    return {"CreateAccountStatus": found}


def list_create_account_status(call: Call) -> dict[str, Any]:
    """How the account's CreateAccount requests went, those in the wanted states."""
    managed_organization(call)
    wanted = call.params.get("States") or ["IN_PROGRESS", "SUCCEEDED", "FAILED"]
    kept = call.world.room(OrganizationsState).requests
    found = [
        ended
        for (manager, _), ended in kept.items()
        if manager == call.account and ended["State"] in wanted
    ]
    shown, more = page(found, call.params, MOST_A_PAGE, "InvalidInputException")
    return {"CreateAccountStatuses": shown, **more}


def _failure(organization: FakeOrganization, email: str) -> str:
    """AWS's reason for not creating the account, "" if there is none."""
    if len(accounts_of(organization)) >= MOST_ACCOUNTS:
        return "ACCOUNT_LIMIT_EXCEEDED"
    if email.casefold() in {taken.casefold() for taken in _emails()}:
        return "EMAIL_ALREADY_EXISTS"
    return ""


def _emails() -> Iterator[str]:
    """The address of every account of every organization: one address serves one account."""
    for manager in resources.accounts("organizations"):
        for account in resources.backend("organizations", manager, "aws").accounts:
            yield account.email


def _make(
    organization: FakeOrganization, params: Mapping[str, Any], tags: list[dict[str, str]]
) -> str:
    """The id of a new account, whose role may do anything in it."""
    kept = resources.backend("organizations", organization.master_account_id, "aws")
    role_name = params.get("RoleName", _ROLE)
    status = kept.create_account(
        AccountName=params["AccountName"], Email=params["Email"], RoleName=role_name, Tags=tags
    )
    account = str(status["CreateAccountStatus"]["AccountId"])
    iam = resources.backend("iam", account, "aws")
    aws_managed_policies.provide(iam, _ADMINISTRATOR)
    iam.attach_role_policy(_ADMINISTRATOR, role_name)
    return account


def _tags(pairs: list[dict[str, str]]) -> list[dict[str, str]]:
    """The tags of a new account, checked."""
    keys = [pair["Key"] for pair in pairs]
    reason = "DUPLICATE_TAG_KEY" if len(set(keys)) < len(keys) else ""
    if any(key.lower().startswith("aws:") for key in keys):
        reason = "INVALID_SYSTEM_TAGS_PARAMETER"
    if len(keys) > _MOST_TAGS:
        reason = "MAX_LENGTH_EXCEEDED"
    if reason:
        raise AwsError("InvalidInputException", "You specified an invalid value.", Reason=reason)
    return pairs
