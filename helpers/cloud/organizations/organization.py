"""An organization, its root, and its listing of accounts.

Source: AWS Organizations API Reference, CreateOrganization, DescribeOrganization, ListRoots,
ListAccounts and DescribeAccount.
"""

from __future__ import annotations

from typing import Any

from moto.organizations.models import FakeAccount

from helpers.cloud import resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.paging import page

from .caller import managed_organization, own_organization
from .membership import accounts_of, organization_of

MOST_A_PAGE = 20


def create_organization(call: Call) -> dict[str, Any]:
    """Make the calling account the management account of a new organization.

    AwsError AlreadyInOrganizationException.
    """
    if organization_of(call.account) is not None:
        text = "The AWS account is already a member of an organization."
        raise AwsError("AlreadyInOrganizationException", text)
    before = set(resources.accounts("iam"))
    features = call.params.get("FeatureSet", "ALL")
    kept = resources.backend("organizations", call.account, "aws")
    described = kept.create_organization(region="us-east-1", FeatureSet=features)
    kept.accounts[0].name = "management"
    # moto also makes a role in an account that nobody has.
    for nobodys in set(resources.accounts("iam")) - before - {call.account}:
        resources.backend("iam", nobodys, "aws").roles.clear()
    return dict(described)


def describe_organization(call: Call) -> dict[str, Any]:
    """The organization of the calling account. Every member account may ask."""
    return dict(own_organization(call).describe())


def list_roots(call: Call) -> dict[str, Any]:
    """The one root, under which all accounts stand."""
    organization = managed_organization(call)
    kept = resources.backend("organizations", organization.master_account_id, "aws")
    shown, more = page(
        kept.list_roots()["Roots"], call.params, MOST_A_PAGE, "InvalidInputException"
    )
    return {"Roots": shown, **more}


def list_accounts(call: Call) -> dict[str, Any]:
    """The accounts of the organization, page by page. Only the management account may ask."""
    found = accounts_of(managed_organization(call))
    shown, more = page(found, call.params, MOST_A_PAGE, "InvalidInputException")
    return {"Accounts": [describe(call, account) for account in shown], **more}


def describe_account(call: Call) -> dict[str, Any]:
    """One account of the organization. AwsError AccountNotFoundException."""
    wanted = call.params["AccountId"]
    for account in accounts_of(managed_organization(call)):
        if account.id == wanted:
            return {"Account": describe(call, account)}
    raise AwsError("AccountNotFoundException", "You specified an account that doesn't exist.")


def describe(call: Call, account: FakeAccount) -> dict[str, Any]:
    """An account as Organizations shows it. `call` is anyone's of the organization."""
    organization = own_organization(call)
    path = f"{organization.id}/{organization.root_id}/{account.id}/"
    invited = account.id == organization.master_account_id
    how = "INVITED" if invited else "CREATED"
    return {**account.describe(), "Paths": [path], "JoinedMethod": how}
