"""Who may assign access, and what nobody may: change the roles, or rise by assigning.

Source: Service Authorization Reference, "AWS IAM Identity Center"; AWS Managed Policy Reference,
AWSSSOServiceRolePolicy.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.client import BaseClient

from tests.cloud.accounts import Account
from tests.cloud.sts_words import client, error_of, new_user, policy, statement
from tests.cloud.workforce import MANAGEMENT, READ_ONLY, Workforce, allowing

ACCOUNTS = "arn:aws:sso:::account"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
RESERVED = f"arn:aws:iam::{MANAGEMENT}:role/aws-reserved/sso.amazonaws.com/*"


@pytest.fixture
def shop(workforce: Workforce) -> Account:
    return workforce.company.new_account("shop")


def helper(*statements: dict[str, Any]) -> BaseClient:
    return client("sso-admin", new_user("desk", policy(*statements)))


class TestAssigning:
    def test_who_may_assign_in_one_account_may_not_in_another(
        self, workforce: Workforce, shop: Account
    ) -> None:
        reader, ann = workforce.new_permission_set("Reader"), workforce.new_user("ann")
        kinds = ["arn:aws:sso:::instance/*", "arn:aws:sso:::permissionSet/*"]
        desk = helper(statement("sso:*", Resource=[*kinds, f"{ACCOUNTS}/{shop.id}"]))
        desk.create_account_assignment(**reader, **workforce.target(ann, shop.id))
        code, text = error_of(
            desk.create_account_assignment, **reader, **workforce.target(ann, MANAGEMENT)
        )
        assert code == "AccessDeniedException"
        assert f"sso:CreateAccountAssignment on resource: {ACCOUNTS}/{MANAGEMENT}" in text

    def test_who_may_assign_one_permission_set_may_not_another(
        self, workforce: Workforce, shop: Account
    ) -> None:
        reader, admin = (workforce.new_permission_set(name) for name in ("Reader", "Admin"))
        ann = workforce.new_user("ann")
        rest = ["arn:aws:sso:::instance/*", f"{ACCOUNTS}/*"]
        desk = helper(statement("sso:*", Resource=[*rest, reader["PermissionSetArn"]]))
        target = workforce.target(ann, shop.id)
        desk.create_account_assignment(**reader, **target)
        assert error_of(desk.create_account_assignment, **admin, **target)[0] == (
            "AccessDeniedException"
        )


class TestTheManagementAccount:
    """There Identity Center acts with the caller's rights, not with its own."""

    def ended(
        self, workforce: Workforce, desk: BaseClient, named: dict[str, str]
    ) -> dict[str, Any]:
        target = workforce.target(workforce.new_user("ann"), MANAGEMENT)
        begun = desk.create_account_assignment(**named, **target)
        request = begun["AccountAssignmentCreationStatus"]["RequestId"]
        ended = workforce.sso.describe_account_assignment_creation_status(
            **workforce.instance, AccountAssignmentCreationRequestId=request
        )
        return ended["AccountAssignmentCreationStatus"]

    def test_nobody_makes_himself_an_administrator(self, workforce: Workforce) -> None:
        admin = workforce.new_permission_set("Admin")
        workforce.sso.attach_managed_policy_to_permission_set(
            **admin, ManagedPolicyArn=ADMINISTRATOR
        )
        desk = helper(statement("sso:*", "identitystore:*"))
        ended = self.ended(workforce, desk, admin)
        assert ended["Status"] == "FAILED"
        reason = ended["FailureReason"]
        assert reason.startswith("Received a 403 status error: Access denied by IAM.")
        assert "user/desk is not authorized to perform: iam:CreateSAMLProvider" in reason
        assert workforce.iam.list_roles()["Roles"] == []
        assert workforce.iam.list_saml_providers()["SAMLProviderList"] == []

    @pytest.mark.parametrize(
        ("lacking", "allowed"),
        [
            ("iam:CreateRole", ["iam:CreateSAMLProvider"]),
            ("iam:AttachRolePolicy", ["iam:CreateSAMLProvider", "iam:CreateRole"]),
            (
                "iam:PutRolePolicy",
                ["iam:CreateSAMLProvider", "iam:CreateRole", "iam:AttachRolePolicy"],
            ),
        ],
    )
    def test_each_step_must_be_allowed(
        self, workforce: Workforce, lacking: str, allowed: list[str]
    ) -> None:
        reader = workforce.new_permission_set("Reader", allowing("s3:GetObject"))
        workforce.sso.attach_managed_policy_to_permission_set(**reader, ManagedPolicyArn=READ_ONLY)
        ended = self.ended(workforce, helper(statement("sso:*"), statement(*allowed)), reader)
        assert f"not authorized to perform: {lacking}" in ended["FailureReason"]

    def test_which_policies_may_be_attached_is_asked(self, workforce: Workforce) -> None:
        only_reading = {"ArnEquals": {"iam:PolicyARN": READ_ONLY}}
        desk = helper(
            statement("sso:*"),
            statement("iam:CreateSAMLProvider"),
            statement("iam:CreateRole", Resource=RESERVED),
            statement("iam:AttachRolePolicy", Resource=RESERVED, Condition=only_reading),
        )
        admin, reader = (workforce.new_permission_set(name) for name in ("Admin", "Reader"))
        attach = workforce.sso.attach_managed_policy_to_permission_set
        attach(**admin, ManagedPolicyArn=ADMINISTRATOR)
        attach(**reader, ManagedPolicyArn=READ_ONLY)
        target = workforce.target(workforce.new_user("bob"), MANAGEMENT)
        desk.create_account_assignment(**admin, **target)
        desk.create_account_assignment(**reader, **target)
        (role,) = workforce.iam.list_roles()["Roles"]
        assert role["RoleName"].startswith("AWSReservedSSO_Reader_")

    def test_what_denies_is_not_taken_off_by_who_may_only_attach(
        self, workforce: Workforce
    ) -> None:
        everything = [f"iam:{verb}" for verb in ("Create*", "Attach*", "Put*", "Update*")]
        desk = helper(statement("sso:*"), statement(*everything))
        sso, steps = workforce.sso, []
        reader = workforce.new_permission_set("Reader", allowing("s3:GetObject"))
        sso.attach_managed_policy_to_permission_set(**reader, ManagedPolicyArn=READ_ONLY)
        sso.put_permissions_boundary_to_permission_set(
            **reader, PermissionsBoundary={"ManagedPolicyArn": READ_ONLY}
        )
        assert self.ended(workforce, desk, reader)["Status"] == "SUCCEEDED"
        for take_off, named, lacking in (
            (sso.delete_inline_policy_from_permission_set, {}, "iam:DeleteRolePolicy"),
            (
                sso.detach_managed_policy_from_permission_set,
                {"ManagedPolicyArn": READ_ONLY},
                "iam:DetachRolePolicy",
            ),
            (
                sso.delete_permissions_boundary_from_permission_set,
                {},
                "iam:DeleteRolePermissionsBoundary",
            ),
        ):
            take_off(**reader, **named)
            desk.provision_permission_set(**reader, TargetType="ALL_PROVISIONED_ACCOUNTS")
            listed = sso.list_permission_set_provisioning_status(**workforce.instance)
            request = listed["PermissionSetsProvisioningStatus"][-1]["RequestId"]
            ended = sso.describe_permission_set_provisioning_status(
                **workforce.instance, ProvisionPermissionSetRequestId=request
            )["PermissionSetProvisioningStatus"]
            steps.append((ended["Status"], lacking in ended["FailureReason"]))
            assert workforce.provision(reader)["Status"] == "SUCCEEDED"
        assert steps == [("FAILED", True)] * 3

    def test_who_may_only_by_way_of_identity_center_is_told_apart(
        self, workforce: Workforce
    ) -> None:
        through_a_service = {"Bool": {"aws:ViaAWSService": "true"}}
        desk = helper(statement("sso:*"), statement("iam:*", Condition=through_a_service))
        reader = workforce.new_permission_set("Reader")
        assert self.ended(workforce, desk, reader)["Status"] == "SUCCEEDED"

    def test_taking_the_role_away_must_be_allowed_too(self, workforce: Workforce) -> None:
        reader, ann = workforce.new_permission_set("Reader"), workforce.new_user("ann")
        workforce.assign(reader, ann, MANAGEMENT)
        desk = helper(statement("sso:*"))
        desk.delete_account_assignment(**reader, **workforce.target(ann, MANAGEMENT))
        assert len(workforce.iam.list_roles()["Roles"]) == 1
        code, text = error_of(desk.delete_instance, **workforce.instance)
        assert (code, "iam:DeleteRole" in text) == ("AccessDeniedException", True)
        assert workforce.unassign(reader, ann, MANAGEMENT)["Status"] == "SUCCEEDED"
        assert workforce.iam.list_roles()["Roles"] == []

    def test_in_a_member_account_identity_center_has_rights_of_its_own(
        self, workforce: Workforce, shop: Account
    ) -> None:
        reader, ann = workforce.new_permission_set("Reader"), workforce.new_user("ann")
        desk = helper(statement("sso:*"))
        desk.create_account_assignment(**reader, **workforce.target(ann, shop.id))
        assert len(shop.client("iam").list_roles(PathPrefix="/aws-reserved/")["Roles"]) == 1
