"""Requests that Identity Center turns away; none of them changes anything.

Source: IAM Identity Center API Reference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from helpers import lab
from tests.cloud.accounts import stranger
from tests.cloud.sts_words import client, error_of
from tests.cloud.workforce import (
    MANAGEMENT,
    NO_ACCESS,
    NOBODY,
    READ_ONLY,
    Workforce,
    allowing,
    attributes,
    described_attributes,
    raw,
)


@pytest.fixture(scope="module")
def workforce() -> Iterator[Workforce]:
    """One company for all of these tests."""
    lab.start()
    yield Workforce()
    lab.stop()


@pytest.fixture(scope="module")
def reader(workforce: Workforce) -> dict[str, str]:
    """A permission set that stays as it is."""
    return workforce.new_permission_set("Reader")


@pytest.mark.parametrize("name", ["", "n" * 33, "two words", "a/b"])
def test_a_name_is_short_and_plain(workforce: Workforce, name: str) -> None:
    unchecked = client("sso-admin", workforce.company.admin, checked=False)
    code, _ = error_of(unchecked.create_permission_set, **workforce.instance, Name=name)
    assert code == "ValidationException"


@pytest.mark.parametrize(
    "duration", ["PT59M", "PT13H", "P1D", "PT0S", "-PT2H", "2H", "PT", "P1M", "PT9999999H"]
)
def test_a_session_lasts_one_to_twelve_hours(
    workforce: Workforce, reader: dict[str, str], duration: str
) -> None:
    create = workforce.new_permission_set
    assert error_of(create, "Writer", SessionDuration=duration)[0] == "ValidationException"
    change = workforce.sso.update_permission_set
    assert error_of(change, **reader, SessionDuration=duration)[0] == "ValidationException"


def test_an_unknown_one_is_not_found(workforce: Workforce) -> None:
    arn = workforce.instance["InstanceArn"].replace("instance", "permissionSet")
    unknown = {**workforce.instance, "PermissionSetArn": f"{arn}/ps-0000000000000000"}
    refused = error_of(workforce.sso.describe_permission_set, **unknown)
    text = "Could not find PermissionSet with id ps-0000000000000000"
    assert refused == ("ResourceNotFoundException", text)


def test_a_resource_is_of_the_instance_that_is_named(
    workforce: Workforce, reader: dict[str, str]
) -> None:
    other = "arn:aws:sso:::instance/ssoins-0000000000000000"
    named = {"InstanceArn": other, "ResourceArn": reader["PermissionSetArn"]}
    for call, more in (
        (workforce.sso.list_tags_for_resource, {}),
        (workforce.sso.tag_resource, {"Tags": [{"Key": "team", "Value": "red"}]}),
        (workforce.sso.untag_resource, {"TagKeys": ["team"]}),
    ):
        assert error_of(call, **named, **more) == ("AccessDeniedException", NO_ACCESS)


@pytest.mark.parametrize("document", ["nonsense", "{}", allowing("s3")])
def test_what_is_no_policy_is_refused(
    workforce: Workforce, reader: dict[str, str], document: str
) -> None:
    put = workforce.sso.put_inline_policy_to_permission_set
    assert error_of(put, **reader, InlinePolicy=document)[0] == "ValidationException"


def test_a_policy_that_aws_does_not_keep_is_not_attached(
    workforce: Workforce, reader: dict[str, str]
) -> None:
    attach = workforce.sso.attach_managed_policy_to_permission_set
    for name in ("NoSuchPolicy", "job-function/ReadOnlyAccess"):
        arn = f"arn:aws:iam::aws:policy/{name}"
        refused = error_of(attach, **reader, ManagedPolicyArn=arn)
        text = f"Policy does not exist with ARN: {arn}"
        assert refused == ("ResourceNotFoundException", text)
    own = f"arn:aws:iam::{MANAGEMENT}:policy/mine"
    assert error_of(attach, **reader, ManagedPolicyArn=own)[0] == "ValidationException"


@pytest.mark.parametrize(
    "boundary",
    [
        {},
        {"ManagedPolicyArn": READ_ONLY, "CustomerManagedPolicyReference": {"Name": "limits"}},
    ],
)
def test_a_boundary_is_one_policy(
    workforce: Workforce, reader: dict[str, str], boundary: dict[str, Any]
) -> None:
    put = workforce.sso.put_permissions_boundary_to_permission_set
    code, _ = error_of(put, **reader, PermissionsBoundary=boundary)
    assert code == "ValidationException"


def test_tags_of_aws_and_too_many_are_refused(workforce: Workforce, reader: dict[str, str]) -> None:
    resource = {"ResourceArn": reader["PermissionSetArn"]}
    put = workforce.sso.tag_resource
    for tags, code in (
        ([{"Key": "AWS:team", "Value": "a"}], "ValidationException"),
        ([{"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}], "ValidationException"),
        ([{"Key": f"k{n}", "Value": ""} for n in range(51)], "ServiceQuotaExceededException"),
    ):
        assert error_of(put, **workforce.instance, **resource, Tags=tags)[0] == code
    assert workforce.sso.list_tags_for_resource(**resource)["Tags"] == []


@pytest.mark.parametrize(
    ("operation", "odd"),
    [
        ("CreatePermissionSet", {"Name": ["Reader"]}),
        ("CreatePermissionSet", {"Name": "\ud800"}),
        ("CreatePermissionSet", {"Name": "Reader", "Tags": {"Key": "a"}}),
        ("CreatePermissionSet", {"Name": "Reader", "SessionDuration": 3600}),
        ("ListPermissionSets", {"NextToken": "-1"}),
        ("ListPermissionSets", {"NextToken": "7"}),
        ("ListPermissionSets", {"MaxResults": 101}),
        ("DescribeInstance", {"InstanceArn": {"a": 1}}),
        ("DescribeInstance", {"InstanceArn": "arn:aws:sso:::instance/"}),
        ("TagResource", {"ResourceArn": "arn:aws:sso:::x", "Tags": []}),
    ],
)
def test_odd_requests_are_refused_cleanly(
    workforce: Workforce, operation: str, odd: dict[str, Any]
) -> None:
    body = json.dumps({**workforce.instance, **odd}).encode()
    answer = raw("sso", operation, body)
    assert answer.status_code == 400
    assert answer.json()["__type"] in ("ValidationException", "SerializationException")


def test_they_are_off_at_first(workforce: Workforce) -> None:
    sso = workforce.sso
    assert error_of(described_attributes, workforce)[0] == "ResourceNotFoundException"
    change = sso.update_instance_access_control_attribute_configuration
    code, _ = error_of(change, **workforce.instance, **attributes(Title="${path:title}"))
    assert code == "ResourceNotFoundException"
    delete = sso.delete_instance_access_control_attribute_configuration
    assert error_of(delete, **workforce.instance)[0] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "source",
    ["${path:shoeSize}", "${user:email}", "Sales", "${path:userName}${path:title}", ""],
)
def test_other_sources_are_not_offered(workforce: Workforce, source: str) -> None:
    create = workforce.sso.create_instance_access_control_attribute_configuration
    code, _ = error_of(create, **workforce.instance, **attributes(Team=source))
    assert code == "NotImplementedException"
    assert error_of(described_attributes, workforce)[0] == "ResourceNotFoundException"


def test_a_key_is_given_once_whatever_its_case(workforce: Workforce) -> None:
    create = workforce.sso.create_instance_access_control_attribute_configuration
    twice = attributes(team="${path:title}", Team="${path:userType}")
    assert error_of(create, **workforce.instance, **twice)[0] == "ValidationException"


@pytest.mark.parametrize(
    "target",
    [
        {"TargetType": "AWS_ACCOUNT"},
        {"TargetType": "ALL_PROVISIONED_ACCOUNTS", "TargetId": MANAGEMENT},
    ],
)
def test_the_target_must_be_told_in_one_way(
    workforce: Workforce, reader: dict[str, str], target: dict[str, str]
) -> None:
    provision = workforce.sso.provision_permission_set
    assert error_of(provision, **reader, **target)[0] == "ValidationException"


def test_an_account_of_others_is_not_found(workforce: Workforce, reader: dict[str, str]) -> None:
    code, _ = error_of(workforce.provision, reader, "999999999999")
    assert code == "ResourceNotFoundException"


def test_other_services_are_not_offered(workforce: Workforce) -> None:
    enable = boto3.client("organizations").enable_aws_service_access
    code, text = error_of(enable, ServicePrincipal="ram.amazonaws.com")
    assert (code, "ram.amazonaws.com" in text) == ("NotImplementedException", True)


def test_it_has_its_home_in_one_region(workforce: Workforce) -> None:
    elsewhere = boto3.client("sso-admin", "eu-west-1")
    assert elsewhere.list_instances()["Instances"] == []
    assert len(elsewhere.list_instances(RegionScope="ALL_REGIONS")["Instances"]) == 1
    refused = error_of(elsewhere.list_permission_sets, **workforce.instance)
    assert refused == ("AccessDeniedException", NO_ACCESS)


def test_a_stranger_does_not_see_it(workforce: Workforce) -> None:
    outside = stranger().client("sso-admin")
    assert outside.list_instances()["Instances"] == []
    refused = error_of(outside.describe_instance, **workforce.instance)
    assert refused == ("AccessDeniedException", NO_ACCESS)


def test_a_management_account_makes_none(workforce: Workforce) -> None:
    refused = error_of(workforce.sso.create_instance)
    text = "Organization management account is not allowed to perform the operation."
    assert refused == ("AccessDeniedException", text)


def test_applications_are_not_offered(workforce: Workforce) -> None:
    code, text = error_of(workforce.sso.list_applications, **workforce.instance)
    assert (code, "ListApplications" in text) == ("NotImplementedException", True)


def test_an_unknown_request_is_not_found(workforce: Workforce) -> None:
    describe = workforce.sso.describe_account_assignment_creation_status
    asked = {"AccountAssignmentCreationRequestId": NOBODY}
    code, _ = error_of(describe, **workforce.instance, **asked)
    assert code == "ResourceNotFoundException"
