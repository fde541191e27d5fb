"""What the STS tests share: users, roles, and clients that sign with given keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
REGION = "us-east-1"


def user_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:user/{name}"


def statement(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trusting(principal: str, *actions: str, **more: Any) -> dict[str, Any]:
    return policy(
        {
            "Effect": "Allow",
            "Principal": {"AWS": principal},
            "Action": list(actions or ["sts:AssumeRole"]),
            **more,
        }
    )


def new_user(name: str, allowed: dict[str, Any] | None = None) -> dict[str, str]:
    """A user with these permissions; his access key."""
    iam = boto3.client("iam", REGION)
    iam.create_user(UserName=name)
    if allowed:
        text = json.dumps(allowed)
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=text)
    return iam.create_access_key(UserName=name)["AccessKey"]


def new_role(
    name: str, trusted: dict[str, Any], allowed: dict[str, Any] | None = None, **more: Any
) -> str:
    """A role with this trust policy and these permissions; its ARN."""
    iam = boto3.client("iam", REGION)
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trusted), **more)
    if allowed:
        text = json.dumps(allowed)
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=text)
    return made["Role"]["Arn"]


def client(service: str, keys: dict[str, str], *, checked: bool = True) -> BaseClient:
    """A client that signs with an access key or with an STS answer's Credentials.

    Not `checked`, it sends whatever it is given.
    """
    return boto3.client(
        service,
        REGION,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys.get("SessionToken"),
        config=Config(parameter_validation=checked),
    )


def assume(keys: dict[str, str], role: str, **more: Any) -> dict[str, Any]:
    return client("sts", keys, checked=False).assume_role(
        **{"RoleArn": role, "RoleSessionName": "session", **more}
    )


def error_of(act: Callable[..., Any], *given: Any, **arguments: Any) -> tuple[str, str]:
    """(code, message) of the refusal."""
    with pytest.raises(ClientError) as caught:
        act(*given, **arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def status_of(act: Callable[..., Any], *given: Any, **arguments: Any) -> int:
    with pytest.raises(ClientError) as caught:
        act(*given, **arguments)
    return caught.value.response["ResponseMetadata"]["HTTPStatusCode"]


def not_authorized(who: str, role: str, action: str = "sts:AssumeRole") -> tuple[str, str]:
    text = f"User: {who} is not authorized to perform: {action} on resource: {role}"
    return "AccessDenied", text
