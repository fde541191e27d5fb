"""What the tests of this room share: an app with a user pool, and words for its requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from helpers import lab

PASSWORD = "Correct-Horse-7"
REGION = "us-east-1"
OWN_FOLDER = "arn:aws:s3:::app-files/${cognito-identity.amazonaws.com:sub}/*"


def trust(pool_id: str, amr: str, **statement: Any) -> dict[str, Any]:
    """The trust policy that the console writes for an identity pool's role."""
    conditions = {
        "StringEquals": {"cognito-identity.amazonaws.com:aud": pool_id},
        "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": amr},
    }
    allow = {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": conditions,
    }
    return {"Version": "2012-10-17", "Statement": [allow | statement]}


def allowing(*actions: str, resource: str = "*") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def error_of(act: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """(code, message) of the refusal."""
    with pytest.raises(ClientError) as caught:
        act(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@dataclass
class App:
    """A user pool with one app client, and an identity pool that accepts its users."""

    cloud: lab.Cloud
    user_pool_id: str = ""
    client_id: str = ""
    pool_id: str = ""
    identity: BaseClient = field(default_factory=lambda: boto3.client("cognito-identity", REGION))
    idp: BaseClient = field(default_factory=lambda: boto3.client("cognito-idp", REGION))
    iam: BaseClient = field(default_factory=lambda: boto3.client("iam", REGION))

    @property
    def provider(self) -> str:
        return f"cognito-idp.{REGION}.amazonaws.com/{self.user_pool_id}"

    def new_client(self, name: str = "app") -> str:
        made = self.idp.create_user_pool_client(
            UserPoolId=self.user_pool_id,
            ClientName=name,
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )
        return made["UserPoolClient"]["ClientId"]

    def new_user(self, name: str) -> None:
        pool = {"UserPoolId": self.user_pool_id, "Username": name}
        self.idp.admin_create_user(**pool, MessageAction="SUPPRESS")
        self.idp.admin_set_user_password(**pool, Password=PASSWORD, Permanent=True)

    def with_another_user_pool(self) -> App:
        """A second user pool, with a user alice too; the identity pool takes the users of both."""
        other = App(self.cloud, pool_id=self.pool_id)
        other.user_pool_id = other.idp.create_user_pool(PoolName="other")["UserPool"]["Id"]
        other.client_id = other.new_client()
        other.new_user("alice")
        accepted = [p for one in (self, other) for p in one.accept()["CognitoIdentityProviders"]]
        self.identity.update_identity_pool(
            IdentityPoolId=self.pool_id,
            IdentityPoolName="app",
            AllowUnauthenticatedIdentities=True,
            CognitoIdentityProviders=accepted,
        )
        return other

    def tokens(self, name: str, client_id: str = "") -> dict[str, str]:
        answer = self.idp.initiate_auth(
            ClientId=client_id or self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
        )
        return answer["AuthenticationResult"]

    def logins(self, name: str) -> dict[str, str]:
        return {self.provider: self.tokens(name)["IdToken"]}

    def new_role(self, name: str, trusted: dict[str, Any], policy: dict[str, Any]) -> str:
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trusted))
        self.iam.put_role_policy(
            RoleName=name, PolicyName="access", PolicyDocument=json.dumps(policy)
        )
        return made["Role"]["Arn"]

    def new_user_client(self, policy: dict[str, Any]) -> BaseClient:
        """A cognito-identity client of an IAM user with this policy."""
        self.iam.create_user(UserName="intern")
        self.iam.put_user_policy(
            UserName="intern", PolicyName="own", PolicyDocument=json.dumps(policy)
        )
        key = self.iam.create_access_key(UserName="intern")["AccessKey"]
        return boto3.client(
            "cognito-identity",
            REGION,
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )

    def new_pool(self, **settings: Any) -> str:
        chosen = {"AllowUnauthenticatedIdentities": False, **settings}
        made = self.identity.create_identity_pool(IdentityPoolName="app", **chosen)
        return made["IdentityPoolId"]

    def accept(self, client_id: str = "", **more: Any) -> dict[str, Any]:
        """The setting that makes a pool accept the users of an app client."""
        one = {"ProviderName": self.provider, "ClientId": client_id or self.client_id, **more}
        return {"CognitoIdentityProviders": [one]}

    def get_id(self, logins: dict[str, str] | None = None, pool_id: str = "") -> str:
        answer = self.identity.get_id(IdentityPoolId=pool_id or self.pool_id, Logins=logins or {})
        return answer["IdentityId"]

    def credentials(self, identity_id: str, logins: dict[str, str] | None = None) -> Any:
        return self.identity.get_credentials_for_identity(
            IdentityId=identity_id, Logins=logins or {}
        )

    def client(self, service: str, given: dict[str, Any]) -> BaseClient:
        """A client that signs with credentials from `credentials`."""
        keys = given["Credentials"]
        return boto3.client(
            service,
            REGION,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretKey"],
            aws_session_token=keys["SessionToken"],
        )
