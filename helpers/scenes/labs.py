"""What stands at the start of a lab, where the exercises need more than the notebook's own scene.

Plain boto3, as a learner would type it.
"""

from __future__ import annotations

import json
from types import SimpleNamespace

import boto3

from . import photo_app

AUTHENTICATED, GUEST = '"authenticated"', '"unauthenticated"'  # in a role's trust policy


def clinic() -> SimpleNamespace:
    """An empty user pool that proves e-mail addresses, and a client to try things with.

    The namespace has `pool_id` and `client_id`.
    """
    idp = boto3.client("cognito-idp")
    pool = idp.create_user_pool(PoolName="clinic", AutoVerifiedAttributes=["email"])["UserPool"]
    client = idp.create_user_pool_client(
        UserPoolId=pool["Id"],
        ClientName="front-desk",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]
    return SimpleNamespace(pool_id=pool["Id"], client_id=client["ClientId"])


def photo_app_with_guests() -> SimpleNamespace:
    """The photo app of notebook 10, open to guests, with a table of scores.

    The namespace has besides `guest_role_name`, `table` and `table_arn`. Neither role has a
    permission.
    """
    app = photo_app.with_identity_pool()
    app.guest_role_name = "photo-app-guest"
    _let_guests_in(app)
    app.table = "scores"
    app.table_arn = boto3.client("dynamodb").create_table(
        TableName=app.table,
        KeySchema=[
            {"AttributeName": "owner", "KeyType": "HASH"},
            {"AttributeName": "game", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "owner", "AttributeType": "S"},
            {"AttributeName": "game", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]["TableArn"]
    boto3.client("dynamodb").get_waiter("table_exists").wait(TableName=app.table)
    return app


def _let_guests_in(app: SimpleNamespace) -> None:
    """Give the identity pool a role for those who do not sign in."""
    iam, identity = boto3.client("iam"), boto3.client("cognito-identity")
    users = iam.get_role(RoleName=app.role_name)["Role"]["AssumeRolePolicyDocument"]
    trust = json.dumps(users).replace(AUTHENTICATED, GUEST)
    guest = iam.create_role(RoleName=app.guest_role_name, AssumeRolePolicyDocument=trust)["Role"]
    pool = identity.describe_identity_pool(IdentityPoolId=app.identity_pool_id)
    identity.update_identity_pool(
        IdentityPoolId=app.identity_pool_id,
        IdentityPoolName=pool["IdentityPoolName"],
        AllowUnauthenticatedIdentities=True,
        CognitoIdentityProviders=pool["CognitoIdentityProviders"],
    )
    roles = {"authenticated": app.role_arn, "unauthenticated": guest["Arn"]}
    identity.set_identity_pool_roles(IdentityPoolId=app.identity_pool_id, Roles=roles)
