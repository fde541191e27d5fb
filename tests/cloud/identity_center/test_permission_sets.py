"""Permission sets and what is in them.

Source: IAM Identity Center API Reference; User Guide, "Quotas".
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cloud.sts_words import client, error_of, new_user, policy, statement
from tests.cloud.workforce import MANAGEMENT, READ_ONLY, Workforce, allowing, raw


class TestPermissionSets:
    def test_a_name_is_taken_once(self, workforce: Workforce) -> None:
        workforce.new_permission_set("Reader")
        refused = error_of(workforce.new_permission_set, "Reader")
        assert refused == ("ConflictException", "PermissionSet with name Reader already exists.")

    @pytest.mark.parametrize("name", ["", "n" * 33, "two words", "a/b"])
    def test_a_name_is_short_and_plain(self, workforce: Workforce, name: str) -> None:
        unchecked = client("sso-admin", workforce.company.admin, checked=False)
        code, _ = error_of(unchecked.create_permission_set, **workforce.instance, Name=name)
        assert code == "ValidationException"

    @pytest.mark.parametrize(
        "duration", ["PT59M", "PT13H", "P1D", "PT0S", "-PT2H", "2H", "PT", "P1M", "PT9999999H"]
    )
    def test_a_session_lasts_one_to_twelve_hours(self, workforce: Workforce, duration: str) -> None:
        create = workforce.new_permission_set
        assert error_of(create, "Reader", SessionDuration=duration)[0] == "ValidationException"
        kept = workforce.new_permission_set("Reader")
        change = workforce.sso.update_permission_set
        assert error_of(change, **kept, SessionDuration=duration)[0] == "ValidationException"

    def test_it_is_described_as_made_and_changed(self, workforce: Workforce) -> None:
        reader = workforce.new_permission_set("Reader", Description="reads")
        found = workforce.sso.describe_permission_set(**reader)["PermissionSet"]
        assert (found["SessionDuration"], found["Description"]) == ("PT1H", "reads")
        workforce.sso.update_permission_set(**reader, SessionDuration="PT12H")
        found = workforce.sso.describe_permission_set(**reader)["PermissionSet"]
        assert (found["SessionDuration"], found["Description"]) == ("PT12H", "reads")

    def test_an_unknown_one_is_not_found(self, workforce: Workforce) -> None:
        arn = workforce.instance["InstanceArn"].replace("instance", "permissionSet")
        unknown = {**workforce.instance, "PermissionSetArn": f"{arn}/ps-0000000000000000"}
        refused = error_of(workforce.sso.describe_permission_set, **unknown)
        text = "Could not find PermissionSet with id ps-0000000000000000"
        assert refused == ("ResourceNotFoundException", text)

    def test_one_in_use_is_not_deleted(self, workforce: Workforce) -> None:
        reader, user_id = workforce.new_permission_set("Reader"), workforce.new_user("ann")
        workforce.assign(reader, user_id, MANAGEMENT)
        refused = error_of(workforce.sso.delete_permission_set, **reader)
        text = "Could not delete because PermissionSet has ApplicationProfile associated with it."
        assert refused == ("ConflictException", text)
        workforce.unassign(reader, user_id, MANAGEMENT)
        workforce.sso.delete_permission_set(**reader)
        assert workforce.sso.list_permission_sets(**workforce.instance)["PermissionSets"] == []


class TestPolicies:
    @pytest.fixture
    def reader(self, workforce: Workforce) -> dict[str, str]:
        return workforce.new_permission_set("Reader")

    @pytest.mark.parametrize("document", ["nonsense", "{}", allowing("s3")])
    def test_what_is_no_policy_is_refused(
        self, workforce: Workforce, reader: dict[str, str], document: str
    ) -> None:
        put = workforce.sso.put_inline_policy_to_permission_set
        assert error_of(put, **reader, InlinePolicy=document)[0] == "ValidationException"

    def test_an_inline_policy_comes_and_goes(
        self, workforce: Workforce, reader: dict[str, str]
    ) -> None:
        get = workforce.sso.get_inline_policy_for_permission_set
        assert get(**reader)["InlinePolicy"] == ""
        document = allowing("s3:GetObject")
        workforce.sso.put_inline_policy_to_permission_set(**reader, InlinePolicy=document)
        assert get(**reader)["InlinePolicy"] == document
        workforce.sso.delete_inline_policy_from_permission_set(**reader)
        assert get(**reader)["InlinePolicy"] == ""

    def test_a_policy_that_aws_does_not_keep_is_not_attached(
        self, workforce: Workforce, reader: dict[str, str]
    ) -> None:
        attach = workforce.sso.attach_managed_policy_to_permission_set
        for name in ("NoSuchPolicy", "job-function/ReadOnlyAccess"):
            arn = f"arn:aws:iam::aws:policy/{name}"
            refused = error_of(attach, **reader, ManagedPolicyArn=arn)
            text = f"Policy does not exist with ARN: {arn}"
            assert refused == ("ResourceNotFoundException", text)
        own = f"arn:aws:iam::{MANAGEMENT}:policy/mine"
        assert error_of(attach, **reader, ManagedPolicyArn=own)[0] == "ValidationException"

    def test_a_policy_of_aws_is_attached_once(
        self, workforce: Workforce, reader: dict[str, str]
    ) -> None:
        attach = workforce.sso.attach_managed_policy_to_permission_set
        attach(**reader, ManagedPolicyArn=READ_ONLY)
        assert error_of(attach, **reader, ManagedPolicyArn=READ_ONLY)[0] == "ConflictException"
        found = workforce.sso.list_managed_policies_in_permission_set(**reader)
        assert found["AttachedManagedPolicies"] == [{"Name": "ReadOnlyAccess", "Arn": READ_ONLY}]
        detach = workforce.sso.detach_managed_policy_from_permission_set
        detach(**reader, ManagedPolicyArn=READ_ONLY)
        code, _ = error_of(detach, **reader, ManagedPolicyArn=READ_ONLY)
        assert code == "ResourceNotFoundException"

    def test_a_customer_s_policy_is_told_by_name_and_path(
        self, workforce: Workforce, reader: dict[str, str]
    ) -> None:
        attach = workforce.sso.attach_customer_managed_policy_reference_to_permission_set
        detach = workforce.sso.detach_customer_managed_policy_reference_from_permission_set
        given = {"CustomerManagedPolicyReference": {"Name": "limits", "Path": "/team/"}}
        other = {"CustomerManagedPolicyReference": {"Name": "limits"}}
        attach(**reader, **given)
        assert error_of(attach, **reader, **given)[0] == "ConflictException"
        assert error_of(detach, **reader, **other)[0] == "ResourceNotFoundException"
        lists = workforce.sso.list_customer_managed_policy_references_in_permission_set
        found = lists(**reader)["CustomerManagedPolicyReferences"]
        assert found == [{"Name": "limits", "Path": "/team/"}]
        detach(**reader, **given)
        assert lists(**reader)["CustomerManagedPolicyReferences"] == []

    def test_twenty_policies_are_the_limit(
        self, workforce: Workforce, reader: dict[str, str]
    ) -> None:
        attach = workforce.sso.attach_customer_managed_policy_reference_to_permission_set
        for number in range(20):
            attach(**reader, CustomerManagedPolicyReference={"Name": f"p{number}"})
        one_more = {"CustomerManagedPolicyReference": {"Name": "p20"}}
        assert error_of(attach, **reader, **one_more)[0] == "ServiceQuotaExceededException"
        managed = workforce.sso.attach_managed_policy_to_permission_set
        code, _ = error_of(managed, **reader, ManagedPolicyArn=READ_ONLY)
        assert code == "ServiceQuotaExceededException"

    @pytest.mark.parametrize(
        "boundary",
        [
            {},
            {"ManagedPolicyArn": READ_ONLY, "CustomerManagedPolicyReference": {"Name": "limits"}},
        ],
    )
    def test_a_boundary_is_one_policy(
        self, workforce: Workforce, reader: dict[str, str], boundary: dict[str, Any]
    ) -> None:
        put = workforce.sso.put_permissions_boundary_to_permission_set
        code, _ = error_of(put, **reader, PermissionsBoundary=boundary)
        assert code == "ValidationException"

    def test_a_boundary_comes_and_goes(self, workforce: Workforce, reader: dict[str, str]) -> None:
        put = workforce.sso.put_permissions_boundary_to_permission_set
        get = workforce.sso.get_permissions_boundary_for_permission_set
        assert error_of(get, **reader)[0] == "ResourceNotFoundException"
        by_name = {"CustomerManagedPolicyReference": {"Name": "limits", "Path": "/"}}
        for boundary in ({"ManagedPolicyArn": READ_ONLY}, by_name):
            put(**reader, PermissionsBoundary=boundary)
            assert get(**reader)["PermissionsBoundary"] == boundary
        workforce.sso.delete_permissions_boundary_from_permission_set(**reader)
        assert error_of(get, **reader)[0] == "ResourceNotFoundException"


class TestTags:
    def test_tags_of_aws_and_too_many_are_refused(self, workforce: Workforce) -> None:
        reader = workforce.new_permission_set("Reader")
        resource = {"ResourceArn": reader["PermissionSetArn"]}
        put = workforce.sso.tag_resource
        for tags, code in (
            ([{"Key": "AWS:team", "Value": "a"}], "ValidationException"),
            ([{"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}], "ValidationException"),
            ([{"Key": f"k{n}", "Value": ""} for n in range(51)], "ServiceQuotaExceededException"),
        ):
            assert error_of(put, **workforce.instance, **resource, Tags=tags)[0] == code
        assert workforce.sso.list_tags_for_resource(**resource)["Tags"] == []

    def test_tags_come_and_go(self, workforce: Workforce) -> None:
        team = [{"Key": "team", "Value": "red"}]
        reader = workforce.new_permission_set("Reader", Tags=team)
        for arn in (reader["PermissionSetArn"], workforce.instance["InstanceArn"]):
            resource = {"ResourceArn": arn}
            workforce.sso.tag_resource(**resource, Tags=[*team, {"Key": "cost", "Value": "1"}])
            workforce.sso.untag_resource(**resource, TagKeys=["cost"])
            assert workforce.sso.list_tags_for_resource(**resource)["Tags"] == team

    def test_a_policy_can_ask_for_the_tag(self, workforce: Workforce) -> None:
        red = workforce.new_permission_set("Red", Tags=[{"Key": "team", "Value": "red"}])
        blue = workforce.new_permission_set("Blue", Tags=[{"Key": "team", "Value": "blue"}])
        is_red = {"StringEquals": {"aws:ResourceTag/team": "red"}}
        sets = "arn:aws:sso:::permissionSet/*"
        keys = new_user(
            "lead",
            policy(
                statement("sso:DescribePermissionSet", Resource="arn:aws:sso:::instance/*"),
                statement("sso:DescribePermissionSet", Resource=sets, Condition=is_red),
            ),
        )
        describe = client("sso-admin", keys).describe_permission_set
        assert describe(**red)["PermissionSet"]["Name"] == "Red"
        assert error_of(describe, **blue)[0] == "AccessDeniedException"


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
