"""Permission sets and what is in them.

Source: IAM Identity Center API Reference; User Guide, "Quotas".
"""

from __future__ import annotations

import pytest

from helpers.cloud.identity_center import permission_sets
from tests.cloud.sts_words import client, error_of, new_user, policy, statement
from tests.cloud.workforce import MANAGEMENT, READ_ONLY, Workforce, allowing


class TestPermissionSets:
    def test_a_name_is_taken_once(self, workforce: Workforce) -> None:
        workforce.new_permission_set("Reader")
        refused = error_of(workforce.new_permission_set, "Reader")
        assert refused == ("ConflictException", "PermissionSet with name Reader already exists.")

    def test_there_is_an_end_of_them(
        self, workforce: Workforce, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(permission_sets, "_MOST", 1)
        workforce.new_permission_set("Reader")
        refused = error_of(workforce.new_permission_set, "Writer")
        assert refused[0] == "ServiceQuotaExceededException"

    def test_it_is_described_as_made_and_changed(self, workforce: Workforce) -> None:
        reader = workforce.new_permission_set("Reader", Description="reads")
        found = workforce.sso.describe_permission_set(**reader)["PermissionSet"]
        assert (found["SessionDuration"], found["Description"]) == ("PT1H", "reads")
        workforce.sso.update_permission_set(**reader, SessionDuration="PT12H")
        found = workforce.sso.describe_permission_set(**reader)["PermissionSet"]
        assert (found["SessionDuration"], found["Description"]) == ("PT12H", "reads")

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
