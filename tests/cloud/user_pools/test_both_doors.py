"""The same answers through the hooks in the kernel and over HTTP, in a region of one's own."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from helpers import lab


@pytest.fixture
def idp(door: lab.Cloud) -> Any:
    return boto3.client("cognito-idp", region_name="eu-west-1")


@pytest.fixture
def client(idp: Any) -> str:
    pool = idp.create_user_pool(PoolName="p", AutoVerifiedAttributes=["email"])["UserPool"]
    answer = idp.create_user_pool_client(
        UserPoolId=pool["Id"], ClientName="a", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )
    return answer["UserPoolClient"]["ClientId"]


def test_a_made_up_token_and_an_unknown_client(idp, client, refused):
    with refused("NotAuthorizedException", "Invalid Access Token"):
        idp.get_user(AccessToken="eyJ.eyJ.eyJ")
    with refused("ResourceNotFoundException", "User pool client none does not exist."):
        idp.sign_up(ClientId="none", Username="alice", Password="Corr3ct-horse")


def test_from_sign_up_to_get_user(door, idp, client, attributes):
    idp.sign_up(
        ClientId=client,
        Username="alice",
        Password="Corr3ct-horse",
        UserAttributes=attributes({"email": "alice@example.com"}),
    )
    code = door.inbox.latest("alice@example.com").code
    idp.confirm_sign_up(ClientId=client, Username="alice", ConfirmationCode=code)
    answer = idp.initiate_auth(
        ClientId=client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "alice", "PASSWORD": "Corr3ct-horse"},
    )
    token = answer["AuthenticationResult"]["AccessToken"]
    assert idp.get_user(AccessToken=token)["Username"] == "alice"
