"""Attributes for access control: which of a user's attributes become tags of his sessions.

Source: IAM Identity Center API Reference, CreateInstanceAccessControlAttributeConfiguration.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud.sts_words import error_of
from tests.cloud.workforce import Workforce


def configuration(**sources: str) -> dict[str, Any]:
    listed = [{"Key": key, "Value": {"Source": [source]}} for key, source in sources.items()]
    return {"InstanceAccessControlAttributeConfiguration": {"AccessControlAttributes": listed}}


def described(workforce: Workforce) -> Any:
    describe = workforce.sso.describe_instance_access_control_attribute_configuration
    found = describe(**workforce.instance)["InstanceAccessControlAttributeConfiguration"]
    return found["AccessControlAttributes"]


DEPARTMENT = {"Department": "${path:enterprise.department}"}


def test_they_are_off_at_first(workforce: Workforce) -> None:
    sso = workforce.sso
    assert error_of(described, workforce)[0] == "ResourceNotFoundException"
    change = sso.update_instance_access_control_attribute_configuration
    code, _ = error_of(change, **workforce.instance, **configuration(**DEPARTMENT))
    assert code == "ResourceNotFoundException"
    delete = sso.delete_instance_access_control_attribute_configuration
    assert error_of(delete, **workforce.instance)[0] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "source",
    ["${path:shoeSize}", "${user:email}", "Sales", "${path:userName}${path:title}", ""],
)
def test_other_sources_are_not_offered(workforce: Workforce, source: str) -> None:
    create = workforce.sso.create_instance_access_control_attribute_configuration
    code, _ = error_of(create, **workforce.instance, **configuration(Team=source))
    assert code == "NotImplementedException"
    assert error_of(described, workforce)[0] == "ResourceNotFoundException"


def test_a_key_is_given_once_whatever_its_case(workforce: Workforce) -> None:
    create = workforce.sso.create_instance_access_control_attribute_configuration
    twice = configuration(team="${path:title}", Team="${path:userType}")
    assert error_of(create, **workforce.instance, **twice)[0] == "ValidationException"


def test_they_are_turned_on_changed_and_off(workforce: Workforce) -> None:
    sso = workforce.sso
    create = sso.create_instance_access_control_attribute_configuration
    create(**workforce.instance, **configuration(**DEPARTMENT))
    assert [each["Key"] for each in described(workforce)] == ["Department"]
    again = error_of(create, **workforce.instance, **configuration(**DEPARTMENT))
    assert again[0] == "ConflictException"
    sso.update_instance_access_control_attribute_configuration(
        **workforce.instance, **configuration(Email="${path:emails[primary eq true].value}")
    )
    assert [each["Key"] for each in described(workforce)] == ["Email"]
    sso.delete_instance_access_control_attribute_configuration(**workforce.instance)
    assert error_of(described, workforce)[0] == "ResourceNotFoundException"
