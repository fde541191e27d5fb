"""A user pool with people in it, made through boto3 on whichever cloud answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3

PASSWORD = "Correct-Horse-7"


def people(count: int, endpoint: str | None = None) -> tuple[Any, str, str]:
    """(client, app client id, name of the last user) of a pool with so many users.

    Only the last one has a password and can sign in.
    """
    idp = boto3.client("cognito-idp", endpoint_url=endpoint)
    pool = idp.create_user_pool(PoolName=f"{count}-people")["UserPool"]["Id"]
    app = idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="app",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    # cognito-local takes nothing but e-mail addresses for usernames.
    names = [f"person-{number}@example.com" for number in range(count)]
    for name in names:
        idp.admin_create_user(
            UserPoolId=pool,
            Username=name,
            UserAttributes=[{"Name": "email", "Value": name}],
            MessageAction="SUPPRESS",
        )
    idp.admin_set_user_password(
        UserPoolId=pool, Username=names[-1], Password=PASSWORD, Permanent=True
    )
    return idp, app, names[-1]


def sign_in(idp: Any, app: str, name: str) -> Callable[[], dict[str, Any]]:
    """The action InitiateAuth with a password; it returns the tokens."""

    def act() -> dict[str, Any]:
        answer = idp.initiate_auth(
            ClientId=app,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
        )
        return answer["AuthenticationResult"]

    return act
