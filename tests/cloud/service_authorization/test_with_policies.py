"""The same through boto3: users whose policies allow a part, and what they get."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

B = "arn:aws:s3:::photos"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": "a pool"}},
        }
    ],
}
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/scores"


def allow(action: str | list[str], resource: str | list[str], **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": condition["when"]} if condition else statement


def deny(action: str, resource: str, when: dict[str, Any]) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, "Condition": when}


def refused(error: pytest.ExceptionInfo[ClientError]) -> bool:
    code = error.value.response["Error"]["Code"]
    return code in ("AccessDenied", "AccessDeniedException", "403")


@pytest.fixture
def photos(cloud: Any) -> Iterator[Any]:
    """A bucket of the root user with a few objects."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="photos")
    for key in ("alice/1", "bob/1", "public/1"):
        s3.put_object(Bucket="photos", Key=key, Body=key.encode())
    yield s3


@pytest.fixture
def scores(cloud: Any) -> Any:
    """A table keyed by user, with one row for alice and one for bob."""
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName="scores",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "user", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "user", "AttributeType": "S"},
            {"AttributeName": "game", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-game",
                "KeySchema": [{"AttributeName": "game", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    for user in ("alice", "bob"):
        item = {"user": {"S": user}, "game": {"S": "chess"}, "top": {"N": "7"}}
        dynamodb.put_item(TableName="scores", Item=item | {"secret": {"S": "x"}})
    return dynamodb


def row(user: str) -> dict[str, Any]:
    return {"user": {"S": user}}


# S3


@pytest.mark.parametrize(
    "statement",
    [allow("s3:GetObject", f"{B}/alice/*"), allow("s3:PutObject", f"{B}/copies/*")],
)
def test_a_copy_needs_both_sides(photos: Any, iam_user: Callable, statement: Any) -> None:
    s3 = iam_user("alice", statement).client("s3")
    with pytest.raises(ClientError) as error:
        s3.copy_object(Bucket="photos", Key="copies/1", CopySource="photos/alice/1")
    assert refused(error)


def test_a_copy_with_both_sides(photos: Any, iam_user: Callable) -> None:
    both = [allow("s3:GetObject", f"{B}/alice/*"), allow("s3:PutObject", f"{B}/copies/*")]
    s3 = iam_user("alice", *both).client("s3")
    s3.copy_object(Bucket="photos", Key="copies/ä b", CopySource="photos/alice/1")
    copied = photos.get_object(Bucket="photos", Key="copies/ä b")["Body"].read()
    assert copied == b"alice/1"
    with pytest.raises(ClientError) as error:
        s3.copy_object(
            Bucket="photos", Key="copies/1", CopySource={"Bucket": "photos", "Key": "bob/1"}
        )
    assert refused(error)


def test_deleting_several_deletes_what_is_allowed(photos: Any, iam_user: Callable) -> None:
    s3 = iam_user("alice", allow("s3:DeleteObject", f"{B}/alice/*")).client("s3")
    wanted = [{"Key": "alice/1"}, {"Key": "bob/1"}]
    answer = s3.delete_objects(Bucket="photos", Delete={"Objects": wanted})
    assert [deleted["Key"] for deleted in answer["Deleted"]] == ["alice/1"]
    assert [(e["Key"], e["Code"]) for e in answer["Errors"]] == [("bob/1", "AccessDenied")]
    left = photos.list_objects_v2(Bucket="photos")["Contents"]
    assert [entry["Key"] for entry in left] == ["bob/1", "public/1"]


def test_listing_ones_own_folder(photos: Any, iam_user: Callable) -> None:
    own = {"StringLike": {"s3:prefix": ["${aws:username}/*"]}}
    s3 = iam_user("alice", allow("s3:ListBucket", B, when=own)).client("s3")
    for elsewhere in ({}, {"Prefix": ""}, {"Prefix": "bob/"}, {"Prefix": "alice"}):
        for listing in (s3.list_objects_v2, s3.list_objects):
            with pytest.raises(ClientError) as error:
                listing(Bucket="photos", **elsewhere)
            assert refused(error)
    listed = s3.list_objects_v2(Bucket="photos", Prefix="alice/")["Contents"]
    assert [entry["Key"] for entry in listed] == ["alice/1"]


def test_an_empty_prefix_is_a_prefix(photos: Any, iam_user: Callable) -> None:
    top = {"StringEquals": {"s3:prefix": "", "s3:delimiter": "/"}}
    s3 = iam_user("alice", allow("s3:ListBucket", B, when=top)).client("s3")
    with pytest.raises(ClientError) as error:
        s3.list_objects_v2(Bucket="photos", Delimiter="/")
    assert refused(error)
    answer = s3.list_objects_v2(Bucket="photos", Prefix="", Delimiter="/")
    folders = [entry["Prefix"] for entry in answer["CommonPrefixes"]]
    assert folders == ["alice/", "bob/", "public/"]


def test_reading_what_is_tagged_public(photos: Any, iam_user: Callable) -> None:
    tags = {"TagSet": [{"Key": "audience", "Value": "everyone"}]}
    photos.put_object_tagging(Bucket="photos", Key="public/1", Tagging=tags)
    public = {"StringEquals": {"s3:ExistingObjectTag/audience": "everyone"}}
    s3 = iam_user("alice", allow("s3:GetObject", f"{B}/*", when=public)).client("s3")
    with pytest.raises(ClientError) as error:
        s3.get_object(Bucket="photos", Key="bob/1")
    assert refused(error)
    assert s3.get_object(Bucket="photos", Key="public/1")["Body"].read() == b"public/1"


def test_writing_only_encrypted(photos: Any, iam_user: Callable) -> None:
    plain = {"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}}
    statements = [allow("s3:PutObject", f"{B}/*"), deny("s3:PutObject", f"{B}/*", plain)]
    s3 = iam_user("alice", *statements).client("s3")
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket="photos", Key="alice/2", Body=b"")
    assert refused(error)
    s3.put_object(Bucket="photos", Key="alice/2", Body=b"", ServerSideEncryption="AES256")


def test_opening_an_object_to_the_world_needs_its_own_right(
    photos: Any, iam_user: Callable
) -> None:
    s3 = iam_user("alice", allow("s3:PutObject", f"{B}/alice/*")).client("s3")
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket="photos", Key="alice/2", Body=b"", ACL="public-read")
    assert refused(error)
    assert "s3:PutObjectAcl" in error.value.response["Error"]["Message"]
    s3.put_object(Bucket="photos", Key="alice/2", Body=b"")


@pytest.mark.parametrize("key", ["a b+c", "ä/ö", "100%", "x//y", "a?b#c&d=e", "a;b", "~(')*!", "."])
def test_the_key_that_is_decided_is_the_key_that_is_written(
    door: Any, photos: Any, iam_user: Callable, key: str
) -> None:
    s3 = iam_user("alice", allow("s3:*", f"{B}/in/*")).client("s3")
    s3.put_object(Bucket="photos", Key=f"in/{key}", Body=b"here")
    assert s3.get_object(Bucket="photos", Key=f"in/{key}")["Body"].read() == b"here"
    source = {"Bucket": "photos", "Key": f"in/{key}"}
    s3.copy_object(Bucket="photos", Key="in/copy", CopySource=source)
    keys = [entry["Key"] for entry in photos.list_objects_v2(Bucket="photos")["Contents"]]
    assert f"in/{key}" in keys


# DynamoDB


OWN_ROWS = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}}


def test_ones_own_row_and_nobody_elses(scores: Any, iam_user: Callable) -> None:
    dynamodb = iam_user("alice", allow("dynamodb:*", TABLE, when=OWN_ROWS)).client("dynamodb")
    both = [{"Put": {"TableName": "scores", "Item": row(user)}} for user in ("alice", "bob")]
    attempts: list[tuple[Callable, dict[str, Any]]] = [
        (dynamodb.get_item, {"TableName": "scores", "Key": row("bob")}),
        (dynamodb.get_item, {"TableName": TABLE, "Key": row("bob")}),
        (dynamodb.put_item, {"TableName": "scores", "Item": row("bob")}),
        (dynamodb.delete_item, {"TableName": "scores", "Key": row("bob")}),
        (
            dynamodb.query,
            {
                "TableName": "scores",
                "KeyConditionExpression": "#u = :u",
                "ExpressionAttributeNames": {"#u": "user"},
                "ExpressionAttributeValues": {":u": {"S": "bob"}},
            },
        ),
        (
            dynamodb.batch_get_item,
            {"RequestItems": {"scores": {"Keys": [row("alice"), row("bob")]}}},
        ),
        (
            dynamodb.batch_write_item,
            {
                "RequestItems": {
                    "scores": [
                        {"PutRequest": {"Item": row("alice")}},
                        {"DeleteRequest": {"Key": row("bob")}},
                    ]
                }
            },
        ),
        (dynamodb.transact_write_items, {"TransactItems": both}),
    ]
    for operation, params in attempts:
        with pytest.raises(ClientError) as error:
            operation(**params)
        assert refused(error), operation
    assert scores.get_item(TableName="scores", Key=row("bob"))["Item"]["secret"] == {"S": "x"}
    assert dynamodb.get_item(TableName="scores", Key=row("alice"))["Item"]["top"] == {"N": "7"}
    dynamodb.transact_write_items(TransactItems=both[:1])
    keys = {"Keys": [row("alice")]}
    found = dynamodb.batch_get_item(RequestItems={"scores": keys})["Responses"]["scores"]
    assert len(found) == 1


def test_a_scan_slips_through_for_all_values(scores: Any, iam_user: Callable) -> None:
    """As in AWS: a scan names no leading key, and a condition on all of none is true."""
    dynamodb = iam_user("alice", allow("dynamodb:*", TABLE, when=OWN_ROWS)).client("dynamodb")
    assert dynamodb.scan(TableName="scores")["Count"] == 2


def test_an_index_is_not_its_table(scores: Any, iam_user: Callable) -> None:
    query = {
        "TableName": "scores",
        "IndexName": "by-game",
        "KeyConditionExpression": "game = :g",
        "ExpressionAttributeValues": {":g": {"S": "chess"}},
    }
    with pytest.raises(ClientError) as error:
        iam_user("alice", allow("dynamodb:Query", TABLE)).client("dynamodb").query(**query)
    assert refused(error)
    allowed = iam_user("bob", allow("dynamodb:Query", f"{TABLE}/index/*")).client("dynamodb")
    assert allowed.query(**query)["Count"] == 2


def test_only_some_attributes(scores: Any, iam_user: Callable) -> None:
    some = {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["user", "top", "profile"]},
        "StringEqualsIfExists": {
            "dynamodb:Select": "SPECIFIC_ATTRIBUTES",
            "dynamodb:ReturnValues": ["NONE", "UPDATED_NEW"],
        },
    }
    actions = ["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Scan"]
    dynamodb = iam_user("alice", allow(actions, TABLE, when=some)).client("dynamodb")
    mine: dict[str, Any] = {"TableName": "scores", "Key": row("alice")}
    hidden = {"#s": "secret"}
    value = {":v": {"S": "x"}}
    attempts: list[tuple[Callable, dict[str, Any]]] = [
        (dynamodb.get_item, mine),
        (dynamodb.get_item, {**mine, "ProjectionExpression": "secret"}),
        (dynamodb.get_item, {**mine, "ProjectionExpression": "top, secret.part"}),
        (
            dynamodb.get_item,
            {**mine, "ProjectionExpression": "#s", "ExpressionAttributeNames": hidden},
        ),
        (
            dynamodb.update_item,
            {
                **mine,
                "UpdateExpression": "SET top = #s",
                "ExpressionAttributeNames": hidden,
            },
        ),
        (
            dynamodb.update_item,
            {
                **mine,
                "UpdateExpression": "SET top = :v",
                "ConditionExpression": "begins_with(secret, :v)",
                "ExpressionAttributeValues": value,
            },
        ),
        (
            dynamodb.update_item,
            {
                **mine,
                "UpdateExpression": "SET top = :v",
                "ExpressionAttributeValues": value,
                "ReturnValues": "ALL_NEW",
            },
        ),
        (
            dynamodb.scan,
            {
                "TableName": "scores",
                "ProjectionExpression": "top",
                "FilterExpression": "secret = :v",
                "ExpressionAttributeValues": value,
            },
        ),
    ]
    for operation, params in attempts:
        with pytest.raises(ClientError) as error:
            operation(**params)
        assert refused(error), params
    seen = dynamodb.get_item(**mine, ProjectionExpression="top")["Item"]
    assert seen == {"top": {"N": "7"}}
    dynamodb.update_item(
        **mine,
        UpdateExpression="SET profile = :v",
        ConditionExpression="attribute_not_exists(profile.#n)",
        ExpressionAttributeNames={"#n": "secret"},
        ExpressionAttributeValues={":v": {"M": {}}},
    )


def test_writing_only_in_transactions(scores: Any, iam_user: Callable) -> None:
    inside = {"StringEquals": {"dynamodb:EnclosingOperation": "TransactWriteItems"}}
    dynamodb = iam_user("alice", allow("dynamodb:PutItem", TABLE, when=inside)).client("dynamodb")
    with pytest.raises(ClientError) as error:
        dynamodb.put_item(TableName="scores", Item=row("carol"))
    assert refused(error)
    put = {"Put": {"TableName": "scores", "Item": row("carol")}}
    dynamodb.transact_write_items(TransactItems=[put])


# The general rule


def test_one_user_pool_and_not_the_other(cloud: Any, iam_user: Callable) -> None:
    cognito = boto3.client("cognito-idp")
    mine, other = (
        cognito.create_user_pool(PoolName=name)["UserPool"] for name in ("mine", "other")
    )
    limited = iam_user("alice", allow("cognito-idp:*", mine["Arn"])).client("cognito-idp")
    with pytest.raises(ClientError) as error:
        limited.describe_user_pool(UserPoolId=other["Id"])
    assert refused(error)
    assert limited.describe_user_pool(UserPoolId=mine["Id"])["UserPool"]["Name"] == "mine"


def test_setting_the_roles_of_an_identity_pool_needs_pass_role(
    cloud: Any, iam_user: Callable
) -> None:
    pool = boto3.client("cognito-identity").create_identity_pool(
        IdentityPoolName="p", AllowUnauthenticatedIdentities=True
    )["IdentityPoolId"]
    role = boto3.client("iam").create_role(
        RoleName="app", AssumeRolePolicyDocument=json.dumps(TRUST)
    )["Role"]["Arn"]
    roles = {"authenticated": role}
    without = iam_user("alice", allow("cognito-identity:*", "*")).client("cognito-identity")
    with pytest.raises(ClientError) as error:
        without.set_identity_pool_roles(IdentityPoolId=pool, Roles=roles)
    assert "iam:PassRole" in error.value.response["Error"]["Message"]
    statements = [allow("cognito-identity:*", "*"), allow("iam:PassRole", role)]
    allowed = iam_user("bob", *statements).client("cognito-identity")
    allowed.set_identity_pool_roles(IdentityPoolId=pool, Roles=roles)
