"""What the tests of several accounts share: member accounts, and a way into them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.client import BaseClient

from helpers.cloud import resources
from tests.cloud.sts_words import assume, client, new_user, policy, statement

ADMIN_ROLE = "OrganizationAccountAccessRole"
EVERYTHING = policy(statement("*"))


@dataclass
class Account:
    """An account, and keys with which everything may be done in it."""

    id: str
    keys: dict[str, str]

    def client(self, service: str) -> BaseClient:
        return client(service, self.keys)

    def new_user(self, name: str, allowed: dict[str, Any] | None = None) -> dict[str, str]:
        """A user of this account with these permissions; his access key."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        if allowed:
            text = json.dumps(allowed)
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=text)
        return iam.create_access_key(UserName=name)["AccessKey"]

    def new_role(
        self, name: str, trusted: dict[str, Any], allowed: dict[str, Any] | None = None
    ) -> str:
        """A role of this account; its ARN."""
        iam = self.client("iam")
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trusted))
        if allowed:
            text = json.dumps(allowed)
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=text)
        return made["Role"]["Arn"]

    def new_bucket(self, name: str, *statements: dict[str, Any]) -> str:
        """A bucket of this account with one object, notes.txt, and this policy; its ARN."""
        s3 = self.client("s3")
        s3.create_bucket(Bucket=name)
        s3.put_object(Bucket=name, Key="notes.txt", Body=self.id.encode())
        if statements:
            s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy(*statements)))
        return f"arn:aws:s3:::{name}"


class Company:
    """The organization of the lesson's account, whose administrator goes into any member."""

    def __init__(self) -> None:
        boto3.client("organizations").create_organization(FeatureSet="ALL")
        self.admin = new_user("org-admin", EVERYTHING)
        self.organizations = client("organizations", self.admin, checked=False)

    def begin(self, name: str, **more: Any) -> dict[str, Any]:
        """Ask for an account; how it went."""
        asked = {"AccountName": name, "Email": f"{name}@example.com", **more}
        begun = self.organizations.create_account(**asked)["CreateAccountStatus"]
        answer = self.organizations.describe_create_account_status(
            CreateAccountRequestId=begun["Id"]
        )
        return answer["CreateAccountStatus"]

    def new_account(self, name: str) -> Account:
        """A member account, entered through its administrators' role."""
        account = self.begin(name)["AccountId"]
        role = f"arn:aws:iam::{account}:role/{ADMIN_ROLE}"
        return Account(account, assume(self.admin, role)["Credentials"])


def stranger(number: str = "999999999999") -> Account:
    """An account of somebody else, in no organization. Its first user cannot be made by an API."""
    iam = resources.backend("iam", number, "aws")
    iam.create_user("us-east-1", "founder", "/", [])
    iam.put_user_policy("founder", "own", json.dumps(EVERYTHING))
    key = iam.create_access_key("founder")
    return Account(
        number,
        {"AccessKeyId": key.access_key_id, "SecretAccessKey": key.secret_access_key},
    )
