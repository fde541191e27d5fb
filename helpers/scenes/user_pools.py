"""The user pool as notebook 01 left it: people who have proved their addresses.

Plain boto3, as a learner would type it.
"""

from __future__ import annotations

from types import SimpleNamespace

import boto3

PASSWORD = "Corr3ct-horse!"
PEOPLE = ("alice", "bob")


def people() -> SimpleNamespace:
    """A user pool, its app client, and alice and bob who can sign in. Alice is an editor.

    The namespace has `user_pool_id`, `client_id` and `password`, which is everybody's.
    """
    idp = boto3.client("cognito-idp")
    pool = idp.create_user_pool(PoolName="people", AutoVerifiedAttributes=["email"])["UserPool"]
    client = idp.create_user_pool_client(
        UserPoolId=pool["Id"],
        ClientName="photo-app",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]
    for name in PEOPLE:
        join(pool["Id"], client["ClientId"], name)
    idp.create_group(UserPoolId=pool["Id"], GroupName="editors")
    idp.admin_add_user_to_group(UserPoolId=pool["Id"], Username="alice", GroupName="editors")
    return SimpleNamespace(user_pool_id=pool["Id"], client_id=client["ClientId"], password=PASSWORD)


def join(pool_id: str, client_id: str, name: str) -> None:
    """Sign a person up and vouch for the address: a scene reads no mail."""
    idp = boto3.client("cognito-idp")
    email = [{"Name": "email", "Value": f"{name}@example.com"}]
    idp.sign_up(ClientId=client_id, Username=name, Password=PASSWORD, UserAttributes=email)
    idp.admin_confirm_sign_up(UserPoolId=pool_id, Username=name)
    verified = [{"Name": "email_verified", "Value": "true"}]
    idp.admin_update_user_attributes(UserPoolId=pool_id, Username=name, UserAttributes=verified)
