"""AWS managed policies: known to every account, changed by none."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from helpers import lab
from tests.cloud.sts_words import client, error_of, new_role, new_user, policy, statement, trusting

READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
IN_A_PATH = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
EVERYTHING = json.dumps(policy(statement("*")))


@pytest.fixture
def iam(cloud: lab.Cloud) -> Any:
    return boto3.client("iam")


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::aws:policy/NoSuchPolicy",
        "arn:aws:iam::aws:policy/ViewOnlyAccess",
        "arn:aws:iam::999999999999:policy/AmazonS3ReadOnlyAccess",
    ],
)
def test_one_that_aws_does_not_have(iam: Any, arn: str) -> None:
    new_user("alice")
    attach = iam.attach_user_policy
    assert error_of(attach, UserName="alice", PolicyArn=arn)[0] == "NoSuchEntity"


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("delete_policy", {}),
        ("create_policy_version", {"PolicyDocument": EVERYTHING, "SetAsDefault": True}),
        ("delete_policy_version", {"VersionId": "v1"}),
        ("set_default_policy_version", {"VersionId": "v1"}),
        ("tag_policy", {"Tags": [{"Key": "team", "Value": "blue"}]}),
        ("untag_policy", {"TagKeys": ["team"]}),
    ],
)
def test_nobody_changes_one(iam: Any, operation: str, more: dict[str, Any]) -> None:
    refused = error_of(getattr(iam, operation), PolicyArn=READ_ONLY, **more)
    assert refused == ("AccessDenied", "Policy is outside your own account.")


def test_it_allows_what_it_says(iam: Any) -> None:
    keys = new_user("alice")
    assert error_of(client("s3", keys).list_buckets)[0] == "AccessDenied"
    iam.attach_user_policy(UserName="alice", PolicyArn=READ_ONLY)
    client("s3", keys).list_buckets()
    assert error_of(client("s3", keys).create_bucket, Bucket="new")[0] == "AccessDenied"


def test_its_document_can_be_read(iam: Any) -> None:
    described = iam.get_policy(PolicyArn=IN_A_PATH)["Policy"]
    version = described["DefaultVersionId"]
    text = iam.get_policy_version(PolicyArn=IN_A_PATH, VersionId=version)["PolicyVersion"]
    assert described["Arn"] == IN_A_PATH
    assert text["Document"]["Version"] == "2012-10-17"


def test_it_can_be_a_boundary(iam: Any) -> None:
    keys = new_user("alice", policy(statement("s3:*")))
    iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=READ_ONLY)
    client("s3", keys).list_buckets()
    assert error_of(client("s3", keys).create_bucket, Bucket="new")[0] == "AccessDenied"


def test_no_boundary_is_kept_by_another_account(iam: Any) -> None:
    theirs = "arn:aws:iam::999999999999:policy/loose"
    new_user("alice")
    trusted = trusting("arn:aws:iam::123456789012:root")
    role = {"RoleName": "r", "AssumeRolePolicyDocument": json.dumps(trusted)}
    new_role("old", trusted)
    for act, arguments in (
        (iam.create_role, role),
        (iam.create_user, {"UserName": "bob"}),
        (iam.put_role_permissions_boundary, {"RoleName": "old"}),
        (iam.put_user_permissions_boundary, {"UserName": "alice"}),
    ):
        refused = error_of(act, PermissionsBoundary=theirs, **arguments)
        assert refused[0] == "NoSuchEntity"
