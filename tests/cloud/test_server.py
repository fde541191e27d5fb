"""The cloud over HTTP: lab controls, odd requests, and pages of other origins."""

from __future__ import annotations

import http.client
import random
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
import requests

from helpers import lab


@pytest.fixture
def url(cloud: lab.Cloud) -> str:
    return cloud.serve()


def test_it_listens_on_loopback_only(url: str) -> None:
    assert urlsplit(url).hostname == "127.0.0.1"


def test_health_and_clock(url: str) -> None:
    assert requests.get(f"{url}/_lab/health").json()["status"] == "ok"
    moved = requests.post(f"{url}/_lab/clock", json={"advance_seconds": 90}).json()
    assert moved["now"] == "2026-01-15T12:01:30+00:00"


@pytest.mark.parametrize(
    ("method", "name", "body", "status"),
    [
        ("POST", "clock", b"{}", 400),
        ("POST", "clock", b'{"advance_seconds": "9"}', 400),
        ("POST", "clock", b'{"advance_seconds": true}', 400),
        ("POST", "clock", b'{"advance_seconds": -1}', 400),
        ("POST", "clock", b'{"advance_seconds": 1e30}', 400),
        ("POST", "clock", b"not json", 400),
        ("POST", "clock", b"[]", 400),
        ("POST", "reset", b'{"now": "yesterday"}', 400),
        ("POST", "reset", b'{"now": 7}', 400),
        ("POST", "reset", b'{"seed": "7"}', 400),
        ("GET", "trace?after=x", b"", 400),
        ("GET", "nothing", b"", 404),
        ("DELETE", "health", b"", 404),
    ],
)
def test_bad_input_to_a_control_is_explained(
    url: str, method: str, name: str, body: bytes, status: int
) -> None:
    answer = requests.request(method, f"{url}/_lab/{name}", data=body)
    assert answer.status_code == status
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
    ],
)
@pytest.mark.parametrize(("method", "name"), [("GET", "inbox"), ("POST", "reset")])
def test_a_page_of_another_origin_cannot_touch_the_controls(
    url: str, headers: dict[str, str], method: str, name: str
) -> None:
    answer = requests.request(method, f"{url}/_lab/{name}", headers=headers)
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_providers_controls_are_its_own(url: str) -> None:
    headers = {"Host": "accounts.google.com"}
    app = {"redirect_uri": "https://photos.example.com/callback"}
    made = requests.post(f"{url}/_lab/apps", json=app, headers=headers)
    assert made.json()["client_id"].endswith(".apps.googleusercontent.com")
    assert requests.post(f"{url}/_lab/reset", json={}, headers=headers).status_code == 404


def test_reset_empties_the_cloud(url: str) -> None:
    s3 = boto3.client("s3", endpoint_url=url)
    s3.create_bucket(Bucket="photos")
    requests.post(f"{url}/_lab/reset", json={"seed": 7, "now": "2026-01-15T12:00:00+00:00"})
    assert s3.list_buckets()["Buckets"] == []


def test_a_browser_may_call_cognito(url: str) -> None:
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    answer = requests.options(url, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "x-amz-target" in answer.headers["Access-Control-Allow-Headers"]


def test_a_page_of_another_origin_reads_neither_s3_nor_iam(url: str) -> None:
    s3 = boto3.client("s3", endpoint_url=url)
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="x", Body=b"picture")
    page = {"Origin": "https://app.example"}
    asked = {**page, "Access-Control-Request-Method": "PUT"}
    assert requests.options(f"{url}/photos/x", headers=asked).status_code == 403
    signed = s3.generate_presigned_url("get_object", Params={"Bucket": "photos", "Key": "x"})
    for address in (signed, f"{url}/photos/x", f"{url}/?Action=ListUsers&Version=2010-05-08"):
        assert "Access-Control-Allow-Origin" not in requests.get(address, headers=page).headers
    tokens = {"X-Amz-Target": "AWSCognitoIdentityProviderService.GetUser"}
    answer = requests.post(url, json={"AccessToken": "x"}, headers={**page, **tokens})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_head_answer_has_no_body(url: str) -> None:
    s3 = boto3.client("s3", endpoint_url=url)
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="x", Body=b"12345")
    assert s3.head_object(Bucket="photos", Key="x")["ContentLength"] == 5


TARGETS = [
    "AWSCognitoIdentityProviderService.InitiateAuth",
    "AWSCognitoIdentityProviderService.SignUp",
    "AWSCognitoIdentityProviderService.GetUser",
    "AWSCognitoIdentityProviderService.NoSuchOperation",
    "AWSCognitoIdentityService.GetId",
    "AWSCognitoIdentityService.GetCredentialsForIdentity",
    "DynamoDB_20120810.GetItem",
    "..",
    "é",
    "",
]
BODIES = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b"7",
    b'"x"',
    b"{",
    b"\xff\xfe\x00",
    b"<a/>",
    b"Action=AssumeRole&Version=2011-06-15&RoleArn=x&RoleSessionName=",
    b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15",
    b"Action=\x00&Action=x",
    b'{"ClientId": {}, "AuthFlow": [], "AuthParameters": "x"}',
    b'{"ClientId": "x", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": null}}',
    b'{"ClientId": "x", "Username": "y", "Password": 7}',
    b'{"IdentityPoolId": "us-east-1:x", "Logins": {"a": 1}}',
    b'{"IdentityId": "' + b"x" * 100_000 + b'"}',
    b'{"AccessToken": "a.b.c"}',
    b'{"AccessToken": "' + b"." * 1000 + b'"}',
    b'{"a":' * 500 + b"1" + b"}" * 500,
]
PATHS = [
    "/",
    "//",
    "/photos",
    "/photos/",
    "/photos/../x",
    "/%00",
    "/%ff",
    "/a?acl",
    "/a?policy",
    "/a?delete",
    "/?x=%",
    "/us-east-1_abc/.well-known/jwks.json",
    "/_domain/x/login",
    "/_lab",
    "/_execute-api/x/y",
    "/" + "a" * 5000,
]
HEADERS = [
    {},
    {"Content-Type": "application/x-amz-json-1.1"},
    {"Content-Type": "application/x-www-form-urlencoded"},
    {"Content-Type": "multipart/form-data; boundary=x"},
    {"Content-Type": "text/html; charset=nonsense"},
    {"Authorization": "AWS4-HMAC-SHA256 Credential=a/b/c/cognito-idp/aws4_request"},
    {
        "Authorization": "AWS4-HMAC-SHA256 Credential=test/1/x/nonsense/aws4_request, "
        "SignedHeaders=host, Signature=x",
        "X-Amz-Date": "x",
    },
    {"X-Amz-Date": "20260115T120000Z", "X-Amz-Security-Token": "x"},
    {"Host": "cognito-idp.us-east-1.amazonaws.com"},
    {"Host": "photos.s3.amazonaws.com"},
    {"Host": "nonsense.amazonaws.com"},
    {"Content-Encoding": "gzip"},
    {"Content-Encoding": "aws-chunked"},
    {"Transfer-Encoding": "nonsense"},
]


def odd_requests(count: int) -> Any:
    dice = random.Random(20260115)
    for _ in range(count):
        headers = {k: v for part in dice.sample(HEADERS, 2) for k, v in part.items()}
        target = dice.choice(TARGETS)
        if target:
            headers["X-Amz-Target"] = target
        body = dice.choice(BODIES)
        if dice.random() < 0.3:
            body = dice.randbytes(dice.randrange(200))
        method = dice.choice(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"])
        yield method, dice.choice(PATHS), headers, body


def test_ten_thousand_odd_requests_end_without_a_500(url: str, caplog: Any) -> None:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=5)
    for method, path, headers, body in odd_requests(10_000):
        encoded = {k: v.encode("utf-8", "replace") for k, v in headers.items()}
        try:
            connection.request(method, path, body, encoded)
            answer = connection.getresponse()
            text = answer.read()
        except (http.client.HTTPException, OSError):
            connection.close()  # the server may hang up on what is not HTTP
            continue
        what = (method, path[:80], headers, body[:80], text[:300])
        assert answer.status != 500, what
        assert b"Traceback" not in text, what
        assert b"<html" not in text.lower(), what
    assert "failed" not in caplog.text
