"""A company that uses IAM Identity Center: an organization, its instance, people and groups."""

from __future__ import annotations

import json
from typing import Any

import boto3
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.cloud.accounts import Company

MANAGEMENT = "123456789012"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
NOBODY = "00000000-0000-0000-0000-000000000000"
NO_ACCESS = "You do not have sufficient access to perform this action."


def allowing(*actions: str, resource: str | list[str] = "*") -> str:
    """A policy document that allows actions."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Workforce:
    """Clients of the management account, and what a test asks them for again and again."""

    def __init__(self) -> None:
        self.company = Company()
        organizations = boto3.client("organizations")
        organizations.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
        self.sso = boto3.client("sso-admin")
        self.store = boto3.client("identitystore")
        self.iam = boto3.client("iam")
        found = self.sso.list_instances()["Instances"][0]
        self.instance = {"InstanceArn": found["InstanceArn"]}
        self.store_id = found["IdentityStoreId"]
        self.in_store = {"IdentityStoreId": self.store_id}

    def new_user(self, name: str, **members: Any) -> str:
        """The id of a new user."""
        names = {"GivenName": name.capitalize(), "FamilyName": "Example"}
        standard = {"DisplayName": name.capitalize(), "Name": names}
        addresses = [{"Value": f"{name}@example.com", "Type": "work", "Primary": True}]
        given = {"UserName": name, "Emails": addresses, **standard, **members}
        return self.store.create_user(**self.in_store, **given)["UserId"]

    def new_group(self, name: str, *user_ids: str) -> str:
        """The id of a new group with these members."""
        group_id = self.store.create_group(**self.in_store, DisplayName=name)["GroupId"]
        for user_id in user_ids:
            self.join(group_id, user_id)
        return group_id

    def join(self, group_id: str, user_id: str) -> str:
        """The id of a user's new membership in a group."""
        member = {"GroupId": group_id, "MemberId": {"UserId": user_id}}
        return self.store.create_group_membership(**self.in_store, **member)["MembershipId"]

    def new_permission_set(self, name: str, inline: str = "", **members: Any) -> dict[str, str]:
        """What names a new permission set, in every call about it."""
        made = self.sso.create_permission_set(**self.instance, Name=name, **members)
        named = {**self.instance, "PermissionSetArn": made["PermissionSet"]["PermissionSetArn"]}
        if inline:
            self.sso.put_inline_policy_to_permission_set(**named, InlinePolicy=inline)
        return named

    def target(self, principal_id: str, account: str, kind: str = "USER") -> dict[str, str]:
        """The members of an assignment beside the permission set."""
        principal = {"PrincipalType": kind, "PrincipalId": principal_id}
        return {"TargetId": account, "TargetType": "AWS_ACCOUNT", **principal}

    def assign(
        self, permission_set: dict[str, str], principal_id: str, account: str, kind: str = "USER"
    ) -> dict[str, Any]:
        """How the creation of an assignment ended."""
        target = self.target(principal_id, account, kind)
        begun = self.sso.create_account_assignment(**permission_set, **target)
        request = begun["AccountAssignmentCreationStatus"]["RequestId"]
        ended = self.sso.describe_account_assignment_creation_status(
            **self.instance, AccountAssignmentCreationRequestId=request
        )
        return ended["AccountAssignmentCreationStatus"]

    def unassign(
        self, permission_set: dict[str, str], principal_id: str, account: str, kind: str = "USER"
    ) -> dict[str, Any]:
        """How the deletion of an assignment ended."""
        target = self.target(principal_id, account, kind)
        begun = self.sso.delete_account_assignment(**permission_set, **target)
        request = begun["AccountAssignmentDeletionStatus"]["RequestId"]
        ended = self.sso.describe_account_assignment_deletion_status(
            **self.instance, AccountAssignmentDeletionRequestId=request
        )
        return ended["AccountAssignmentDeletionStatus"]

    def provision(self, permission_set: dict[str, str], account: str = "") -> dict[str, Any]:
        """How a provisioning ended: into one account, or again into all that have it."""
        target = {"TargetType": "AWS_ACCOUNT", "TargetId": account}
        everywhere = {"TargetType": "ALL_PROVISIONED_ACCOUNTS"}
        begun = self.sso.provision_permission_set(
            **permission_set, **(target if account else everywhere)
        )
        request = begun["PermissionSetProvisioningStatus"]["RequestId"]
        ended = self.sso.describe_permission_set_provisioning_status(
            **self.instance, ProvisionPermissionSetRequestId=request
        )
        return ended["PermissionSetProvisioningStatus"]


_TARGETS = {
    "identitystore": "AWSIdentityStore",
    "organizations": "AWSOrganizationsV20161128",
    "sso": "SWBExternalService",
}


def raw(service: str, operation: str, body: bytes) -> requests.Response:
    """The answer to a signed request with whatever body; `service` is the signing name."""
    url = f"https://{service}.us-east-1.amazonaws.com/"
    headers = {
        "X-Amz-Target": f"{_TARGETS[service]}.{operation}",
        "Content-Type": "application/x-amz-json-1.1",
    }
    request = AWSRequest("POST", url, headers, body)
    SigV4Auth(Credentials("test", "test"), service, "us-east-1").add_auth(request)
    return requests.post(url, data=body, headers=dict(request.headers.items()))


def attributes(**sources: str) -> dict[str, Any]:
    """The configuration of attributes for access control with these sources, by key."""
    listed = [{"Key": key, "Value": {"Source": [source]}} for key, source in sources.items()]
    return {"InstanceAccessControlAttributeConfiguration": {"AccessControlAttributes": listed}}


def described_attributes(workforce: Workforce) -> Any:
    """The attributes for access control that are on."""
    describe = workforce.sso.describe_instance_access_control_attribute_configuration
    found = describe(**workforce.instance)["InstanceAccessControlAttributeConfiguration"]
    return found["AccessControlAttributes"]
