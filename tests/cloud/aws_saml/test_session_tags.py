"""Session tags and the source identity that a directory gives a session."""

from __future__ import annotations

import json

import boto3
import pytest

from tests.cloud.aws_saml.directory import ACCOUNT, NAMES, Directory, assume, trust
from tests.cloud.sts_words import client, error_of

TAGGED = {f"{NAMES}PrincipalTag:team": ["red"], f"{NAMES}PrincipalTag:cost": ["7"]}
BOTH = ("sts:AssumeRoleWithSAML", "sts:TagSession")


def retrust(document: str) -> None:
    boto3.client("iam").update_assume_role_policy(RoleName="Engineer", PolicyDocument=document)


def allow(*statements: dict[str, object]) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    boto3.client("iam").put_role_policy(RoleName="Engineer", PolicyName="own", PolicyDocument=text)


def test_tags_need_a_permission_of_their_own(directory: Directory) -> None:
    refused = error_of(assume, directory.response(TAGGED))
    assert refused == ("AccessDenied", "Not authorized to perform sts:TagSession")
    retrust(trust(*BOTH))
    assert assume(directory.response(TAGGED))


def test_a_trust_policy_can_say_which_tags(directory: Directory) -> None:
    retrust(trust(*BOTH, StringEquals={"aws:RequestTag/team": "blue"}))
    assert error_of(assume, directory.response(TAGGED))[0] == "AccessDenied"
    retrust(trust(*BOTH, StringEquals={"aws:RequestTag/team": "red"}))
    assert assume(directory.response(TAGGED))


def test_tags_are_what_policies_see_of_the_user(directory: Directory) -> None:
    retrust(trust(*BOTH))
    allow(
        {
            "Effect": "Allow",
            "Action": "s3:CreateBucket",
            "Resource": "arn:aws:s3:::${aws:PrincipalTag/team}-*",
        }
    )
    s3 = client("s3", assume(directory.response(TAGGED))["Credentials"])
    assert error_of(s3.create_bucket, Bucket="blue-team-bucket")[0] == "AccessDenied"
    s3.create_bucket(Bucket="red-team-bucket")


@pytest.mark.parametrize("value", ["*", "${aws:username}", "re?"])
def test_a_tag_is_never_a_wildcard(value: str, directory: Directory) -> None:
    retrust(trust(*BOTH))
    refused = error_of(assume, directory.response({f"{NAMES}PrincipalTag:team": [value]}))
    assert refused[0] == "ValidationError"


@pytest.mark.parametrize(
    "attributes",
    [
        {f"{NAMES}PrincipalTag:team": ["red", "blue"]},
        {f"{NAMES}PrincipalTag:team": ["red"], f"{NAMES}PrincipalTag:TEAM": ["blue"]},
        {f"{NAMES}PrincipalTag:": ["red"]},
        {f"{NAMES}PrincipalTag:aws:x": ["red"]},
        {f"{NAMES}PrincipalTag:team": ["x" * 257]},
        {f"{NAMES}PrincipalTag:team": ["red"], f"{NAMES}TransitiveTagKeys": ["other"]},
        {f"{NAMES}PrincipalTag:t{n}": ["x"] for n in range(51)},
    ],
)
def test_tags_that_no_session_may_have_are_refused(
    attributes: dict[str, list[str]], directory: Directory
) -> None:
    retrust(trust(*BOTH))
    code, _ = error_of(assume, directory.response(attributes))
    assert code in ("InvalidIdentityToken", "ValidationError", "InvalidParameterValue")


def test_only_transitive_tags_go_along_to_the_next_role(directory: Directory) -> None:
    retrust(trust(*BOTH))
    allow({"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": "*"})
    iam = boto3.client("iam")
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    actions = ["sts:AssumeRole", "sts:TagSession"]
    text = [{"Effect": "Allow", "Principal": principal, "Action": actions}]
    iam.create_role(
        RoleName="Next",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": text}),
    )
    bucket = {"Effect": "Allow", "Action": "s3:CreateBucket"}
    named = bucket | {"Resource": "arn:aws:s3:::${aws:PrincipalTag/team}-${aws:PrincipalTag/cost}"}
    one = bucket | {"Resource": "arn:aws:s3:::only-${aws:PrincipalTag/team}"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [named, one]})
    iam.put_role_policy(RoleName="Next", PolicyName="own", PolicyDocument=text)
    document = directory.response({**TAGGED, f"{NAMES}TransitiveTagKeys": ["team"]})
    sts = client("sts", assume(document)["Credentials"])
    chained = sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/Next", RoleSessionName="next")
    s3 = client("s3", chained["Credentials"])
    assert error_of(s3.create_bucket, Bucket="red-7")[0] == "AccessDenied"
    s3.create_bucket(Bucket="only-red")


def test_a_source_identity_needs_a_permission_of_its_own_and_stays(directory: Directory) -> None:
    document = directory.response({f"{NAMES}SourceIdentity": ["alice.anders"]})
    refused = error_of(assume, document)
    assert refused == ("AccessDenied", "Not authorized to perform sts:SetSourceIdentity")
    retrust(trust("sts:AssumeRoleWithSAML", "sts:SetSourceIdentity"))
    answer = assume(document)
    assert answer["SourceIdentity"] == "alice.anders"
    allow(
        {
            "Effect": "Allow",
            "Action": "s3:ListAllMyBuckets",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceIdentity": "alice.anders"}},
        }
    )
    client("s3", answer["Credentials"]).list_buckets()


@pytest.mark.parametrize("value", ["a", "aws:alice", "Alice Anders", "x" * 65])
def test_a_source_identity_of_another_form_is_refused(value: str, directory: Directory) -> None:
    retrust(trust("sts:AssumeRoleWithSAML", "sts:SetSourceIdentity"))
    text = 'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'
    document = directory.response({f"{NAMES}SourceIdentity": [value]})
    assert error_of(assume, document) == ("InvalidIdentityToken", text)
