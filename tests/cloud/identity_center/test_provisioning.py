"""A changed permission set reaches an account when it is provisioned again.

Source: IAM Identity Center API Reference, ProvisionPermissionSet.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud.accounts import Account
from tests.cloud.workforce import MANAGEMENT, READ_ONLY, Workforce, allowing

LATEST = {"ProvisioningStatus": "LATEST_PERMISSION_SET_PROVISIONED"}
BEHIND = {"ProvisioningStatus": "LATEST_PERMISSION_SET_NOT_PROVISIONED"}


@pytest.fixture
def shop(workforce: Workforce) -> Account:
    return workforce.company.new_account("shop")


@pytest.fixture
def reader(workforce: Workforce, shop: Account) -> dict[str, str]:
    """A permission set that is assigned in the shop's account."""
    made = workforce.new_permission_set("Reader", allowing("s3:GetObject"))
    workforce.assign(made, workforce.new_user("ann"), shop.id)
    return made


def role_of(account: Account) -> dict[str, Any]:
    (role,) = account.client("iam").list_roles(PathPrefix="/aws-reserved/")["Roles"]
    return account.client("iam").get_role(RoleName=role["RoleName"])["Role"]


def inline_of(account: Account) -> list[str]:
    name = role_of(account)["RoleName"]
    return account.client("iam").list_role_policies(RoleName=name)["PolicyNames"]


def test_a_change_waits_until_it_is_provisioned(
    workforce: Workforce, reader: dict[str, str], shop: Account
) -> None:
    workforce.sso.delete_inline_policy_from_permission_set(**reader)
    workforce.sso.attach_managed_policy_to_permission_set(**reader, ManagedPolicyArn=READ_ONLY)
    workforce.sso.update_permission_set(**reader, SessionDuration="PT8H")
    before = role_of(shop)
    assert (before["MaxSessionDuration"], inline_of(shop)) == (3600, ["AwsSSOInlinePolicy"])
    lists = workforce.sso.list_accounts_for_provisioned_permission_set
    assert lists(**reader, **LATEST)["AccountIds"] == []
    assert lists(**reader, **BEHIND)["AccountIds"] == [shop.id]

    assert workforce.provision(reader)["Status"] == "SUCCEEDED"
    after = role_of(shop)
    assert (after["MaxSessionDuration"], inline_of(shop)) == (8 * 3600, [])
    assert after["Arn"] == before["Arn"]
    named = {"RoleName": after["RoleName"]}
    attached = shop.client("iam").list_attached_role_policies(**named)["AttachedPolicies"]
    assert [each["PolicyArn"] for each in attached] == [READ_ONLY]
    assert lists(**reader, **LATEST)["AccountIds"] == [shop.id]


def test_a_failure_leaves_the_role_as_it_was(
    workforce: Workforce, reader: dict[str, str], shop: Account
) -> None:
    workforce.sso.delete_inline_policy_from_permission_set(**reader)
    workforce.sso.attach_customer_managed_policy_reference_to_permission_set(
        **reader, CustomerManagedPolicyReference={"Name": "limits"}
    )
    ended = workforce.provision(reader)
    assert (ended["Status"], "Not supported policy" in ended["FailureReason"]) == ("FAILED", True)
    assert inline_of(shop) == ["AwsSSOInlinePolicy"]
    failed = workforce.sso.list_permission_set_provisioning_status(
        **workforce.instance, Filter={"Status": "FAILED"}
    )
    assert len(failed["PermissionSetsProvisioningStatus"]) == 1


def test_one_account_s_failure_is_not_another_s(
    workforce: Workforce, reader: dict[str, str], shop: Account
) -> None:
    workforce.provision(reader, MANAGEMENT)
    workforce.sso.delete_inline_policy_from_permission_set(**reader)
    workforce.sso.attach_customer_managed_policy_reference_to_permission_set(
        **reader, CustomerManagedPolicyReference={"Name": "limits"}
    )
    workforce.iam.create_policy(PolicyName="limits", PolicyDocument=allowing("s3:*"))
    ended = workforce.provision(reader)
    assert f"Not supported policy arn:aws:iam::{shop.id}" in ended["FailureReason"]
    lists = workforce.sso.list_accounts_for_provisioned_permission_set
    assert lists(**reader, **LATEST)["AccountIds"] == [MANAGEMENT]


def test_a_role_is_made_without_anybody_assigned(
    workforce: Workforce, reader: dict[str, str]
) -> None:
    assert workforce.provision(reader, MANAGEMENT)["Status"] == "SUCCEEDED"
    lists = workforce.sso.list_permission_sets_provisioned_to_account
    found = lists(**workforce.instance, AccountId=MANAGEMENT)["PermissionSets"]
    assert found == [reader["PermissionSetArn"]]
    assigned = workforce.sso.list_account_assignments(**reader, AccountId=MANAGEMENT)
    assert assigned["AccountAssignments"] == []
