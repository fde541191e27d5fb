"""fromCognitoIdentityPool and fromWebToken of the AWS SDK for JavaScript, where Node is there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import boto3
import pytest

from helpers import lab
from tests.clients.app import REGION, App, build, new_client
from tests.clients.node import run
from tests.providers.browser import code_for, redeem, register

REPORT = {"Bucket": "reports", "Key": "2026.txt"}
READS = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}
POOLS = "cognito-identity.amazonaws.com"


@pytest.fixture
def settings(live_cloud: lab.Cloud, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Alice in two groups, a pool for her, for guests and for Google, and one role for each way."""
    app = build()
    boto3.client("s3").create_bucket(Bucket="reports")
    boto3.client("s3").put_object(**REPORT, Body=b"figures")
    google = register("google")
    classic = _classic_pool(app)
    roles = _roles(app, classic)
    _groups(app, roles)
    _open_to(app, google.client_id, roles)
    pool = App(REGION, app.user_pool_id, new_client(app.user_pool_id), "")
    tokens = {
        "two_groups": app.tokens()["IdToken"],
        "access": app.tokens()["AccessToken"],
        "other": pool.tokens()["IdToken"],
        "google": redeem("google", google, code_for("google", google)).json()["id_token"],
    }
    tokens["open_id"] = _open_id_token(app, classic, tokens["two_groups"])
    provider = app.issuer.removeprefix("https://")
    monkeypatch.setenv("AWS_ENDPOINT_URL", live_cloud.serve())
    monkeypatch.setenv("AWS_REGION", REGION)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    return {**app.as_dict(), "tokens": tokens, "roles": roles, "provider": provider}


def test_each_way_to_a_role(node: Path, settings: dict[str, Any]) -> None:
    assert run(node, "role_credentials.mjs", settings) == {
        "pool: a role that the token does not name": {"error": "NotAuthorizedException"},
        "pool: two roles fit, none chosen": {"error": "NotAuthorizedException"},
        "pool: the editors' role chosen": {"error": "AccessDenied"},
        "pool: the readers' role chosen": {"value": "figures"},
        "pool: a guest": {"error": "AccessDenied"},
        "pool: a token of Google": {"value": "figures"},
        "web: the user pool's token": {"value": "figures"},
        "web: an access token": {"error": "InvalidIdentityTokenException"},
        "web: a forged token": {"error": "InvalidIdentityTokenException"},
        "web: a token for another app client": {"error": "InvalidIdentityTokenException"},
        "web: a role that trusts somebody else": {"error": "AccessDenied"},
        "web: the identity pool's own token": {"value": "figures"},
    }


def _classic_pool(app: App) -> str:
    """Another identity pool: the basic flow is closed to pools with role mappings."""
    provider = app.issuer.removeprefix("https://")
    return boto3.client("cognito-identity").create_identity_pool(
        IdentityPoolName="classic",
        AllowUnauthenticatedIdentities=False,
        AllowClassicFlow=True,
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": app.client_id}],
    )["IdentityPoolId"]


def _roles(app: App, classic: str) -> dict[str, str]:
    """A role for each way in; all but the editors' and the guests' may read the report."""
    iam = boto3.client("iam")
    provider = iam.create_open_id_connect_provider(Url=app.issuer, ClientIDList=[app.client_id])
    arn = provider["OpenIDConnectProviderArn"]
    web = {"StringEquals": {f"{app.issuer.removeprefix('https://')}:aud": app.client_id}}
    signed_in = _of_pool(app.identity_pool_id, "authenticated")
    trusts = {"web": (arn, web), "classic": (POOLS, _of_pool(classic, "authenticated"))}
    trusts["guests"] = (POOLS, _of_pool(app.identity_pool_id, "unauthenticated"))
    trusts |= dict.fromkeys(("editors", "readers", "google"), (POOLS, signed_in))
    return {name: _role(name, *trust) for name, trust in trusts.items()}


def _of_pool(identity_pool_id: str, amr: str) -> dict[str, Any]:
    return {
        "StringEquals": {f"{POOLS}:aud": identity_pool_id},
        "ForAnyValue:StringLike": {f"{POOLS}:amr": amr},
    }


def _role(name: str, federated: str, condition: dict[str, Any]) -> str:
    iam = boto3.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Federated": federated}, "Condition": condition}
    trust["Action"] = "sts:AssumeRoleWithWebIdentity"
    trusts = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusts)["Role"]["Arn"]
    if name not in ("editors", "guests"):
        reads = json.dumps({"Version": "2012-10-17", "Statement": [READS]})
        iam.put_role_policy(RoleName=name, PolicyName="reads", PolicyDocument=reads)
    return arn


def _groups(app: App, roles: dict[str, str]) -> None:
    """Two groups of the same precedence, so that none of their roles is preferred."""
    idp = boto3.client("cognito-idp")
    for name in ("editors", "readers"):
        group = {"UserPoolId": app.user_pool_id, "GroupName": name}
        idp.create_group(**group, RoleArn=roles[name], Precedence=1)
        idp.admin_add_user_to_group(**group, Username=app.username)


def _open_to(app: App, google_client: str, roles: dict[str, str]) -> None:
    """The pool takes guests, Google's tokens, and roles out of the user pool's tokens."""
    pools = boto3.client("cognito-identity")
    provider = app.issuer.removeprefix("https://")
    pools.update_identity_pool(
        IdentityPoolId=app.identity_pool_id,
        IdentityPoolName="app",
        AllowUnauthenticatedIdentities=True,
        SupportedLoginProviders={"accounts.google.com": google_client},
        CognitoIdentityProviders=[{"ProviderName": provider, "ClientId": app.client_id}],
    )
    pools.set_identity_pool_roles(
        IdentityPoolId=app.identity_pool_id,
        Roles={"authenticated": roles["google"], "unauthenticated": roles["guests"]},
        RoleMappings={
            f"{provider}:{app.client_id}": {"Type": "Token", "AmbiguousRoleResolution": "Deny"}
        },
    )


def _open_id_token(app: App, identity_pool_id: str, id_token: str) -> str:
    """The identity pool's own token, for the basic flow."""
    pools = boto3.client("cognito-identity")
    logins = {app.issuer.removeprefix("https://"): id_token}
    who = pools.get_id(IdentityPoolId=identity_pool_id, Logins=logins)["IdentityId"]
    return pools.get_open_id_token(IdentityId=who, Logins=logins)["Token"]
