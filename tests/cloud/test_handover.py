"""What was authorized is what is done: every way to say one thing to IAM and another to moto."""

from __future__ import annotations

import hashlib
import http.client
import json
from contextlib import closing
from typing import Any
from urllib.parse import urlencode, urlsplit

import boto3
import pytest
import requests
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from helpers import lab
from tests.cloud.test_authorization import IamUser, allow, refusal
from tests.conftest import QUICK

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/x-amz-json-1.0"}


@pytest.fixture
def url(cloud: lab.Cloud) -> str:
    return cloud.serve()


def send(
    url: str,
    session: boto3.Session,
    service: str,
    path: str,
    *,
    method: str = "POST",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    unsigned: dict[str, str] | None = None,
) -> tuple[int, bytes]:
    """A raw request, truly signed by the session; `unsigned` headers are added afterwards."""
    keys = session.get_credentials()
    credentials = Credentials(keys.access_key, keys.secret_key, keys.token)
    given = dict(headers or {})
    if service == "s3":
        given["X-Amz-Content-SHA256"] = hashlib.sha256(body).hexdigest()
    request = AWSRequest(method, url + path, headers=given, data=body)
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(credentials, service, "us-east-1").add_auth(request)
    sent = {**dict(request.headers.items()), **(unsigned or {})}
    address = urlsplit(url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
    with closing(connection):
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return answer.status, answer.read()


@pytest.fixture
def table(cloud: lab.Cloud) -> Any:
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return dynamodb


def test_an_action_inside_a_value_is_only_a_value(table: Any, iam_user: IamUser) -> None:
    mallory = iam_user("mallory", allow("dynamodb:PutItem")).client("dynamodb")
    value = "a&Action=DeleteTable&b"
    mallory.put_item(TableName="t", Item={"k": {"S": value}})
    assert table.get_item(TableName="t", Key={"k": {"S": value}})["Item"] == {"k": {"S": value}}


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/?Action=DeleteTable", {}),
        ("/?Action=DeleteTable&TableName=t", {}),
        ("/", {"Action": "DeleteTable"}),
        ("/", {"Content-Encoding": "identity", "Action": "DeleteTable"}),
    ],
)
def test_an_action_beside_the_target_does_nothing(
    url: str, table: Any, iam_user: IamUser, path: str, headers: dict[str, str]
) -> None:
    mallory = iam_user("mallory", allow("dynamodb:ListTables"))
    target = {"X-Amz-Target": "DynamoDB_20120810.ListTables"}
    body = json.dumps({"Limit": 1}).encode()
    send(url, mallory, "dynamodb", path, body=body, headers={**JSON, **target, **headers})
    assert table.list_tables()["TableNames"] == ["t"]


def test_a_second_pool_in_the_query_is_not_read(url: str, iam_user: IamUser) -> None:
    idp = boto3.client("cognito-idp")
    mine, secret = (
        idp.create_user_pool(PoolName=name)["UserPool"]["Id"] for name in ("mine", "secret")
    )
    arn = f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{mine}"
    mallory = iam_user("mallory", allow("cognito-idp:*", arn))
    target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.DescribeUserPool"}
    headers = {"Content-Type": "application/x-amz-json-1.1", **target}
    body = json.dumps({"UserPoolId": mine}).encode()
    _, answer = send(
        url, mallory, "cognito-idp", f"/?UserPoolId={secret}", body=body, headers=headers
    )
    assert secret.encode() not in answer
    for action in ("DeleteUserPool", "ListUserPoolClients"):
        send(
            url,
            mallory,
            "cognito-idp",
            f"/?Action={action}&UserPoolId={secret}",
            body=body,
            headers=headers,
        )
    assert len(idp.list_user_pools(MaxResults=9)["UserPools"]) == 2


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_iam_reads_one_action_only(url: str, iam_user: IamUser, method: str) -> None:
    iam_user("boss", allow("*"))
    mallory = iam_user("mallory", allow("iam:ListUsers"))
    inside = urlencode({"Action": "CreateAccessKey", "UserName": "boss", "Version": "2010-05-08"})
    path = "/?Action=ListUsers&Version=2010-05-08"
    _, answer = send(
        url, mallory, "iam", path, method=method, body=inside.encode(), headers=dict(FORM)
    )
    assert b"SecretAccessKey" not in answer
    assert len(boto3.client("iam").list_access_keys(UserName="boss")["AccessKeyMetadata"]) == 1


@pytest.fixture
def buckets(cloud: lab.Cloud) -> Any:
    s3 = boto3.client("s3", config=QUICK)
    for name in ("mine", "secret"):
        s3.create_bucket(Bucket=name)
        s3.put_object(Bucket=name, Key="k", Body=f"in {name}".encode())
    return s3


@pytest.mark.parametrize(
    "host",
    [
        "mine.example.com",
        "MINE.S3.AMAZONAWS.COM",
        "mine.s3.amazonaws.com.",
        "mine.s3.evil.com",
        "mine.localhost",
        "mine.s3.us-east-1.amazonaws.com",
        "mine.s3.us-east-1.amazonaws.com.cn",
    ],
)
@pytest.mark.parametrize("path", ["/secret/k", "//secret/k", "/secret%2Fk", "/mine/../secret/k"])
def test_the_host_cannot_point_at_one_bucket_and_the_path_at_another(
    url: str, buckets: Any, iam_user: IamUser, host: str, path: str
) -> None:
    mallory = iam_user("mallory", allow("s3:*", "arn:aws:s3:::mine*"))
    _, answer = send(url, mallory, "s3", path, method="GET", headers={"Host": host})
    assert b"in secret" not in answer


def test_a_bucket_is_spelled_in_one_way(url: str, buckets: Any, iam_user: IamUser) -> None:
    mallory = iam_user("mallory", allow("s3:*", "arn:aws:s3:::theirs*"))
    send(url, mallory, "s3", "/%74heirs", method="PUT")
    names = [b["Name"] for b in buckets.list_buckets()["Buckets"]]
    assert set(names) <= {"mine", "secret", "theirs"}


def test_the_region_of_the_host_does_not_move_a_signed_call(
    url: str, table: Any, iam_user: IamUser
) -> None:
    other = boto3.client("dynamodb", region_name="eu-west-1")
    other.create_table(
        TableName="far",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    here = "arn:aws:dynamodb:us-east-1:123456789012:table/*"
    mallory = iam_user("mallory", allow("dynamodb:DescribeTable", here))
    headers = {
        **JSON,
        "X-Amz-Target": "DynamoDB_20120810.DescribeTable",
        "Host": "dynamodb.eu-west-1.amazonaws.com",
    }
    status, _ = send(url, mallory, "dynamodb", "/", body=b'{"TableName":"far"}', headers=headers)
    assert status == 400


def test_an_instruction_that_was_not_signed_is_refused(
    url: str, buckets: Any, iam_user: IamUser
) -> None:
    signed = buckets.generate_presigned_url("put_object", Params={"Bucket": "mine", "Key": "new"})
    for header in ({"x-amz-copy-source": "secret/k"}, {"x-amz-acl": "public-read"}):
        answer = requests.put(signed, headers=header)
        assert (answer.status_code, "which were not signed" in answer.text) == (403, True)
    bob = iam_user("bob", allow("s3:*"))
    copy = {"x-amz-copy-source": "secret/k"}
    status, answer = send(url, bob, "s3", "/mine/new", method="PUT", unsigned=copy)
    assert (status, b"which were not signed" in answer) == (403, True)
    assert requests.put(signed, data=b"mine").status_code == 200


def test_only_the_services_of_the_course_are_offered(cloud: lab.Cloud) -> None:
    for service, call, params in [
        ("cloudformation", "list_stacks", {}),
        ("secretsmanager", "list_secrets", {}),
        ("ec2", "describe_instances", {}),
        ("lambda", "list_functions", {}),
        ("sqs", "list_queues", {}),
    ]:
        client = boto3.client(service, config=QUICK)
        assert refusal(getattr(client, call), **params)[0] == "NotImplementedException"


def test_a_boundary_given_at_birth_holds(cloud: lab.Cloud, buckets: Any) -> None:
    iam = boto3.client("iam", config=QUICK)
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow("s3:GetObject")]})
    arn = iam.create_policy(PolicyName="b", PolicyDocument=document)["Policy"]["Arn"]
    user = iam.create_user(UserName="kid", PermissionsBoundary=arn, Path="/kids/")["User"]
    assert user["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn
    assert user["UserId"].startswith("AIDA")
    everything = json.dumps({"Version": "2012-10-17", "Statement": [allow("*")]})
    iam.put_user_policy(UserName="kid", PolicyName="all", PolicyDocument=everything)
    key = iam.create_access_key(UserName="kid")["AccessKey"]
    kid = boto3.client(
        "s3",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        config=QUICK,
    )
    assert kid.get_object(Bucket="mine", Key="k")
    assert refusal(kid.list_buckets)[0] == "AccessDenied"
    assert refusal(iam.delete_policy, PolicyArn=arn)[0] == "DeleteConflict"
    assert refusal(iam.create_user, UserName="KID")[0] == "EntityAlreadyExists"


def test_a_key_stays_with_its_user(cloud: lab.Cloud, iam_user: IamUser) -> None:
    iam = boto3.client("iam")
    old = iam_user("mallory", allow("s3:ListAllMyBuckets"))
    session = old.client("sts").get_session_token()["Credentials"]
    iam.update_user(UserName="mallory", NewUserName="renamed")
    iam_user("mallory", allow("iam:*"))
    assert old.client("sts").get_caller_identity()["Arn"].endswith("user/renamed")
    with pytest.raises(ClientError):
        old.client("iam").list_users()
    stale = boto3.client(
        "s3",
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
        config=QUICK,
    )
    assert refusal(stale.list_buckets)[0] == "AccessDenied"


def test_a_presigned_sts_url_says_who_signed_it(cloud: lab.Cloud) -> None:
    sts = boto3.client("sts")
    signed = sts.generate_presigned_url("get_caller_identity", HttpMethod="GET")
    assert ":root</Arn>" in requests.get(signed).text
    assert requests.get(signed.replace("GetCallerIdentity", "GetSessionToken")).status_code == 403


@pytest.mark.parametrize("body", [b"[" * 200_000, b"\xff", b'{"Limit": 1e999}'])
def test_json_that_cannot_be_read_is_a_bad_request(
    url: str, iam_user: IamUser, body: bytes
) -> None:
    bob = iam_user("bob", allow("*"))
    target = {**JSON, "X-Amz-Target": "DynamoDB_20120810.ListTables"}
    status, _ = send(url, bob, "dynamodb", "/", body=body, headers=target)
    assert status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/mine/k?partNumber=1&uploadId=none"),
        ("POST", "/mine/k?uploadId=none"),
        ("DELETE", "/mine/none?tagging"),
        ("POST", "/mine/k?restore"),
        ("PUT", "/mine?publicAccessBlock"),
        ("PUT", "/mine?acl"),
        ("GET", "/mine?list-type=2&continuation-token=x"),
        ("GET", "/mine/%ff"),
    ],
)
def test_odd_s3_requests_are_bad_requests(
    url: str, buckets: Any, iam_user: IamUser, method: str, path: str
) -> None:
    bob = iam_user("bob", allow("*"))
    status, answer = send(url, bob, "s3", path, method=method, body=b"x" * (method != "GET"))
    assert status < 500, answer
