"""AWS Organizations: who may make accounts, what a new one looks like, who sees which."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
import requests

from helpers import lab
from helpers.cloud import front_door, resources
from tests.cloud.accounts import ADMIN_ROLE, Company, stranger
from tests.cloud.sts_words import (
    ACCOUNT,
    assume,
    client,
    error_of,
    new_user,
    policy,
    statement,
    user_arn,
)
from tests.cloud.workforce import raw

MANAGERS_ONLY = {
    "create_account": {"AccountName": "shop", "Email": "shop@example.com"},
    "describe_account": {"AccountId": ACCOUNT},
    "describe_create_account_status": {"CreateAccountRequestId": "car-00000000"},
    "list_accounts": {},
    "list_create_account_status": {},
    "list_roots": {},
}


@pytest.fixture
def company(cloud: lab.Cloud) -> Company:
    return Company()


class TestWhoMayAsk:
    @pytest.mark.parametrize("operation", MANAGERS_ONLY)
    def test_nobody_without_an_organization(self, cloud: lab.Cloud, operation: str) -> None:
        ask = getattr(boto3.client("organizations"), operation)
        assert error_of(ask, **MANAGERS_ONLY[operation]) == (
            "AWSOrganizationsNotInUseException",
            "Your account is not a member of an organization.",
        )

    @pytest.mark.parametrize("operation", MANAGERS_ONLY)
    def test_no_member_account(self, company: Company, operation: str) -> None:
        ask = getattr(company.new_account("shop").client("organizations"), operation)
        assert error_of(ask, **MANAGERS_ONLY[operation]) == (
            "AccessDeniedException",
            "You don't have permissions to access this resource.",
        )

    def test_nobody_of_another_organization(self, company: Company) -> None:
        status = company.begin("shop")
        theirs = stranger().client("organizations")
        theirs.create_organization(FeatureSet="ALL")
        ask = theirs.describe_create_account_status
        code, _ = error_of(ask, CreateAccountRequestId=status["Id"])
        assert code == "CreateAccountStatusNotFoundException"
        assert theirs.list_create_account_status()["CreateAccountStatuses"] == []
        code, _ = error_of(theirs.describe_account, AccountId=status["AccountId"])
        assert code == "AccountNotFoundException"

    def test_no_user_without_permission(self, company: Company) -> None:
        bob = client("organizations", new_user("bob"))
        code, message = error_of(bob.list_accounts)
        assert code == "AccessDeniedException"
        assert message == (
            f"User: {user_arn('bob')} is not authorized to perform: organizations:ListAccounts on "
            "resource: * because no identity-based policy allows the organizations:ListAccounts "
            "action"
        )

    def test_a_policy_may_name_one_account(self, company: Company) -> None:
        shop = company.begin("shop")["AccountId"]
        organization = company.organizations.describe_organization()["Organization"]["Id"]
        arn = f"arn:aws:organizations::{ACCOUNT}:account/{organization}/{shop}"
        only = policy(statement("organizations:DescribeAccount", Resource=arn))
        bob = client("organizations", new_user("bob", only))
        assert error_of(bob.describe_account, AccountId=ACCOUNT)[0] == "AccessDeniedException"
        assert bob.describe_account(AccountId=shop)["Account"]["Arn"] == arn

    def test_a_second_organization_is_refused(self, company: Company) -> None:
        shop = company.new_account("shop")
        for again in (company.organizations, shop.client("organizations")):
            code, _ = error_of(again.create_organization, FeatureSet="ALL")
            assert code == "AlreadyInOrganizationException"


class TestCreateAccount:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"Email": "no address"},
            {"AccountName": ""},
            {"AccountName": "x" * 51},
            {"RoleName": "two words"},
            {"Tags": [{"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}]},
            {"Tags": [{"Key": "aws:team", "Value": "a"}]},
        ],
    )
    def test_what_does_not_fit(self, company: Company, wrong: dict[str, Any]) -> None:
        assert error_of(company.begin, "shop", **wrong)[0] == "InvalidInputException"
        assert len(company.organizations.list_accounts()["Accounts"]) == 1

    def test_an_address_serves_one_account(self, company: Company) -> None:
        company.begin("shop")
        for address in ("shop@example.com", "SHOP@example.com", "master@example.com"):
            status = company.begin("other", Email=address)
            assert (status["State"], status["FailureReason"]) == ("FAILED", "EMAIL_ALREADY_EXISTS")
            assert "AccountId" not in status

    def test_ten_accounts_are_the_limit(self, company: Company) -> None:
        states = [company.begin(f"n{number}") for number in range(10)]
        assert [s["State"] for s in states] == ["SUCCEEDED"] * 9 + ["FAILED"]
        assert states[-1]["FailureReason"] == "ACCOUNT_LIMIT_EXCEEDED"

    def test_it_is_done_in_the_background(self, company: Company) -> None:
        asked = {"AccountName": "shop", "Email": "shop@example.com"}
        begun = company.organizations.create_account(**asked)["CreateAccountStatus"]
        assert begun["State"] == "IN_PROGRESS"
        assert "AccountId" not in begun
        listed = company.organizations.list_create_account_status(States=["SUCCEEDED"])
        assert [s["Id"] for s in listed["CreateAccountStatuses"]] == [begun["Id"]]
        unknown = company.organizations.describe_create_account_status
        refused = error_of(unknown, CreateAccountRequestId="car-00000000")
        assert refused[0] == "CreateAccountStatusNotFoundException"

    def test_its_role_lets_the_management_account_in_and_nobody_else(
        self, company: Company
    ) -> None:
        shop, forum = company.new_account("shop"), company.new_account("forum")
        role = f"arn:aws:iam::{shop.id}:role/{ADMIN_ROLE}"
        assert shop.client("sts").get_caller_identity()["Account"] == shop.id
        assert error_of(assume, forum.keys, role)[0] == "AccessDenied"
        assert error_of(assume, new_user("bob"), role)[0] == "AccessDenied"
        kept = shop.client("iam").list_attached_role_policies(RoleName=ADMIN_ROLE)
        assert [p["PolicyName"] for p in kept["AttachedPolicies"]] == ["AdministratorAccess"]

    def test_its_role_may_be_called_otherwise(self, company: Company) -> None:
        shop = company.begin("shop", RoleName="Landlord")["AccountId"]
        roles = [f"arn:aws:iam::{shop}:role/{name}" for name in (ADMIN_ROLE, "Landlord")]
        assert error_of(assume, company.admin, roles[0])[0] == "AccessDenied"
        assert assume(company.admin, roles[1])["Credentials"]


def test_over_http_as_in_the_kernel(door: lab.Cloud) -> None:
    shop = Company().new_account("shop")
    assert shop.client("sts").get_caller_identity()["Account"] == shop.id
    refused = requests.post(
        door.serve(),
        data="{}",
        headers={
            "X-Amz-Target": "AWSOrganizationsV20161128.ListAccounts",
            "Content-Type": "application/x-amz-json-1.1",
        },
        timeout=5,
    )
    assert refused.json()["__type"] == "MissingAuthenticationTokenException"


class TestWhatIsSeen:
    def test_an_account_of_nobody_s_is_not_found(self, company: Company) -> None:
        ask = company.organizations.describe_account
        assert error_of(ask, AccountId="999999999999")[0] == "AccountNotFoundException"

    def test_the_accounts_come_page_by_page(self, company: Company) -> None:
        names = ["management", *(f"n{number}" for number in range(5))]
        for name in names[1:]:
            company.begin(name)
        pages = company.organizations.get_paginator("list_accounts").paginate(
            PaginationConfig={"PageSize": 2}
        )
        assert [[a["Name"] for a in page["Accounts"]] for page in pages] == [
            names[:2], names[2:4], names[4:],
        ]  # fmt: skip
        refused = error_of(company.organizations.list_accounts, NextToken="\u0661")
        assert refused[0] == "InvalidInputException"

    def test_every_member_sees_the_organization(self, company: Company) -> None:
        seen = company.new_account("shop").client("organizations").describe_organization()
        assert seen["Organization"]["MasterAccountId"] == ACCOUNT
        assert company.organizations.list_roots()["Roots"][0]["Name"] == "Root"

    def test_policies_see_it_too(self, company: Company) -> None:
        shop = company.new_account("shop")
        own = company.organizations.describe_organization()["Organization"]["Id"]
        for wanted, allowed in ((own, True), ("o-0000000000", False)):
            members = {"StringEquals": {"aws:PrincipalOrgID": wanted}}
            keys = shop.new_user(wanted, policy(statement("s3:*", Condition=members)))
            if allowed:
                client("s3", keys).list_buckets()
            else:
                assert error_of(client("s3", keys).list_buckets)[0] == "AccessDenied"


def test_moto_makes_no_account_of_its_own(cloud: lab.Cloud) -> None:
    Company()
    with_roles = [a for a in resources.accounts("iam") if resources.backend("iam", a, "aws").roles]
    assert with_roles == []


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("close_account", {"AccountId": ACCOUNT}),
        ("delete_organization", {}),
        ("list_accounts_for_parent", {"ParentId": "r-abcd"}),
        ("remove_account_from_organization", {"AccountId": ACCOUNT}),
        ("attach_policy", {"PolicyId": "p-FullAWSAccess", "TargetId": ACCOUNT}),
    ],
)
def test_what_is_not_offered_says_so(
    company: Company, operation: str, arguments: dict[str, str]
) -> None:
    code, message = error_of(getattr(company.organizations, operation), **arguments)
    assert code == "NotImplementedException"
    assert message.startswith("The offline cloud does not offer organizations:")


def test_moto_answers_nothing_that_is_not_listed() -> None:
    assert "organizations" not in front_door.FROM_MOTO


@pytest.mark.parametrize("moment", [b"1e308", b"[]", b'"soon"', b"-1e17"])
def test_a_time_that_never_comes_is_refused_cleanly(cloud: lab.Cloud, moment: bytes) -> None:
    body = b'{"Type": "BILLING", "Target": {"Id": "1", "Type": "ACCOUNT"}, "SourceName": "s", '
    body += b'"StartTimestamp": ' + moment + b"}"
    answer = raw("organizations", "InviteOrganizationToTransferResponsibility", body)
    assert answer.status_code == 400
    assert answer.json()["__type"] in ("InvalidInputException", "SerializationException")
