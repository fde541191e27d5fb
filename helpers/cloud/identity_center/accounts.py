"""The accounts that an organization's instance can give access to."""

from __future__ import annotations

from moto.organizations.models import FakeAccount

from helpers.cloud.errors import AwsError
from helpers.cloud.organizations import accounts_of, organization_of

from .state import Instance


def active_accounts(instance: Instance) -> dict[str, FakeAccount]:
    """The accounts of the instance's organization that are not closed, by id."""
    organization = organization_of(instance.account)
    found = accounts_of(organization) if organization else []
    return {account.id: account for account in found if account.status == "ACTIVE"}


def check_in_organization(instance: Instance, account: str) -> None:
    """AwsError ResourceNotFoundException for an account that is not the organization's."""
    if account not in active_accounts(instance):
        text = f"Could not find account {account} in the organization"
        raise AwsError("ResourceNotFoundException", text)
