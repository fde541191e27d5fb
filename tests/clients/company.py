"""A company at the pages of AWS: Identity Center, and a directory that offers roles by SAML."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import boto3
import requests

from helpers import providers
from tests.cloud.access_portal.workforce import Company
from tests.cloud.aws_saml.directory import ACS, AUDIENCE, NAMES, trust
from tests.cloud.sts_words import (
    assume,
    new_role,
    new_user,
    policy,
    statement,
    trusting,
    user_arn,
)

CONSOLE = "https://console.aws.amazon.com"
SIGN_IN = "https://signin.aws.amazon.com"


def employ_newcomer(company: Company, username: str) -> None:
    """Somebody who has no access to anything yet."""
    boto3.client("identitystore").create_user(
        IdentityStoreId=company.store_id,
        UserName=username,
        DisplayName="Newcomer",
        Name={"GivenName": "New", "FamilyName": "Comer"},
        Emails=[{"Value": username, "Primary": True}],
    )


def assign_long_names(company: Company) -> None:
    """Give alice a second role, and one in a second account, with names as long as AWS allows."""
    organizations, sso = boto3.client("organizations"), boto3.client("sso-admin")
    name = "Customer-data-warehouse-of-the-whole-company-1234X"
    asked = organizations.create_account(Email="warehouse@example.com", AccountName=name)
    asked_id = asked["CreateAccountStatus"]["Id"]
    made = organizations.describe_create_account_status(CreateAccountRequestId=asked_id)
    second = made["CreateAccountStatus"]["AccountId"]
    permission_set = sso.create_permission_set(
        InstanceArn=company.instance_arn, Name="ReadOnly-except-for-billing-2026"
    )["PermissionSet"]["PermissionSetArn"]
    for account in (company.account, second):
        assignment = company.assignment() | {"PermissionSetArn": permission_set}
        sso.create_account_assignment(**{**assignment, "TargetId": account})


def offer_roles(*names: str) -> str:
    """Let the company directory's alice into the account by SAML, as each of these roles.

    Returns the address of the company's own start page.
    """
    directory, iam = providers.company_directory(), boto3.client("iam")
    directory.register(AUDIENCE, ACS, name="AWS")
    provider = iam.create_saml_provider(Name="Company", SAMLMetadataDocument=directory.metadata())[
        "SAMLProviderArn"
    ]
    pairs = []
    for name in names:
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(provider=provider))
        pairs.append(f"{made['Role']['Arn']},{provider}")
    told = {f"{NAMES}Role": pairs, f"{NAMES}RoleSessionName": "alice"}
    directory.tell(AUDIENCE, "alice", told)
    return directory.portal_url


def link_into_the_console() -> str:
    """A custom broker's link for an administrator. It serves once, for fifteen minutes."""
    broker = new_user("broker", policy(statement("sts:AssumeRole")))
    role = new_role("Administrator", trusting(user_arn("broker")))
    every = "arn:aws:iam::aws:policy/AdministratorAccess"
    boto3.client("iam").attach_role_policy(RoleName="Administrator", PolicyArn=every)
    key = assume(broker, role, RoleSessionName="grace")["Credentials"]
    session = {
        "sessionId": key["AccessKeyId"],
        "sessionKey": key["SecretAccessKey"],
        "sessionToken": key["SessionToken"],
    }
    asked = {"Action": "getSigninToken", "Session": json.dumps(session)}
    token: dict[str, Any] = requests.get(f"{SIGN_IN}/federation", params=asked).json()
    link = {
        "Action": "login",
        "Destination": f"{CONSOLE}/console/home",
        "SigninToken": token["SigninToken"],
    }
    return f"{SIGN_IN}/federation?{urlencode(link)}"
