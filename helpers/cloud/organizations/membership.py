"""Which accounts belong together: moto's organizations, found from any of their accounts.

Source: AWS Organizations User Guide, "Terminology and concepts"; IAM User Guide, "AWS global
condition context keys" (aws:PrincipalOrgID, aws:PrincipalOrgPaths, aws:ResourceOrgID,
aws:ResourceOrgPaths).
"""

from __future__ import annotations

from typing import Any

from moto.organizations.models import FakeAccount, FakeOrganization

from helpers.cloud import resources


def organization_of(account: str) -> FakeOrganization | None:
    """The organization that an account manages or is a member of, None if there is none."""
    for manager in resources.accounts("organizations"):
        kept = _kept(manager)
        if kept.org is not None and any(member.id == account for member in kept.accounts):
            return kept.org  # type: ignore[no-any-return]
    return None


def accounts_of(organization: FakeOrganization) -> list[FakeAccount]:
    """The accounts of an organization in the order they joined, the management account first."""
    return list(_kept(organization.master_account_id).accounts)


def is_manager(account: str, organization: FakeOrganization) -> bool:
    """Whether this is the organization's management account."""
    return account == organization.master_account_id


def same_organization(one: str, other: str) -> bool:
    """Whether two accounts are in one organization."""
    organization = organization_of(one)
    return organization is not None and organization is organization_of(other)


def organization_keys(whose: str, account: str) -> dict[str, str | list[str]]:
    """The condition keys that tell an account's organization; none if it has none.

    `whose` is "Principal" or "Resource". Every account stands directly under the root: the
    offline cloud offers no organizational units.
    """
    organization = organization_of(account)
    if organization is None:
        return {}
    path = f"{organization.id}/{organization.root_id}/"
    return {f"aws:{whose}OrgID": organization.id, f"aws:{whose}OrgPaths": [path]}


def _kept(manager: str) -> Any:
    """What moto keeps for a management account."""
    return resources.backend("organizations", manager, "aws")
