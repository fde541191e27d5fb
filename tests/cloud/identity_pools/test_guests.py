"""Guests: only where the pool lets them in, and never further than AWS lets any guest."""

from __future__ import annotations

import json

import boto3
import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from helpers.cloud.identity_pools import guest_policy
from tests.cloud.identity_pools.app import REGION, App, error_of

NO_GUESTS = (
    "NotAuthorizedException",
    "Unauthenticated access is not supported for this identity pool.",
)


def test_a_pool_without_guests_gives_them_no_identity(app: App) -> None:
    assert error_of(app.get_id, pool_id=app.new_pool(**app.accept())) == NO_GUESTS


def test_a_guest_gets_no_credentials_once_guests_are_off(app: App) -> None:
    guest = app.get_id()
    app.identity.update_identity_pool(
        IdentityPoolId=app.pool_id,
        IdentityPoolName="app",
        AllowUnauthenticatedIdentities=False,
        **app.accept(),
    )
    assert error_of(app.credentials, identity_id=guest) == NO_GUESTS


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("iam", "list_users", {}),
        ("iam", "create_user", {"UserName": "backdoor"}),
        ("sts", "assume_role", {"RoleArn": "ROLE", "RoleSessionName": "guest"}),
        ("secretsmanager", "list_secrets", {}),
        ("ssm", "get_parameter", {"Name": "password"}),
    ],
)
def test_a_guest_whose_role_allows_everything_is_held_back(
    app: App, service: str, operation: str, arguments: dict[str, str]
) -> None:
    role = app.iam.get_role(RoleName="app-user")["Role"]["Arn"]
    arguments = {name: text.replace("ROLE", role) for name, text in arguments.items()}
    client = app.client(service, app.credentials(app.get_id()))
    code, message = error_of(getattr(client, operation), **arguments)
    assert code in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
    assert service == "sts" or "because no session policy allows the" in message


def test_a_guest_reaches_the_services_of_the_list(app: App) -> None:
    boto3.client("s3", REGION).create_bucket(Bucket="public-files")
    guest = app.credentials(app.get_id())
    app.client("s3", guest).put_object(Bucket="public-files", Key="a", Body=b"x")
    app.client("dynamodb", guest).list_tables()
    assert app.client("sts", guest).get_caller_identity()["Account"] == "123456789012"


def test_a_user_is_not_held_back(app: App) -> None:
    app.iam.put_role_policy(
        RoleName="app-user",
        PolicyName="access",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}],
            }
        ),
    )
    alice = app.logins("alice")
    given = app.credentials(app.get_id(alice), alice)
    assert app.client("iam", given).list_users()["Users"] == []


def test_the_managed_policy_is_the_one_aws_publishes() -> None:
    published = json.loads(aws_managed_policies_data)[guest_policy.MANAGED_POLICY]
    actions = published["Document"]["Statement"][0]["Action"]
    assert sorted(actions) == list(guest_policy.MANAGED_ACTIONS)
