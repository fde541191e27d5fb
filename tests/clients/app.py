"""An app with one confirmed user, built through boto3 for the clients under test."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import boto3

from tests.clients.policies import BUCKET, OWN_FOLDER, trust

REGION = "us-east-1"
PASSWORD = "Correct-Horse-7"
EMAIL = "alice@example.com"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


@dataclass(frozen=True)
class App:
    """What an app's configuration file holds, and how alice signs in."""

    region: str
    user_pool_id: str
    client_id: str
    identity_pool_id: str
    bucket: str = BUCKET
    username: str = "alice"
    password: str = PASSWORD

    @property
    def issuer(self) -> str:
        """The `iss` of the pool's tokens."""
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.user_pool_id}"

    def as_dict(self) -> dict[str, Any]:
        """For a client in another language."""
        return asdict(self)

    def tokens(self) -> dict[str, str]:
        """alice's tokens."""
        answer = boto3.client("cognito-idp").initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": self.username, "PASSWORD": self.password},
        )
        return answer["AuthenticationResult"]

    def credentials(self) -> tuple[str, dict[str, Any]]:
        """alice's identity id and her temporary AWS credentials."""
        identity = boto3.client("cognito-identity")
        logins = {self.issuer.removeprefix("https://"): self.tokens()["IdToken"]}
        who = identity.get_id(IdentityPoolId=self.identity_pool_id, Logins=logins)["IdentityId"]
        given = identity.get_credentials_for_identity(IdentityId=who, Logins=logins)
        return who, given["Credentials"]


def build() -> App:
    """A user pool with alice, an identity pool that accepts its users, a role and a bucket."""
    idp, identity, iam = (boto3.client(name) for name in ("cognito-idp", "cognito-identity", "iam"))
    pool = idp.create_user_pool(PoolName="people", AutoVerifiedAttributes=["email"])
    pool_id = pool["UserPool"]["Id"]
    client_id = new_client(pool_id)
    alice = {"UserPoolId": pool_id, "Username": "alice"}
    email = [{"Name": "email", "Value": EMAIL}, {"Name": "email_verified", "Value": "true"}]
    idp.admin_create_user(**alice, UserAttributes=email, MessageAction="SUPPRESS")
    idp.admin_set_user_password(**alice, Password=PASSWORD, Permanent=True)
    provider = f"cognito-idp.{REGION}.amazonaws.com/{pool_id}"
    identity_pool_id = identity.create_identity_pool(
        IdentityPoolName="app",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": client_id}],
    )["IdentityPoolId"]
    role = iam.create_role(
        RoleName="app-user", AssumeRolePolicyDocument=json.dumps(trust(identity_pool_id))
    )["Role"]["Arn"]
    iam.put_role_policy(
        RoleName="app-user", PolicyName="own-folder", PolicyDocument=json.dumps(OWN_FOLDER)
    )
    identity.set_identity_pool_roles(IdentityPoolId=identity_pool_id, Roles={"authenticated": role})
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    return App(REGION, pool_id, client_id, identity_pool_id)


def new_client(pool_id: str, **settings: Any) -> str:
    """The id of another app client of a pool."""
    made = boto3.client("cognito-idp").create_user_pool_client(
        UserPoolId=pool_id, ClientName="app", ExplicitAuthFlows=FLOWS, **settings
    )
    return made["UserPoolClient"]["ClientId"]
