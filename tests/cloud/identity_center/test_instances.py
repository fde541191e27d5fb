"""Instances of IAM Identity Center: the organization's, and an account's own.

Source: IAM Identity Center API Reference; User Guide, "Organization and account instances".
"""

from __future__ import annotations

import boto3
import pytest

from helpers import lab
from tests.cloud.accounts import Account
from tests.cloud.sts_words import client, error_of, new_user, policy, statement
from tests.cloud.workforce import MANAGEMENT, NO_ACCESS, Workforce, allowing


class TestOfTheOrganization:
    def test_without_an_organization_nothing_is_enabled(self, cloud: lab.Cloud) -> None:
        enable = boto3.client("organizations").enable_aws_service_access
        code, _ = error_of(enable, ServicePrincipal="sso.amazonaws.com")
        assert code == "AWSOrganizationsNotInUseException"
        assert boto3.client("sso-admin").list_instances()["Instances"] == []

    def test_consolidated_billing_alone_is_not_enough(self, cloud: lab.Cloud) -> None:
        organizations = boto3.client("organizations")
        organizations.create_organization(FeatureSet="CONSOLIDATED_BILLING")
        enable = organizations.enable_aws_service_access
        code, _ = error_of(enable, ServicePrincipal="sso.amazonaws.com")
        assert code == "ConstraintViolationException"

    def test_an_account_with_an_instance_of_its_own_deletes_it_first(
        self, cloud: lab.Cloud
    ) -> None:
        organizations, sso = boto3.client("organizations"), boto3.client("sso-admin")
        own = {"InstanceArn": sso.create_instance()["InstanceArn"]}
        organizations.create_organization(FeatureSet="ALL")
        enable = organizations.enable_aws_service_access
        code, _ = error_of(enable, ServicePrincipal="sso.amazonaws.com")
        assert code == "ConstraintViolationException"
        enabled = organizations.list_aws_service_access_for_organization()
        assert enabled["EnabledServicePrincipals"] == []
        sso.delete_instance(**own)
        enable(ServicePrincipal="sso.amazonaws.com")
        assert sso.list_instances()["Instances"][0]["InstanceArn"] != own["InstanceArn"]

    def test_a_member_account_enables_nothing(self, workforce: Workforce) -> None:
        there = workforce.company.new_account("shop").client("organizations")
        enable = there.enable_aws_service_access
        code, _ = error_of(enable, ServicePrincipal="sso.amazonaws.com")
        assert code == "AccessDeniedException"

    def test_enabling_needs_permission(self, workforce: Workforce) -> None:
        keys = new_user("clerk", policy(statement("sso:*")))
        enable = client("organizations", keys).enable_aws_service_access
        code, text = error_of(enable, ServicePrincipal="sso.amazonaws.com")
        assert code == "AccessDeniedException"
        assert "organizations:EnableAWSServiceAccess" in text

    def test_a_policy_can_name_the_service(self, workforce: Workforce) -> None:
        named = {"StringEquals": {"organizations:ServicePrincipal": "ram.amazonaws.com"}}
        allowed = statement("organizations:EnableAWSServiceAccess", Condition=named)
        enable = client("organizations", new_user("clerk", policy(allowed)))
        act = enable.enable_aws_service_access
        code, _ = error_of(act, ServicePrincipal="sso.amazonaws.com")
        assert code == "AccessDeniedException"
        code, _ = error_of(act, ServicePrincipal="ram.amazonaws.com")
        assert code == "NotImplementedException"

    def test_there_is_one_instance_however_often_it_is_enabled(self, workforce: Workforce) -> None:
        organizations = boto3.client("organizations")
        organizations.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
        found = workforce.sso.list_instances()["Instances"]
        assert len(found) == 1
        assert found[0]["OwnerAccountId"] == MANAGEMENT
        enabled = organizations.list_aws_service_access_for_organization()
        services = [each["ServicePrincipal"] for each in enabled["EnabledServicePrincipals"]]
        assert services == ["sso.amazonaws.com"]

    def test_a_member_account_sees_it_and_governs_nothing(self, workforce: Workforce) -> None:
        there = workforce.company.new_account("shop").client("sso-admin")
        found = there.list_instances()["Instances"][0]
        assert found["InstanceArn"] == workforce.instance["InstanceArn"]
        assert there.describe_instance(**workforce.instance)["OwnerAccountId"] == MANAGEMENT
        for act in (there.list_permission_sets, there.delete_instance):
            assert error_of(act, **workforce.instance) == ("AccessDeniedException", NO_ACCESS)
        create = there.create_permission_set
        code, _ = error_of(create, **workforce.instance, Name="Admin")
        assert code == "AccessDeniedException"

    def test_its_end_takes_people_and_roles_with_it(self, workforce: Workforce) -> None:
        user_id = workforce.new_user("ann")
        reader = workforce.new_permission_set("Reader", allowing("s3:GetObject"))
        workforce.assign(reader, user_id, MANAGEMENT)
        assert len(workforce.iam.list_roles()["Roles"]) == 1
        workforce.sso.delete_instance(**workforce.instance)
        assert workforce.iam.list_roles()["Roles"] == []
        assert workforce.sso.list_instances()["Instances"] == []
        refused = error_of(workforce.store.list_users, **workforce.in_store)
        assert refused[0] == "ResourceNotFoundException"


class TestOfAnAccount:
    @pytest.fixture
    def shop(self, workforce: Workforce) -> Account:
        return workforce.company.new_account("shop")

    def test_an_account_has_one_at_most(self, shop: Account) -> None:
        sso = shop.client("sso-admin")
        made = sso.create_instance(Name="shop", ClientToken="once")["InstanceArn"]
        assert error_of(sso.create_instance, Name="again")[0] == "ConflictException"
        elsewhere = client("sso-admin", shop.keys)
        assert error_of(elsewhere.create_instance)[0] == "ConflictException"
        assert sso.create_instance(Name="shop", ClientToken="once")["InstanceArn"] == made

    def test_it_gives_no_access_to_accounts(self, shop: Account) -> None:
        sso = shop.client("sso-admin")
        instance = {"InstanceArn": sso.create_instance()["InstanceArn"]}
        text = "The operation is not supported for this Identity Center instance"
        for refused in (
            error_of(sso.create_permission_set, **instance, Name="Admin"),
            error_of(sso.list_permission_sets, **instance),
        ):
            assert refused == ("ValidationException", text)

    def test_it_has_people_of_its_own(self, workforce: Workforce, shop: Account) -> None:
        sso, store = shop.client("sso-admin"), shop.client("identitystore")
        instance = {"InstanceArn": sso.create_instance(Name="shop")["InstanceArn"]}
        own = {"IdentityStoreId": sso.describe_instance(**instance)["IdentityStoreId"]}
        assert own["IdentityStoreId"] != workforce.store_id
        assert store.list_users(**own)["Users"] == []
        refused = error_of(workforce.store.list_users, **own)
        assert refused[0] == "AccessDeniedException"
        assert len(workforce.sso.list_instances()["Instances"]) == 1

    def test_it_is_renamed(self, shop: Account) -> None:
        sso = shop.client("sso-admin")
        instance = {"InstanceArn": sso.create_instance(Name="shop")["InstanceArn"]}
        sso.update_instance(**instance, Name="store")
        assert sso.describe_instance(**instance)["Name"] == "store"
        code, text = error_of(sso.update_instance, **instance, PermissionSetsEnabled=True)
        assert (code, "PermissionSetsEnabled" in text) == ("NotImplementedException", True)
