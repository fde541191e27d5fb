"""An assignment becomes a role in the account; the last one takes the role with it.

Source: IAM Identity Center API Reference; User Guide, "IAM roles created by IAM Identity Center".
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cloud.accounts import Account
from tests.cloud.sts_words import error_of
from tests.cloud.workforce import MANAGEMENT, NOBODY, READ_ONLY, Workforce, allowing

PATH = "/aws-reserved/sso.amazonaws.com/"


@pytest.fixture
def shop(workforce: Workforce) -> Account:
    return workforce.company.new_account("shop")


def roles_in(account: Account) -> list[dict[str, Any]]:
    return account.client("iam").list_roles(PathPrefix=PATH)["Roles"]


class TestRefusals:
    def test_an_account_of_others_is_not_found(self, workforce: Workforce) -> None:
        reader, user_id = workforce.new_permission_set("Reader"), workforce.new_user("ann")
        code, text = error_of(workforce.assign, reader, user_id, "999999999999")
        assert (code, "999999999999" in text) == ("ResourceNotFoundException", True)

    @pytest.mark.parametrize("kind", ["USER", "GROUP"])
    def test_nobody_is_assigned_nothing(
        self, workforce: Workforce, shop: Account, kind: str
    ) -> None:
        reader = workforce.new_permission_set("Reader")
        ended = workforce.assign(reader, NOBODY, shop.id, kind)
        whom = f"the {kind} assignee {NOBODY} was not found in directory {workforce.store_id}"
        assert ended["Status"] == "FAILED"
        assert ended["FailureReason"] == f"Received a 404 status error: {whom}"
        assert roles_in(shop) == []

    def test_a_user_is_no_group(self, workforce: Workforce, shop: Account) -> None:
        reader, user_id = workforce.new_permission_set("Reader"), workforce.new_user("ann")
        assert workforce.assign(reader, user_id, shop.id, "GROUP")["Status"] == "FAILED"

    def test_a_boundary_that_the_account_lacks_makes_no_role(
        self, workforce: Workforce, shop: Account
    ) -> None:
        reader, user_id = workforce.new_permission_set("Reader"), workforce.new_user("ann")
        limits = {"CustomerManagedPolicyReference": {"Name": "limits"}}
        workforce.sso.put_permissions_boundary_to_permission_set(
            **reader, PermissionsBoundary=limits
        )
        ended = workforce.assign(reader, user_id, shop.id)
        assert "Not supported policy" in ended["FailureReason"]
        assert roles_in(shop) == []

    def test_a_policy_that_the_account_lacks_makes_no_role(
        self, workforce: Workforce, shop: Account
    ) -> None:
        reader, user_id = workforce.new_permission_set("Reader"), workforce.new_user("ann")
        workforce.iam.create_policy(PolicyName="limits", PolicyDocument=allowing("s3:*"))
        workforce.sso.attach_customer_managed_policy_reference_to_permission_set(
            **reader, CustomerManagedPolicyReference={"Name": "limits"}
        )
        ended = workforce.assign(reader, user_id, shop.id)
        lacking = f"Not supported policy arn:aws:iam::{shop.id}:policy/limits."
        assert ended["FailureReason"] == f"Received a 404 status error: {lacking}"
        assert roles_in(shop) == []
        assert shop.client("iam").list_saml_providers()["SAMLProviderList"] == []
        found = workforce.sso.list_account_assignments(**reader, AccountId=shop.id)
        assert found["AccountAssignments"] == []
        assert workforce.assign(reader, user_id, MANAGEMENT)["Status"] == "SUCCEEDED"

    def test_what_was_not_assigned_is_not_taken_away(
        self, workforce: Workforce, shop: Account
    ) -> None:
        reader, user_id = workforce.new_permission_set("Reader"), workforce.new_user("ann")
        ended = workforce.unassign(reader, user_id, shop.id)
        assert ended["Status"] == "FAILED"
        text = "Received a 404 status error: EntitlementItem doesn't exist"
        assert ended["FailureReason"].startswith(text)

    def test_the_first_answer_says_that_it_is_not_done(self, workforce: Workforce) -> None:
        reader, user_id = workforce.new_permission_set("Reader"), workforce.new_user("ann")
        begun = workforce.sso.create_account_assignment(
            **reader, **workforce.target(user_id, MANAGEMENT)
        )
        assert begun["AccountAssignmentCreationStatus"]["Status"] == "IN_PROGRESS"


class TestTheRole:
    def test_it_is_what_the_permission_set_says(self, workforce: Workforce, shop: Account) -> None:
        document = allowing("s3:GetObject")
        reader = workforce.new_permission_set("Reader", document, SessionDuration="PT4H")
        workforce.sso.attach_managed_policy_to_permission_set(**reader, ManagedPolicyArn=READ_ONLY)
        shop.client("iam").create_policy(PolicyName="limits", PolicyDocument=allowing("s3:*"))
        limits = {"CustomerManagedPolicyReference": {"Name": "limits"}}
        workforce.sso.put_permissions_boundary_to_permission_set(
            **reader, PermissionsBoundary=limits
        )
        assert workforce.assign(reader, workforce.new_user("ann"), shop.id)["Status"] == "SUCCEEDED"

        (role,) = roles_in(shop)
        assert re.fullmatch(r"AWSReservedSSO_Reader_[0-9a-f]{16}", role["RoleName"])
        assert role["Arn"] == f"arn:aws:iam::{shop.id}:role{PATH}{role['RoleName']}"
        assert role["MaxSessionDuration"] == 4 * 3600
        iam, named = shop.client("iam"), {"RoleName": role["RoleName"]}
        inline = iam.get_role_policy(**named, PolicyName="AwsSSOInlinePolicy")
        assert inline["PolicyDocument"]["Statement"][0]["Action"] == ["s3:GetObject"]
        attached = iam.list_attached_role_policies(**named)["AttachedPolicies"]
        assert [each["PolicyArn"] for each in attached] == [READ_ONLY]
        boundary = iam.get_role(**named)["Role"]["PermissionsBoundary"]
        assert boundary["PermissionsBoundaryArn"] == f"arn:aws:iam::{shop.id}:policy/limits"

    def test_it_trusts_the_instance_s_provider_only(
        self, workforce: Workforce, shop: Account
    ) -> None:
        for name in ("Reader", "Writer"):
            workforce.assign(
                workforce.new_permission_set(name), workforce.new_user(name.lower()), shop.id
            )
        (provider,) = shop.client("iam").list_saml_providers()["SAMLProviderList"]
        name = provider["Arn"].rpartition("/")[2]
        assert re.fullmatch(r"AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE", name)
        for role in roles_in(shop):
            (trusted,) = role["AssumeRolePolicyDocument"]["Statement"]
            assert trusted["Principal"] == {"Federated": provider["Arn"]}
            assert trusted["Action"] == ["sts:AssumeRoleWithSAML", "sts:TagSession"]
            audience = "https://signin.aws.amazon.com/saml"
            assert trusted["Condition"] == {"StringEquals": {"SAML:aud": audience}}
        document = shop.client("iam").get_saml_provider(SAMLProviderArn=provider["Arn"])
        assert "portal.sso.us-east-1.amazonaws.com" in document["SAMLMetadataDocument"]

    def test_two_assignments_share_one_role(self, workforce: Workforce, shop: Account) -> None:
        reader = workforce.new_permission_set("Reader")
        ann = workforce.new_user("ann")
        team = workforce.new_group("team")
        workforce.assign(reader, ann, shop.id)
        workforce.assign(reader, team, shop.id, "GROUP")
        workforce.assign(reader, ann, shop.id)
        assert len(roles_in(shop)) == 1
        found = workforce.sso.list_account_assignments(**reader, AccountId=shop.id)
        assert len(found["AccountAssignments"]) == 2

    def test_the_last_assignment_takes_it_along(self, workforce: Workforce, shop: Account) -> None:
        reader = workforce.new_permission_set("Reader", allowing("s3:GetObject"))
        workforce.sso.attach_managed_policy_to_permission_set(**reader, ManagedPolicyArn=READ_ONLY)
        ann, bob = workforce.new_user("ann"), workforce.new_user("bob")
        for user_id in (ann, bob):
            workforce.assign(reader, user_id, shop.id)
        workforce.unassign(reader, ann, shop.id)
        assert len(roles_in(shop)) == 1
        assert workforce.unassign(reader, bob, shop.id)["Status"] == "SUCCEEDED"
        assert roles_in(shop) == []

    def test_a_policy_in_use_by_it_is_not_deleted(
        self, workforce: Workforce, shop: Account
    ) -> None:
        iam = shop.client("iam")
        made = iam.create_policy(PolicyName="limits", PolicyDocument=allowing("s3:*"))
        arn = made["Policy"]["Arn"]
        reader, ann = workforce.new_permission_set("Reader"), workforce.new_user("ann")
        workforce.sso.attach_customer_managed_policy_reference_to_permission_set(
            **reader, CustomerManagedPolicyReference={"Name": "limits"}
        )
        workforce.assign(reader, ann, shop.id)
        assert error_of(iam.delete_policy, PolicyArn=arn)[0] == "DeleteConflict"
        workforce.unassign(reader, ann, shop.id)
        iam.delete_policy(PolicyArn=arn)


class TestLists:
    def test_a_user_has_what_his_groups_have(self, workforce: Workforce, shop: Account) -> None:
        ann, bob = workforce.new_user("ann"), workforce.new_user("bob")
        team = workforce.new_group("team", ann)
        reader, writer = (workforce.new_permission_set(name) for name in ("Reader", "Writer"))
        workforce.assign(reader, team, shop.id, "GROUP")
        workforce.assign(writer, ann, MANAGEMENT)

        def held(user_id: str, **more: Any) -> list[tuple[str, str]]:
            found = workforce.sso.list_account_assignments_for_principal(
                **workforce.instance, PrincipalId=user_id, PrincipalType="USER", **more
            )
            return [(one["AccountId"], one["PrincipalType"]) for one in found["AccountAssignments"]]

        assert held(ann) == [(shop.id, "GROUP"), (MANAGEMENT, "USER")]
        assert held(ann, Filter={"AccountId": MANAGEMENT}) == [(MANAGEMENT, "USER")]
        assert held(bob) == []

    def test_requests_are_listed_by_how_they_ended(self, workforce: Workforce) -> None:
        reader, ann = workforce.new_permission_set("Reader"), workforce.new_user("ann")
        workforce.assign(reader, NOBODY, MANAGEMENT)
        workforce.assign(reader, ann, MANAGEMENT)
        workforce.unassign(reader, ann, MANAGEMENT)
        listed = workforce.sso.list_account_assignment_creation_status
        found = listed(**workforce.instance)["AccountAssignmentsCreationStatus"]
        assert [each["Status"] for each in found] == ["FAILED", "SUCCEEDED"]
        failed = listed(**workforce.instance, Filter={"Status": "FAILED"})
        assert len(failed["AccountAssignmentsCreationStatus"]) == 1
        deleted = workforce.sso.list_account_assignment_deletion_status(**workforce.instance)
        assert len(deleted["AccountAssignmentsDeletionStatus"]) == 1
