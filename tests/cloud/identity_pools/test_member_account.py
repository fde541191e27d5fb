"""An app in a member account: its users sign in there, and get credentials of that account."""

from __future__ import annotations

import boto3
import pytest
import requests

from helpers import lab
from tests.cloud.accounts import Account, Company
from tests.cloud.identity_pools.app import OWN_FOLDER, App, allowing, error_of, trust

CALLBACK = "https://app.example.com/callback"


@pytest.fixture
def shop(cloud: lab.Cloud) -> Account:
    return Company().new_account("shop")


@pytest.fixture
def app(cloud: lab.Cloud, shop: Account) -> App:
    """alice may sign in, and has an own folder in a bucket of the account."""
    services = ("cognito-identity", "cognito-idp", "iam")
    identity, idp, iam = (shop.client(service) for service in services)
    made = App(cloud, identity=identity, idp=idp, iam=iam)
    made.user_pool_id = idp.create_user_pool(PoolName="users")["UserPool"]["Id"]
    made.client_id = made.new_client()
    made.new_user("alice")
    made.pool_id = made.new_pool(**made.accept())
    folder = allowing("s3:GetObject", "s3:PutObject", resource=OWN_FOLDER)
    role = made.new_role("app-user", trust(made.pool_id, "authenticated"), folder)
    identity.set_identity_pool_roles(IdentityPoolId=made.pool_id, Roles={"authenticated": role})
    return made


def test_another_account_s_role_is_refused(app: App) -> None:
    theirs = {"authenticated": "arn:aws:iam::123456789012:role/app-user"}
    put = app.identity.set_identity_pool_roles
    refused = error_of(put, IdentityPoolId=app.pool_id, Roles=theirs)
    assert refused[0] == "AccessDeniedException"  # nobody passes a role of another account


def test_the_credentials_are_of_the_pool_s_account(app: App, shop: Account) -> None:
    alice = app.get_id(app.logins("alice"))
    given = app.credentials(alice, app.logins("alice"))
    who = app.client("sts", given).get_caller_identity()
    assert (who["Account"], who["Arn"].split(":")[4]) == (shop.id, shop.id)


def test_the_own_folder_is_in_the_account_s_bucket(app: App, shop: Account) -> None:
    shop.new_bucket("app-files")
    alice = app.get_id(app.logins("alice"))
    s3 = app.client("s3", app.credentials(alice, app.logins("alice")))
    s3.put_object(Bucket="app-files", Key=f"{alice}/a.txt", Body=b"hello")
    refused = error_of(s3.put_object, Bucket="app-files", Key="other/a.txt", Body=b"")
    assert refused[0] == "AccessDenied"
    read = shop.client("s3").get_object(Bucket="app-files", Key=f"{alice}/a.txt")
    assert read["Body"].read() == b"hello"


def test_nobody_else_deletes_its_identities(app: App, shop: Account) -> None:
    """Neither the company's first account nor a request in another region."""
    alice = app.get_id(app.logins("alice"))
    west = {"region_name": "us-west-2", "aws_access_key_id": shop.keys["AccessKeyId"]}
    west |= {"aws_secret_access_key": shop.keys["SecretAccessKey"]}
    west |= {"aws_session_token": shop.keys["SessionToken"]}
    for other in (boto3.client("cognito-identity"), boto3.client("cognito-identity", **west)):
        other.delete_identities(IdentityIdsToDelete=[alice])
        assert app.identity.describe_identity(IdentityId=alice)["IdentityId"] == alice
    app.identity.delete_identities(IdentityIdsToDelete=[alice])
    code, _ = error_of(app.identity.describe_identity, IdentityId=alice)
    assert code == "ResourceNotFoundException"


def test_its_domain_shows_its_pages(app: App) -> None:
    app.idp.create_user_pool_domain(Domain="shop", UserPoolId=app.user_pool_id)
    app.idp.update_user_pool_client(
        UserPoolId=app.user_pool_id,
        ClientId=app.client_id,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=[CALLBACK],
        SupportedIdentityProviders=["COGNITO"],
    )
    asked = {"client_id": app.client_id, "response_type": "code", "redirect_uri": CALLBACK}
    page = requests.get(
        "https://shop.auth.us-east-1.amazoncognito.com/login", params=asked, timeout=5
    )
    assert (page.status_code, 'name="password"' in page.text) == (200, True)
