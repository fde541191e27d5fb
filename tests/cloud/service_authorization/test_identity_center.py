"""Every operation of IAM Identity Center and its store needs an action that exists."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from helpers.cloud import identity_center, identity_store
from helpers.cloud.service_authorization import reference, requirements

ACCOUNT = "123456789012"
INSTANCE = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
PERMISSION_SET = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef"
STORE = f"arn:aws:identitystore::{ACCOUNT}:identitystore/d-0123456789"


@pytest.mark.parametrize("operation", sorted(identity_center.OPERATIONS))
def test_an_operation_on_instances_has_its_action(call: Callable[..., Any], operation: str) -> None:
    needed = requirements(call("sso-admin", operation, InstanceArn=INSTANCE))
    assert {each.action for each in needed} == {f"sso:{operation}"}
    assert reference.action_exists(f"sso:{operation}")


@pytest.mark.parametrize("operation", sorted(identity_store.OPERATIONS))
def test_an_operation_of_the_store_has_its_action(call: Callable[..., Any], operation: str) -> None:
    asked = call("identitystore", operation, IdentityStoreId="d-0123456789")
    asked.world = SimpleNamespace(room=lambda kind: kind())
    needed = requirements(asked)
    assert {each.action for each in needed} == {f"identitystore:{operation}"}
    assert reference.action_exists(f"identitystore:{operation}")
    assert operation == "ListIdentityStores" or STORE in [each.resource for each in needed]


def test_an_assignment_is_one_of_three_resources(call: Callable[..., Any]) -> None:
    asked = call(
        "sso-admin",
        "CreateAccountAssignment",
        InstanceArn=INSTANCE,
        PermissionSetArn=PERMISSION_SET,
        TargetId=ACCOUNT,
    )
    found = {each.resource for each in requirements(asked)}
    assert found == {INSTANCE, PERMISSION_SET, f"arn:aws:sso:::account/{ACCOUNT}"}
