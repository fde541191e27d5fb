"""The portal's API: what an access token shows and gives, and what it does not."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
import requests

from helpers import lab
from tests.cloud.access_portal import workforce
from tests.cloud.access_portal.workforce import ROLE, Company, Program, portal, refusal, register

UNAUTHORIZED = ("UnauthorizedException", "")
FORBIDDEN = ("ForbiddenException", "")


@pytest.fixture
def token(company: Company, program: Program) -> str:
    """Alice's access token."""
    return company.access_token(program)


def calls(company: Company, token: str) -> list[tuple[str, str]]:
    """How each of the four operations refuses a token."""
    sso, wanted = portal(), {"accountId": company.account}
    return [
        refusal(sso.list_accounts, accessToken=token),
        refusal(sso.list_account_roles, accessToken=token, **wanted),
        refusal(sso.get_role_credentials, accessToken=token, roleName=ROLE, **wanted),
        refusal(sso.logout, accessToken=token),
    ]


def credentials(company: Company, token: str) -> dict[str, Any]:
    given = portal().get_role_credentials(
        accessToken=token, accountId=company.account, roleName=ROLE
    )
    return dict(given["roleCredentials"])


def session(given: dict[str, Any]) -> boto3.Session:
    return boto3.Session(
        aws_access_key_id=given["accessKeyId"],
        aws_secret_access_key=given["secretAccessKey"],
        aws_session_token=given["sessionToken"],
    )


@pytest.mark.parametrize("wrong", ["x", "", " ", "a" * 10_000])
def test_a_token_that_was_never_given_opens_nothing(company: Company, wrong: str) -> None:
    assert set(calls(company, wrong)) <= {UNAUTHORIZED, ("InvalidRequestException", "")}


def test_no_token_is_refused(company: Company) -> None:
    for path in ("/assignment/accounts", "/assignment/roles", "/federation/credentials"):
        told = requests.get(f"https://portal.sso.us-east-1.amazonaws.com{path}")
        assert told.status_code == 400
        assert told.json()["message"]


def test_other_tokens_of_the_same_sign_in_open_nothing(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    company.allow(waiting)
    given = program.poll(waiting)
    cookie = company.browser.session.cookies.get("x-amz-sso_authn")
    for other in (given["refreshToken"], waiting["deviceCode"], program.client_secret, cookie):
        assert calls(company, other) == [UNAUTHORIZED] * 4


def test_in_another_region_a_token_is_unknown(company: Company, token: str) -> None:
    for call in ("list_accounts", "logout"):
        elsewhere = boto3.client("sso", region_name="eu-west-1", config=workforce.QUICK)
        assert refusal(getattr(elsewhere, call), accessToken=token) == UNAUTHORIZED
    assert portal().list_accounts(accessToken=token)["accountList"]


def test_a_token_expires(cloud: lab.Cloud, company: Company, token: str) -> None:
    cloud.clock.advance(minutes=60)
    assert calls(company, token) == [UNAUTHORIZED] * 4


def test_after_logout_every_token_of_the_session_is_over(
    company: Company, program: Program, token: str
) -> None:
    other = company.access_token(register(clientName="other"))
    portal().logout(accessToken=token)
    assert calls(company, token) == calls(company, other) == [UNAUTHORIZED] * 4
    # And the browser is asked to sign in again.
    assert company.browser.get(company.start_url).url.endswith("/start/signin")


def test_signing_out_in_the_browser_ends_the_tokens(company: Company, token: str) -> None:
    company.browser.submit(company.browser.get(company.start_url), form=0)
    assert calls(company, token) == [UNAUTHORIZED] * 4


def test_a_deleted_user_s_token_is_over(company: Company, token: str) -> None:
    boto3.client("identitystore").delete_user(
        IdentityStoreId=company.store_id, UserId=company.alice
    )
    assert calls(company, token) == [UNAUTHORIZED] * 4


def test_with_the_instance_every_token_is_over(company: Company, token: str) -> None:
    boto3.client("sso-admin").delete_instance(InstanceArn=company.instance_arn)
    assert set(calls(company, token)) == {UNAUTHORIZED}


def test_a_new_password_ends_the_sessions_of_the_old_one(company: Company, token: str) -> None:
    company.forget_password("Another-horse-8")
    assert calls(company, token) == [UNAUTHORIZED] * 4


@pytest.mark.parametrize(
    ("account", "role"),
    [("own", "Administrator"), ("own", ""), ("123456789012", ROLE), ("", ROLE), ("own", "reader")],
)
def test_a_role_or_account_that_is_not_assigned_is_refused(
    company: Company, token: str, account: str, role: str
) -> None:
    account = company.account if account == "own" else account
    wanted = {"accessToken": token, "accountId": account, "roleName": role}
    assert refusal(portal().get_role_credentials, **wanted) == FORBIDDEN


def test_roles_of_an_account_that_is_not_assigned_are_not_listed(
    company: Company, token: str
) -> None:
    listing = {"accessToken": token, "accountId": "123456789012"}
    assert refusal(portal().list_account_roles, **listing) == FORBIDDEN


def test_an_assignment_that_was_removed_gives_nothing(company: Company, token: str) -> None:
    boto3.client("sso-admin").delete_account_assignment(**company.assignment())
    wanted = {"accessToken": token, "accountId": company.account, "roleName": ROLE}
    assert refusal(portal().get_role_credentials, **wanted) == FORBIDDEN
    assert portal().list_accounts(accessToken=token)["accountList"] == []


def test_a_bad_page_token_is_refused(company: Company, token: str) -> None:
    for wrong in ("x", "-1", "99"):
        told = refusal(portal().list_accounts, accessToken=token, nextToken=wrong)
        assert told[0] == "InvalidRequestException"


def test_a_user_name_that_names_no_session_gets_no_credentials(
    cloud: lab.Cloud, company: Company
) -> None:
    boto3.client("identitystore").update_user(
        IdentityStoreId=company.store_id,
        UserId=company.alice,
        Operations=[{"AttributePath": "userName", "AttributeValue": "alice/adams"}],
    )
    token = company.access_token(register())
    wanted = {"accessToken": token, "accountId": company.account, "roleName": ROLE}
    assert refusal(portal().get_role_credentials, **wanted)[0] == "InvalidRequestException"


def test_an_access_token_signs_nothing(company: Company, token: str) -> None:
    """The operation for programs that sign in with IAM is not offered."""
    told = refusal(
        boto3.client("sso-oidc").create_token_with_iam, clientId="x", grantType="refresh_token"
    )
    assert told[0] == "NotImplementedException"


def test_accounts_and_roles_are_listed_page_by_page(company: Company, token: str) -> None:
    sso = boto3.client("sso-admin")
    second = sso.create_permission_set(InstanceArn=company.instance_arn, Name="Writer")
    arn = second["PermissionSet"]["PermissionSetArn"]
    sso.create_account_assignment(**{**company.assignment(), "PermissionSetArn": arn})
    first = portal().list_account_roles(accessToken=token, accountId=company.account, maxResults=1)
    rest = portal().list_account_roles(
        accessToken=token, accountId=company.account, nextToken=first["nextToken"]
    )
    listed = [one["roleName"] for one in first["roleList"] + rest["roleList"]]
    assert sorted(listed) == [ROLE, "Writer"]
    assert "nextToken" not in rest
    accounts = portal().list_accounts(accessToken=token)["accountList"]
    assert accounts == [
        {
            "accountId": company.account,
            "accountName": "Photos",
            "emailAddress": "photos@example.com",
        }
    ]


def test_the_credentials_are_the_role_s_and_end_with_its_session(
    cloud: lab.Cloud, company: Company, token: str
) -> None:
    given = credentials(company, token)
    assert given["expiration"] == int((cloud.clock.now().timestamp() + 3600) * 1000)
    alice = session(given)
    arn = alice.client("sts").get_caller_identity()["Arn"]
    assert arn.startswith(f"arn:aws:sts::{company.account}:assumed-role/AWSReservedSSO_Reader_")
    assert workforce.refusal(alice.client("iam").list_users)[0] == "AccessDenied"
    cloud.clock.advance(minutes=60)
    assert workforce.refusal(alice.client("s3").list_buckets)[0] == "ExpiredToken"


def test_a_group_s_assignment_counts(company: Company, token: str) -> None:
    store, sso = boto3.client("identitystore"), boto3.client("sso-admin")
    sso.delete_account_assignment(**company.assignment())
    group = store.create_group(IdentityStoreId=company.store_id, DisplayName="readers")["GroupId"]
    of_group = {**company.assignment(), "PrincipalType": "GROUP", "PrincipalId": group}
    sso.create_account_assignment(**of_group)
    assert portal().list_accounts(accessToken=token)["accountList"] == []
    store.create_group_membership(
        IdentityStoreId=company.store_id, GroupId=group, MemberId={"UserId": company.alice}
    )
    assert credentials(company, token)["accessKeyId"].startswith("ASIA")
