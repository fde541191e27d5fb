"""What an assignment is worth to the person who signs in: roles, time, tags.

Source: IAM Identity Center User Guide, "Using the AWS access portal" and "Attributes for access
control".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from helpers import lab
from helpers.cloud import resources
from tests.cloud.access_portal import workforce as portal_words
from tests.cloud.access_portal.workforce import Company, portal
from tests.cloud.sts_words import client, error_of
from tests.cloud.workforce import attributes

OWN_FOLDER = "arn:aws:s3:::reports/${aws:PrincipalTag/Department}/*"
ENTERPRISE = "aws:identitystore:enterprise"


class Person:
    """Alice with a program of hers that she let in, and the administrators' clients."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.token = company.access_token(portal_words.register())
        self.sso, self.store = boto3.client("sso-admin"), boto3.client("identitystore")
        self.instance = {"InstanceArn": company.instance_arn}
        self.permission_set = {**self.instance, "PermissionSetArn": company.permission_set_arn}
        self.in_store = {"IdentityStoreId": company.store_id}

    def roles(self) -> list[tuple[str, str]]:
        """(account, role) for everything that the portal offers to her."""
        accounts = portal().list_accounts(accessToken=self.token)["accountList"]
        return [
            (each["accountId"], role["roleName"])
            for each in accounts
            for role in portal().list_account_roles(
                accessToken=self.token, accountId=each["accountId"]
            )["roleList"]
        ]

    def credentials(self) -> dict[str, Any]:
        """Credentials of her role, as they are given."""
        return portal().get_role_credentials(
            accessToken=self.token, accountId=self.company.account, roleName=portal_words.ROLE
        )["roleCredentials"]

    def client(self, service: str) -> Any:
        """A client that acts as her role."""
        given = self.credentials()
        named = ("accessKeyId", "secretAccessKey", "sessionToken")
        keys = {name[0].upper() + name[1:]: given[name] for name in named}
        return client(service, keys)

    def attribute(self, name: str, value: str) -> None:
        """Set one of her enterprise attributes."""
        operation = {"AttributePath": f"{ENTERPRISE}.{name}", "AttributeValue": value}
        self.store.update_user(**self.in_store, UserId=self.company.alice, Operations=[operation])

    def allow(self, *actions: str, resource: str) -> None:
        """Let her permission set do just this, also in the account where it is already."""
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.sso.put_inline_policy_to_permission_set(**self.permission_set, InlinePolicy=document)
        self.provision()

    def provision(self) -> None:
        self.sso.provision_permission_set(
            **self.permission_set, TargetType="ALL_PROVISIONED_ACCOUNTS"
        )


@pytest.fixture
def alice(cloud: lab.Cloud) -> Person:
    company = portal_words.found(cloud)
    company.choose_first_password()
    company.sign_in()
    return Person(company)


class TestRoles:
    def test_a_role_that_was_taken_away_is_no_more(self, alice: Person) -> None:
        assert alice.roles() == [(alice.company.account, portal_words.ROLE)]
        before = alice.client("s3")
        before.list_buckets()
        alice.sso.delete_account_assignment(**alice.company.assignment())
        assert alice.roles() == []
        assert error_of(alice.credentials)[0] in ("ForbiddenException", "ResourceNotFoundException")
        assert error_of(before.list_buckets)[0] == "AccessDenied"

    def test_what_a_group_has_ends_with_the_membership(self, alice: Person) -> None:
        team = alice.store.create_group(**alice.in_store, DisplayName="team")["GroupId"]
        of_group = {**alice.company.assignment(), "PrincipalType": "GROUP", "PrincipalId": team}
        alice.sso.create_account_assignment(**of_group)
        alice.sso.delete_account_assignment(**alice.company.assignment())
        assert alice.roles() == []
        joined = alice.store.create_group_membership(
            **alice.in_store, GroupId=team, MemberId={"UserId": alice.company.alice}
        )
        assert alice.roles() == [(alice.company.account, portal_words.ROLE)]
        alice.sso.create_account_assignment(**alice.company.assignment())
        assert len(alice.roles()) == 1
        alice.sso.delete_account_assignment(**alice.company.assignment())
        alice.store.delete_group_membership(**alice.in_store, MembershipId=joined["MembershipId"])
        assert alice.roles() == []

    def test_who_was_deleted_has_nothing(self, alice: Person) -> None:
        alice.store.delete_user(**alice.in_store, UserId=alice.company.alice)
        assert error_of(alice.roles)[0] == "UnauthorizedException"

    def test_in_a_closed_account_there_is_nothing(self, alice: Person) -> None:
        manager = alice.sso.list_instances()["Instances"][0]["OwnerAccountId"]
        kept = resources.backend("organizations", manager, "aws")
        kept.close_account(AccountId=alice.company.account)  # no operation here closes one
        assert alice.roles() == []
        assert error_of(alice.credentials)[0] == "ForbiddenException"

    def test_without_the_instance_s_provider_nobody_gets_in(self, alice: Person) -> None:
        alice.allow("iam:*", resource="*")
        iam = alice.client("iam")
        (provider,) = iam.list_saml_providers()["SAMLProviderList"]
        iam.delete_saml_provider(SAMLProviderArn=provider["Arn"])
        refused = error_of(alice.credentials)
        assert refused == ("InvalidRequestException", "Specified provider doesn't exist.")
        alice.provision()
        assert alice.credentials()["accessKeyId"].startswith("ASIA")

    def test_a_session_lasts_as_long_as_was_provisioned(
        self, alice: Person, cloud: lab.Cloud
    ) -> None:
        def hours() -> float:
            ends = datetime.fromtimestamp(alice.credentials()["expiration"] / 1000, UTC)
            return (ends - cloud.clock.now()) / timedelta(hours=1)

        assert hours() == 1
        alice.sso.update_permission_set(**alice.permission_set, SessionDuration="PT8H")
        assert hours() == 1
        alice.provision()
        assert hours() == 8


class TestTags:
    @pytest.fixture(autouse=True)
    def reports(self, alice: Person) -> None:
        """Everybody may write to the folder of his department."""
        configure = alice.sso.create_instance_access_control_attribute_configuration
        configure(**alice.instance, **attributes(Department="${path:enterprise.department}"))
        alice.allow("s3:*", resource="*")
        alice.client("s3").create_bucket(Bucket="reports")
        alice.allow("s3:PutObject", resource=OWN_FOLDER)

    def write(self, alice: Person, folder: str) -> None:
        alice.client("s3").put_object(Bucket="reports", Key=f"{folder}/a.txt", Body=b"a")

    def test_without_a_department_there_is_no_folder(self, alice: Person) -> None:
        for folder in ("Sales", "", "${aws:PrincipalTag/Department}"):
            assert error_of(self.write, alice, folder)[0] == "AccessDenied"

    def test_everybody_has_the_folder_of_his_department(self, alice: Person) -> None:
        alice.attribute("department", "Sales")
        self.write(alice, "Sales")
        assert error_of(self.write, alice, "Finance")[0] == "AccessDenied"
        alice.attribute("department", "Finance")
        self.write(alice, "Finance")
        assert error_of(self.write, alice, "Sales")[0] == "AccessDenied"

    def test_no_department_opens_every_folder(self, alice: Person) -> None:
        for department in ("*", "Sal?s", "${aws:username}", "S" * 257):
            alice.attribute("department", department)
            assert error_of(alice.credentials)[0] == "InvalidRequestException"

    def test_turned_off_nothing_is_passed_on(self, alice: Person) -> None:
        alice.attribute("department", "Sales")
        self.write(alice, "Sales")
        alice.sso.delete_instance_access_control_attribute_configuration(**alice.instance)
        assert error_of(self.write, alice, "Sales")[0] == "AccessDenied"
