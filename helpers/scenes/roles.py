"""The photo app with more jobs than one, before notebook 11 chooses roles for them.

Plain boto3, as a learner would type it.
"""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import boto3

from . import photo_app, user_pools

FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
FOLDERS = ("public", "published", "reports")
DEPARTMENTS = ("design", "legal", "sales")


def with_jobs() -> SimpleNamespace:
    """The photo app of notebook 10, with carol, departments, and a photo in every folder.

    The namespace has besides `account`, `settings` (the identity pool's, for an update) and
    `test`: a colleague's test pool, with `identity_pool_id` and mallory's `logins`. Who signs up
    may say in `custom:department` where they work.
    """
    app = photo_app.with_identity_pool()
    app.account = app.role_arn.split(":")[4]
    user_pools.join(app.user_pool_id, app.client_id, "carol")
    _ask_for_departments(app)
    _fill(app)
    identity = boto3.client("cognito-identity")
    app.settings = identity.describe_identity_pool(IdentityPoolId=app.identity_pool_id)
    del app.settings["ResponseMetadata"]
    app.test = _test_pool(app)
    return app


def _ask_for_departments(app: SimpleNamespace) -> None:
    """An attribute for the department, which the sign-up form of the app fills in."""
    idp = boto3.client("cognito-idp")
    department = {"Name": "department", "AttributeDataType": "String", "Mutable": True}
    idp.add_custom_attributes(UserPoolId=app.user_pool_id, CustomAttributes=[department])
    idp.update_user_pool_client(
        UserPoolId=app.user_pool_id,
        ClientId=app.client_id,
        ClientName="photo-app",
        ExplicitAuthFlows=FLOWS,
        ReadAttributes=["email", "email_verified", "custom:department"],
        WriteAttributes=["email", "custom:department"],
    )


def _fill(app: SimpleNamespace) -> None:
    """A photo in every folder; everybody may read `public/`."""
    s3 = boto3.client("s3")
    for folder in (*FOLDERS, *(f"departments/{name}" for name in DEPARTMENTS)):
        s3.put_object(Bucket=app.bucket, Key=f"{folder}/cat.jpg", Body=b"a photo")
    reading = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{app.bucket}/public/*",
    }
    boto3.client("iam").put_role_policy(
        RoleName=app.role_name,
        PolicyName="public",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [reading]}),
    )


def _test_pool(app: SimpleNamespace) -> SimpleNamespace:
    """A user pool with open sign-up, where mallory is, and an identity pool that believes it."""
    idp, identity = boto3.client("cognito-idp"), boto3.client("cognito-identity")
    pool_id = idp.create_user_pool(PoolName="test")["UserPool"]["Id"]
    made = {"UserPoolId": pool_id, "ClientName": "test", "ExplicitAuthFlows": FLOWS}
    client_id = idp.create_user_pool_client(**made)["UserPoolClient"]["ClientId"]
    user_pools.join(pool_id, client_id, "mallory")
    provider = app.provider.replace(app.user_pool_id, pool_id)
    pool: dict[str, Any] = identity.create_identity_pool(
        IdentityPoolName="test",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": client_id}],
    )
    signed_in = idp.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "mallory", "PASSWORD": user_pools.PASSWORD},
    )
    logins = {provider: signed_in["AuthenticationResult"]["IdToken"]}
    return SimpleNamespace(identity_pool_id=pool["IdentityPoolId"], logins=logins)
