"""The people of lab 01: a patient for as long as a check needs one, and a refusal in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import boto3
from botocore.exceptions import ClientError

PASSWORD = "Corr3ct-horse!"


def refusal(call: Callable[..., Any], **parameters: Any) -> str:
    """Make a call and return the code and message of its refusal; empty if it was answered."""
    try:
        call(**parameters)
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    return ""


@contextmanager
def person(pool_id: str, name: str) -> Iterator[str]:
    """Give the pool a confirmed user for as long as a check needs one; yield the username."""
    idp = boto3.client("cognito-idp")
    address = [
        {"Name": "email", "Value": f"{name}@example.com"},
        {"Name": "email_verified", "Value": "true"},
    ]
    forget(pool_id, name)
    idp.admin_create_user(
        UserPoolId=pool_id, Username=name, UserAttributes=address, MessageAction="SUPPRESS"
    )
    idp.admin_set_user_password(
        UserPoolId=pool_id, Username=name, Password=PASSWORD, Permanent=True
    )
    try:
        yield name
    finally:
        forget(pool_id, name)


def forget(pool_id: str, name: str) -> None:
    """Delete a user that may be there."""
    idp = boto3.client("cognito-idp")
    with suppress(idp.exceptions.UserNotFoundException):
        idp.admin_delete_user(UserPoolId=pool_id, Username=name)
