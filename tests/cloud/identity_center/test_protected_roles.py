"""The roles that Identity Center makes are seen by everybody and changed by nobody else.

Source: IAM Identity Center User Guide, "I get a 'Cannot perform the operation on the protected
role' error when modifying an IAM role".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from helpers import lab
from tests.cloud.accounts import Account
from tests.cloud.sts_words import error_of, trusting
from tests.cloud.workforce import READ_ONLY, Workforce, allowing

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("delete_role", {}),
    ("attach_role_policy", {"PolicyArn": ADMINISTRATOR}),
    ("detach_role_policy", {"PolicyArn": READ_ONLY}),
    ("put_role_policy", {"PolicyName": "more", "PolicyDocument": allowing("*")}),
    ("delete_role_policy", {"PolicyName": "AwsSSOInlinePolicy"}),
    ("put_role_permissions_boundary", {"PermissionsBoundary": READ_ONLY}),
    ("delete_role_permissions_boundary", {}),
    ("update_role", {"MaxSessionDuration": 43200}),
    ("update_role_description", {"Description": "mine"}),
    ("tag_role", {"Tags": [{"Key": "team", "Value": "red"}]}),
    ("untag_role", {"TagKeys": ["team"]}),
    ("add_role_to_instance_profile", {"InstanceProfileName": "server"}),
]


@pytest.fixture(scope="module")
def shop() -> Iterator[Account]:
    """A member account with one such role."""
    lab.start()
    workforce = Workforce()
    shop = workforce.company.new_account("shop")
    reader = workforce.new_permission_set("Reader", allowing("s3:GetObject"))
    workforce.sso.attach_managed_policy_to_permission_set(**reader, ManagedPolicyArn=READ_ONLY)
    workforce.assign(reader, workforce.new_user("ann"), shop.id)
    yield shop
    lab.stop()


@pytest.fixture(scope="module")
def role(shop: Account) -> str:
    (role,) = shop.client("iam").list_roles(PathPrefix="/aws-reserved/")["Roles"]
    return str(role["RoleName"])


@pytest.mark.parametrize(("change", "members"), CHANGES)
def test_no_administrator_changes_one(
    shop: Account, role: str, change: str, members: dict[str, Any]
) -> None:
    act: Callable[..., Any] = getattr(shop.client("iam"), change)
    text = f"Cannot perform the operation on the protected role '{role}'"
    refused = error_of(act, RoleName=role, **members)
    assert refused == ("UnmodifiableEntity", f"{text} - this role is only modifiable by AWS")


def test_nobody_lets_himself_in(shop: Account, role: str) -> None:
    change = shop.client("iam").update_assume_role_policy
    mine = json.dumps(trusting(f"arn:aws:iam::{shop.id}:root"))
    code, _ = error_of(change, RoleName=role, PolicyDocument=mine)
    assert code == "UnmodifiableEntity"


def test_none_is_deleted_as_a_service_linked_role(shop: Account, role: str) -> None:
    delete = shop.client("iam").delete_service_linked_role
    own = shop.new_role("own", trusting(f"arn:aws:iam::{shop.id}:root")).rpartition("/")[2]
    for name in (role, own):
        gone = ("NoSuchEntity", f"The role with name {name} cannot be found.")
        assert error_of(delete, RoleName=name) == gone


def test_no_role_is_put_among_them(shop: Account) -> None:
    create = shop.client("iam").create_role
    mine = json.dumps(trusting(f"arn:aws:iam::{shop.id}:root"))
    code, _ = error_of(
        create,
        RoleName="AWSReservedSSO_Admin_0123456789abcdef",
        Path="/aws-reserved/sso.amazonaws.com/",
        AssumeRolePolicyDocument=mine,
    )
    assert code == "AccessDenied"


def test_a_role_of_the_account_is_changed_as_ever(shop: Account, role: str) -> None:
    shop.new_role("app", trusting(f"arn:aws:iam::{shop.id}:root"))
    shop.client("iam").update_role(RoleName="app", MaxSessionDuration=7200)
    assert shop.client("iam").get_role(RoleName=role)["Role"]["RoleName"] == role
