"""Attributes for access control: which of a user's attributes become tags of his sessions.

Source: IAM Identity Center API Reference, CreateInstanceAccessControlAttributeConfiguration.
"""

from __future__ import annotations

from tests.cloud.sts_words import error_of
from tests.cloud.workforce import Workforce, attributes, described_attributes

DEPARTMENT = {"Department": "${path:enterprise.department}"}


def test_they_are_turned_on_changed_and_off(workforce: Workforce) -> None:
    sso = workforce.sso
    create = sso.create_instance_access_control_attribute_configuration
    create(**workforce.instance, **attributes(**DEPARTMENT))
    assert [each["Key"] for each in described_attributes(workforce)] == ["Department"]
    again = error_of(create, **workforce.instance, **attributes(**DEPARTMENT))
    assert again[0] == "ConflictException"
    sso.update_instance_access_control_attribute_configuration(
        **workforce.instance, **attributes(Email="${path:emails[primary eq true].value}")
    )
    assert [each["Key"] for each in described_attributes(workforce)] == ["Email"]
    sso.delete_instance_access_control_attribute_configuration(**workforce.instance)
    assert error_of(described_attributes, workforce)[0] == "ResourceNotFoundException"
