"""The photo app as the earlier notebooks left it: people who can sign in, and what they sign in to.

Plain boto3, as a learner would type it.
"""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import boto3

from . import user_pools


def signed_up() -> SimpleNamespace:
    """The user pool of notebook 01, with alice and bob.

    The namespace has `user_pool_id`, `client_id`, `password`, which is everybody's, and
    `provider`: the user pool's name among an identity pool's logins.
    """
    app = user_pools.people()
    region = app.user_pool_id.partition("_")[0]
    app.provider = f"cognito-idp.{region}.amazonaws.com/{app.user_pool_id}"
    return app


def with_identity_pool() -> SimpleNamespace:
    """The same, an identity pool for these users, a role without permissions, and a bucket.

    The namespace has besides `identity_pool_id`, `role_name`, `role_arn` and `bucket`.
    """
    app = signed_up()
    identity = boto3.client("cognito-identity")
    own_users = {"ProviderName": app.provider, "ClientId": app.client_id}
    pool = identity.create_identity_pool(
        IdentityPoolName="photo_app",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[own_users],
    )
    app.identity_pool_id = pool["IdentityPoolId"]
    role = boto3.client("iam").create_role(
        RoleName="photo-app-user",
        AssumeRolePolicyDocument=json.dumps(_trust(app.identity_pool_id)),
    )["Role"]
    app.role_name, app.role_arn = role["RoleName"], role["Arn"]
    roles = {"authenticated": app.role_arn}
    identity.set_identity_pool_roles(IdentityPoolId=app.identity_pool_id, Roles=roles)
    account = boto3.client("sts").get_caller_identity()["Account"]
    app.bucket = f"photo-app-{account}"  # bucket names are shared by all accounts
    boto3.client("s3").create_bucket(Bucket=app.bucket)
    return app


def _trust(identity_pool_id: str) -> dict[str, Any]:
    """Who may wear the role: signed-in users of this identity pool."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {"cognito-identity.amazonaws.com:aud": identity_pool_id},
                    "ForAnyValue:StringLike": {
                        "cognito-identity.amazonaws.com:amr": "authenticated"
                    },
                },
            }
        ],
    }
