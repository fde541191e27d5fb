"""What the vended credentials are good for, seen from the services they open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3
import pytest

from tests.cloud.identity_pools.app import REGION, App, allowing, error_of, trust


@pytest.fixture
def bucket(app: App) -> str:
    boto3.client("s3", REGION).create_bucket(Bucket="app-files")
    return "app-files"


def test_a_user_reaches_no_other_users_folder(app: App, bucket: str) -> None:
    alice, bob = app.logins("alice"), app.logins("bob")
    of_alice, of_bob = app.get_id(alice), app.get_id(bob)
    s3 = app.client("s3", app.credentials(of_alice, alice))
    mine = {"Bucket": bucket, "Key": f"{of_alice}/note.txt"}
    yours = {"Bucket": bucket, "Key": f"{of_bob}/note.txt"}
    code, message = error_of(s3.put_object, Body=b"x", **yours)
    assert code == "AccessDenied"
    assert "assumed-role/app-user/CognitoIdentityCredentials is not authorized" in message
    assert error_of(s3.get_object, **yours)[0] == "AccessDenied"
    assert error_of(s3.put_object, Bucket=bucket, Key="note.txt", Body=b"x")[0] == "AccessDenied"
    s3.put_object(Body=b"hello", **mine)
    assert s3.get_object(**mine)["Body"].read() == b"hello"


def test_a_user_gets_none_of_what_his_role_does_not_allow(app: App) -> None:
    alice = app.logins("alice")
    given = app.credentials(app.get_id(alice), alice)
    assert error_of(app.client("s3", given).list_buckets)[0] == "AccessDenied"
    assert error_of(app.client("iam", given).list_users)[0] == "AccessDenied"
    pools = app.client("cognito-identity", given)
    assert error_of(pools.list_identity_pools, MaxResults=5)[0] == "AccessDeniedException"


def test_credentials_end_after_an_hour(app: App) -> None:
    alice = app.logins("alice")
    given = app.credentials(app.get_id(alice), alice)
    assert given["Credentials"]["Expiration"] == app.cloud.clock.now() + timedelta(hours=1)
    sts = app.client("sts", given)
    app.cloud.clock.advance(minutes=59)
    sts.get_caller_identity()
    app.cloud.clock.advance(minutes=1)
    assert error_of(sts.get_caller_identity)[0] == "ExpiredToken"


def test_the_session_is_named_as_cognito_names_it(app: App) -> None:
    alice = app.logins("alice")
    given = app.credentials(app.get_id(alice), alice)
    assert given["Credentials"]["AccessKeyId"].startswith("ASIA")
    who = app.client("sts", given).get_caller_identity()
    role_id = app.iam.get_role(RoleName="app-user")["Role"]["RoleId"]
    name = "CognitoIdentityCredentials"
    assert who["Arn"] == f"arn:aws:sts::123456789012:assumed-role/app-user/{name}"
    assert who["UserId"] == f"{role_id}:{name}"


def test_credentials_without_their_session_token_are_worthless(app: App) -> None:
    given = app.credentials(app.get_id())["Credentials"]
    stripped = boto3.client(
        "sts",
        REGION,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretKey"],
    )
    assert error_of(stripped.get_caller_identity)[0] == "InvalidClientTokenId"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cognito-identity.amazonaws.com:aud", "POOL"),
        ("cognito-identity.amazonaws.com:sub", "IDENTITY"),
        ("aws:FederatedProvider", "cognito-identity.amazonaws.com"),
    ],
)
def test_policies_see_the_keys_of_the_session(app: App, key: str, value: str) -> None:
    alice = app.logins("alice")
    identity_id = app.get_id(alice)
    value = {"POOL": app.pool_id, "IDENTITY": identity_id}.get(value, value)
    assert may_list(app, alice, {"StringEquals": {key: value}})
    assert not may_list(app, alice, {"StringEquals": {key: value + "x"}})


@pytest.mark.parametrize("claim", ["authenticated", "PROVIDER", "PROVIDER:CognitoSignIn:SUB"])
def test_policies_see_how_the_user_signed_in(app: App, claim: str) -> None:
    tokens = app.tokens("alice")
    sub = app.idp.get_user(AccessToken=tokens["AccessToken"])["UserAttributes"]
    user = next(one["Value"] for one in sub if one["Name"] == "sub")
    claim = claim.replace("PROVIDER", app.provider).replace("SUB", user)
    key = "cognito-identity.amazonaws.com:amr"
    logins = {app.provider: tokens["IdToken"]}
    assert may_list(app, logins, {"ForAnyValue:StringEquals": {key: claim}})
    assert not may_list(app, logins, {"ForAnyValue:StringEquals": {key: "unauthenticated"}})


def may_list(app: App, logins: dict[str, str], condition: dict[str, Any]) -> bool:
    """Whether alice may list buckets when her role allows that under a condition."""
    policy = allowing("s3:ListAllMyBuckets")
    policy["Statement"][0]["Condition"] = condition
    name = f"conditional-{app.cloud.trace[-1].n}"
    role = app.new_role(name, trust(app.pool_id, "authenticated"), policy)
    app.identity.set_identity_pool_roles(IdentityPoolId=app.pool_id, Roles={"authenticated": role})
    s3 = app.client("s3", app.credentials(app.get_id(logins), logins))
    try:
        s3.list_buckets()
    except s3.exceptions.ClientError:
        return False
    return True


def test_logins_do_not_reach_the_trace(app: App) -> None:
    alice = app.logins("alice")
    given = app.credentials(app.get_id(alice), alice)["Credentials"]
    written = str([entry.as_dict() for entry in app.cloud.trace])
    for secret in (alice[app.provider], given["SecretKey"], given["SessionToken"]):
        assert secret not in written
