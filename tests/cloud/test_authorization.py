"""May they? The kinds of policy together, as boto3 sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from helpers import lab
from tests.conftest import QUICK

ACCOUNT = "123456789012"
OBJECT = "arn:aws:s3:::photos/x"
IamUser = Callable[..., boto3.Session]


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def refusal(call: Callable[..., Any], **params: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(**params)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def admin(door: lab.Cloud) -> Any:
    s3 = boto3.client("s3", config=QUICK)
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="x", Body=b"picture")
    return s3


def s3_of(session: boto3.Session) -> Any:
    return session.client("s3", config=QUICK)


GET = {"Bucket": "photos", "Key": "x"}


def test_nothing_is_allowed_until_a_policy_says_so(admin: Any, iam_user: IamUser) -> None:
    assert refusal(s3_of(iam_user("alice")).get_object, **GET) == (
        "AccessDenied",
        f"User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: s3:GetObject on "
        f'resource: "{OBJECT}" because no identity-based policy allows the s3:GetObject action',
    )
    assert s3_of(iam_user("bob", allow("s3:GetObject", OBJECT))).get_object(**GET)


def test_a_deny_wins(admin: Any, iam_user: IamUser) -> None:
    alice = iam_user("alice", allow("s3:*"), deny("s3:GetObject", OBJECT))
    assert refusal(s3_of(alice).get_object, **GET)[1].endswith(
        "with an explicit deny in an identity-based policy"
    )


def test_a_group_gives_and_takes(admin: Any, iam_user: IamUser) -> None:
    alice, iam = iam_user("alice"), boto3.client("iam")
    iam.create_group(GroupName="readers")
    iam.put_group_policy(
        GroupName="readers", PolicyName="read", PolicyDocument=document(allow("s3:GetObject"))
    )
    refusal(s3_of(alice).get_object, **GET)
    iam.add_user_to_group(GroupName="readers", UserName="alice")
    assert s3_of(alice).get_object(**GET)
    iam.remove_user_from_group(GroupName="readers", UserName="alice")
    refusal(s3_of(alice).get_object, **GET)


def test_a_managed_policy_counts_in_its_default_version(admin: Any, iam_user: IamUser) -> None:
    alice, iam = iam_user("alice"), boto3.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document(allow("s3:GetObject")))
    arn = arn["Policy"]["Arn"]
    iam.attach_user_policy(UserName="alice", PolicyArn=arn)
    assert s3_of(alice).get_object(**GET)
    iam.create_policy_version(
        PolicyArn=arn, PolicyDocument=document(deny("s3:*")), SetAsDefault=True
    )
    refusal(s3_of(alice).get_object, **GET)
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    assert s3_of(alice).get_object(**GET)


def test_a_boundary_limits_and_never_gives(admin: Any, iam_user: IamUser) -> None:
    alice, iam = iam_user("alice"), boto3.client("iam")
    policy = iam.create_policy(PolicyName="b", PolicyDocument=document(allow("s3:GetObject")))
    boundary = {"UserName": "alice", "PermissionsBoundary": policy["Policy"]["Arn"]}
    iam.put_user_permissions_boundary(**boundary)
    refusal(s3_of(alice).get_object, **GET)
    iam.put_user_policy(UserName="alice", PolicyName="all", PolicyDocument=document(allow("s3:*")))
    assert s3_of(alice).get_object(**GET)
    _, text = refusal(s3_of(alice).put_object, Body=b"", **GET)
    assert text.endswith("because no permissions boundary allows the s3:PutObject action")
    iam.delete_user_permissions_boundary(UserName="alice")
    assert s3_of(alice).put_object(Body=b"", **GET)


def test_a_boundary_must_exist(door: lab.Cloud, iam_user: IamUser) -> None:
    iam_user("alice")
    iam = boto3.client("iam", config=QUICK)
    for arn in (f"arn:aws:iam::{ACCOUNT}:policy/none", "arn:aws:iam::aws:policy/None" * 2):
        code, _ = refusal(
            iam.put_user_permissions_boundary, UserName="alice", PermissionsBoundary=arn
        )
        assert code == "NoSuchEntity"
    assert refusal(iam.delete_user_permissions_boundary, UserName="bob")[0] == "NoSuchEntity"


def put_policy(s3: Any, *statements: dict[str, Any]) -> None:
    s3.put_bucket_policy(Bucket="photos", Policy=document(*statements))


def to(*arns: str) -> dict[str, Any]:
    return {"Principal": {"AWS": list(arns)}}


def test_a_bucket_policy_lets_a_user_in(admin: Any, iam_user: IamUser) -> None:
    alice, bob = iam_user("alice"), iam_user("bob")
    put_policy(admin, allow("s3:GetObject", OBJECT, **to(f"arn:aws:iam::{ACCOUNT}:user/alice")))
    assert s3_of(alice).get_object(**GET)
    refusal(s3_of(bob).get_object, **GET)
    admin.delete_bucket_policy(Bucket="photos")
    refusal(s3_of(alice).get_object, **GET)


def test_the_account_in_a_bucket_policy_only_delegates(admin: Any, iam_user: IamUser) -> None:
    put_policy(admin, allow("s3:GetObject", OBJECT, **to(f"arn:aws:iam::{ACCOUNT}:root")))
    refusal(s3_of(iam_user("alice")).get_object, **GET)


def test_a_bucket_policy_can_deny_the_root_user(admin: Any) -> None:
    put_policy(admin, deny("s3:GetObject", OBJECT, Principal="*"))
    _, text = refusal(admin.get_object, **GET)
    assert text.endswith("with an explicit deny in a resource-based policy")


def test_the_root_user_can_always_undo_a_bucket_policy(admin: Any, iam_user: IamUser) -> None:
    everything = ["arn:aws:s3:::photos", "arn:aws:s3:::photos/*"]
    put_policy(admin, deny("s3:*", everything, Principal="*"))
    refusal(admin.list_objects_v2, Bucket="photos")
    refusal(s3_of(iam_user("alice", allow("s3:*"))).delete_bucket_policy, Bucket="photos")
    assert admin.get_bucket_policy(Bucket="photos")["Policy"]
    put_policy(admin, deny("s3:*", everything, Principal="*"))
    admin.delete_bucket_policy(Bucket="photos")
    assert admin.get_object(**GET)


def test_a_conditional_deny_denies_only_then(admin: Any, iam_user: IamUser) -> None:
    alice = s3_of(iam_user("alice", allow("s3:*")))
    secret = {"Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}}}
    put_policy(admin, deny("s3:PutObject", "arn:aws:s3:::photos/*", Principal="*", **secret))
    refusal(alice.put_object, Body=b"", **GET)
    assert alice.put_object(Body=b"", ServerSideEncryption="AES256", **GET)
    assert alice.get_object(**GET)


def test_everyone_means_everyone(admin: Any, door: lab.Cloud) -> None:
    url = f"{admin.meta.endpoint_url}/photos/x"
    assert requests.get(url).status_code == 403
    put_policy(admin, allow("s3:GetObject", OBJECT, Principal="*"))
    assert requests.get(url).content == b"picture"
    assert requests.put(url, data=b"mine").status_code == 403
    assert admin.get_bucket_policy_status(Bucket="photos")["PolicyStatus"]["IsPublic"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "[]",
        '"x"',
        "{}",
        document(),
        document(allow("s3:GetObject", OBJECT)),
        document(allow("s3:GetObject", "arn:aws:s3:::other/*", Principal="*")),
        document(allow("s3:GetObject", "arn:aws:s3:::photosx/*", Principal="*")),
        document({"Effect": "Maybe", "Action": "s3:*", "Resource": OBJECT, "Principal": "*"}),
        document(allow("s3:GetObject", OBJECT, Principal="*", Condition={"Sounds": {"a": "b"}})),
    ],
)
def test_a_malformed_bucket_policy_is_not_kept(admin: Any, text: str) -> None:
    code, message = refusal(admin.put_bucket_policy, Bucket="photos", Policy=text)
    assert code in ("MalformedPolicy", "MalformedXML", "InvalidArgument", "MissingRequestBodyError")
    assert message
    assert refusal(admin.get_bucket_policy, Bucket="photos")[0] == "NoSuchBucketPolicy"


def test_a_bucket_policy_goes_with_its_bucket(admin: Any) -> None:
    put_policy(admin, allow("s3:GetObject", OBJECT, Principal="*"))
    assert json.loads(admin.get_bucket_policy(Bucket="photos")["Policy"])["Version"] == "2012-10-17"
    admin.delete_object(**GET)
    admin.delete_bucket(Bucket="photos")
    assert refusal(admin.get_bucket_policy, Bucket="photos")[0] == "NoSuchBucket"
    admin.create_bucket(Bucket="photos")
    assert refusal(admin.get_bucket_policy, Bucket="photos")[0] == "NoSuchBucketPolicy"


def test_a_missing_key_is_told_only_to_those_who_may_list(admin: Any, iam_user: IamUser) -> None:
    reader = s3_of(iam_user("alice", allow("s3:GetObject")))
    lister = s3_of(iam_user("bob", allow(["s3:GetObject", "s3:ListBucket"])))
    missing = {"Bucket": "photos", "Key": "nothing"}
    code, text = refusal(reader.get_object, **missing)
    assert (code, 's3:ListBucket on resource: "arn:aws:s3:::photos"' in text) == (
        "AccessDenied",
        True,
    )
    assert refusal(reader.head_object, **missing)[0] == "403"
    assert refusal(lister.get_object, **missing)[0] == "NoSuchKey"
    assert refusal(lister.head_object, **missing)[0] == "404"


def test_a_batch_is_refused_key_by_key(admin: Any, iam_user: IamUser) -> None:
    admin.put_object(Bucket="photos", Key="mine/1", Body=b"")
    alice = s3_of(iam_user("alice", allow("s3:DeleteObject", "arn:aws:s3:::photos/mine/*")))
    answer = alice.delete_objects(
        Bucket="photos", Delete={"Objects": [{"Key": "mine/1"}, {"Key": "x"}]}
    )
    assert [d["Key"] for d in answer["Deleted"]] == ["mine/1"]
    assert [(e["Key"], e["Code"]) for e in answer["Errors"]] == [("x", "AccessDenied")]
    assert [o["Key"] for o in admin.list_objects_v2(Bucket="photos")["Contents"]] == ["x"]


def test_s3_names_no_resource_where_there_is_none(door: lab.Cloud, iam_user: IamUser) -> None:
    _, text = refusal(s3_of(iam_user("alice")).list_buckets)
    assert text.endswith(
        "is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy "
        "allows the s3:ListAllMyBuckets action"
    )


def test_deciding_services_answer_in_their_own_words(door: lab.Cloud, iam_user: IamUser) -> None:
    alice = iam_user("alice")
    found = {
        name: refusal(getattr(alice.client(name, config=QUICK), call), **params)[0]
        for name, call, params in [
            ("iam", "list_users", {}),
            ("dynamodb", "list_tables", {}),
            ("cognito-idp", "list_user_pools", {"MaxResults": 1}),
            ("cognito-identity", "list_identity_pools", {"MaxResults": 1}),
            ("lambda", "list_functions", {}),
        ]
    }
    assert found == {
        "iam": "AccessDenied",
        "dynamodb": "AccessDeniedException",
        "cognito-idp": "AccessDeniedException",
        "cognito-identity": "AccessDeniedException",
        "lambda": "AccessDeniedException",
    }
    assert alice.client("sts").get_caller_identity()["Arn"].endswith("user/alice")


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("identity", "not json", "MalformedPolicyDocument"),
        ("identity", "{}", "MalformedPolicyDocument"),
        ("identity", document(allow("s3:*", Principal="*")), "MalformedPolicyDocument"),
        ("identity", document(allow("everything")), "MalformedPolicyDocument"),
        ("identity", document(allow("s3:*", "photos")), "MalformedPolicyDocument"),
        ("trust", document(allow("sts:AssumeRole", Principal="*")), "MalformedPolicyDocument"),
        (
            "trust",
            document({"Effect": "Allow", "Action": "sts:AssumeRole"}),
            "MalformedPolicyDocument",
        ),
    ],
)
def test_a_malformed_document_is_not_kept(door: lab.Cloud, kind: str, text: str, code: str) -> None:
    iam = boto3.client("iam", config=QUICK)
    if kind == "trust":
        found = refusal(iam.create_role, RoleName="r", AssumeRolePolicyDocument=text)
        assert iam.list_roles()["Roles"] == []
    else:
        found = refusal(iam.create_policy, PolicyName="p", PolicyDocument=text)
        assert iam.list_policies(Scope="Local")["Policies"] == []
    assert found[0] == code


@pytest.mark.parametrize("condition", [{}, {"Condition": {}}])
def test_a_role_cannot_trust_every_identity_pool(
    door: lab.Cloud, condition: dict[str, Any]
) -> None:
    iam = boto3.client("iam", config=QUICK)
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
    some = {"StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:pool"}}
    role = {"RoleName": "r"}
    text = document({**trust, **condition})
    found = refusal(iam.create_role, **role, AssumeRolePolicyDocument=text)
    assert found[0] == "MalformedPolicyDocument"
    conditional = document({**trust, "Condition": some})
    iam.create_role(**role, AssumeRolePolicyDocument=conditional)
    found = refusal(iam.update_assume_role_policy, **role, PolicyDocument=text)
    assert found[0] == "MalformedPolicyDocument"


def test_simulation_agrees_with_the_real_call(admin: Any, iam_user: IamUser) -> None:
    own = "arn:aws:s3:::photos/${aws:username}/*"
    alice = s3_of(
        iam_user(
            "alice", allow(["s3:PutObject"], own), deny("s3:*", "arn:aws:s3:::photos/*/secret")
        )
    )
    iam = boto3.client("iam")
    for key in ("alice/1", "alice/secret", "bob/1", "x"):
        found = iam.simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/alice",
            ActionNames=["s3:PutObject"],
            ResourceArns=[f"arn:aws:s3:::photos/{key}"],
        )["EvaluationResults"][0]
        try:
            alice.put_object(Bucket="photos", Key=key, Body=b"")
            really = "allowed"
        except ClientError as refused:
            explicit = "explicit deny" in refused.response["Error"]["Message"]
            really = "explicitDeny" if explicit else "implicitDeny"
        assert found["EvalDecision"] == really, key


def test_simulation_of_custom_policies_and_context(door: lab.Cloud) -> None:
    iam = boto3.client("iam", config=QUICK)
    tagged = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}}
    policy = document(allow("s3:GetObject", "*", **tagged))

    def ask(*values: str) -> str:
        entries = [
            {
                "ContextKeyName": "aws:PrincipalTag/team",
                "ContextKeyType": "string",
                "ContextKeyValues": list(values),
            }
        ]
        answer = iam.simulate_custom_policy(
            PolicyInputList=[policy],
            ActionNames=["s3:GetObject"],
            ResourceArns=[OBJECT],
            ContextEntries=entries if values else [],
        )
        return str(answer["EvaluationResults"][0]["EvalDecision"])

    assert [ask(), ask("blue"), ask("red")] == ["implicitDeny", "implicitDeny", "allowed"]
    bad = {"PolicyInputList": ["{"], "ActionNames": ["s3:GetObject"]}
    assert refusal(iam.simulate_custom_policy, **bad)[0] == "InvalidInput"
    role = iam.create_role(
        RoleName="r",
        AssumeRolePolicyDocument=document(
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}}
        ),
    )["Role"]["Arn"]
    both = {"PolicySourceArn": role, "ActionNames": ["s3:GetObject"], "ResourcePolicy": policy}
    assert refusal(iam.simulate_principal_policy, **both)[0] == "InvalidInput"
    nobody = {"PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:user/none", "ActionNames": ["s3:Get*"]}
    assert refusal(iam.simulate_principal_policy, **nobody)[0] == "NoSuchEntity"
