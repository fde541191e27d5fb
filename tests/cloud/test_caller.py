"""Who signed the request: every way to be nobody, in each family of services' own words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import boto3
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from helpers import lab
from tests.conftest import QUICK

ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def client(service: str, key: str, secret: str, token: str | None = None) -> Any:
    return boto3.client(
        service,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=QUICK,
    )


def ask(service: str, *credentials: str | None) -> None:
    calls: dict[str, Callable[[Any], Any]] = {
        "s3": lambda c: c.list_buckets(),
        "iam": lambda c: c.list_users(),
        "sts": lambda c: c.get_caller_identity(),
        "dynamodb": lambda c: c.list_tables(),
        "cognito-idp": lambda c: c.list_user_pools(MaxResults=1),
        "cognito-identity": lambda c: c.list_identity_pools(MaxResults=1),
    }
    calls[service](client(service, *credentials))  # type: ignore[arg-type]


def refusal(call: Callable[[], Any]) -> tuple[str, int]:
    with pytest.raises(ClientError) as refused:
        call()
    answer = refused.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


SERVICES = ["s3", "iam", "sts", "dynamodb", "cognito-idp", "cognito-identity"]


@pytest.mark.parametrize("service", SERVICES)
def test_an_unknown_key_is_refused(door: lab.Cloud, service: str) -> None:
    expected = {"s3": ("InvalidAccessKeyId", 403), "iam": ("InvalidClientTokenId", 403)}
    expected["sts"] = expected["iam"]
    code = refusal(lambda: ask(service, "AKIAAAAAAAAAAAAAAAAA", "x" * 40))
    assert code == expected.get(service, ("UnrecognizedClientException", 400))


@pytest.mark.parametrize("service", SERVICES)
def test_a_wrong_secret_is_refused(door: lab.Cloud, service: str) -> None:
    expected = {"s3": ("SignatureDoesNotMatch", 403), "iam": ("SignatureDoesNotMatch", 403)}
    expected["sts"] = expected["iam"]
    assert refusal(lambda: ask(service, "test", "wrong")) == expected.get(
        service, ("InvalidSignatureException", 400)
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_session_token_that_does_not_belong_is_refused(door: lab.Cloud, service: str) -> None:
    expected = {"s3": ("InvalidToken", 400), "iam": ("InvalidClientTokenId", 403)}
    expected["sts"] = expected["iam"]
    assert refusal(lambda: ask(service, "test", "test", "made-up")) == expected.get(
        service, ("UnrecognizedClientException", 400)
    )


@pytest.mark.parametrize("service", SERVICES)
def test_temporary_credentials_need_their_token_and_expire(
    door: lab.Cloud, iam_user: Callable[..., boto3.Session], service: str
) -> None:
    session = iam_user("alice", ALLOW_ALL)
    given = session.client("sts").get_session_token(DurationSeconds=900)["Credentials"]
    key, secret, token = (given[k] for k in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
    with pytest.raises(ClientError):
        ask(service, key, secret)
    with pytest.raises(ClientError):
        ask(service, key, secret, token[:-1] + ("A" if token[-1] != "A" else "B"))
    # IAM calls without MFA are closed to GetSessionToken credentials on AWS.
    if service not in ("iam", "sts"):
        ask(service, key, secret, token)
    door.clock.advance(seconds=899)
    ask("s3", key, secret, token)
    door.clock.advance(seconds=1)
    expected = {"s3": ("ExpiredToken", 400), "iam": ("ExpiredToken", 403)}
    expected["sts"] = expected["iam"]
    assert refusal(lambda: ask(service, key, secret, token)) == expected.get(
        service, ("ExpiredTokenException", 400)
    )


@pytest.mark.parametrize("service", SERVICES)
def test_true_keys_are_known(
    door: lab.Cloud, iam_user: Callable[..., boto3.Session], service: str
) -> None:
    keys = iam_user("alice", ALLOW_ALL).get_credentials()
    ask(service, keys.access_key, keys.secret_key)
    assert door.trace[-1].caller == "user/alice"


def test_an_inactive_and_a_deleted_key_are_unknown(
    door: lab.Cloud, iam_user: Callable[..., boto3.Session]
) -> None:
    keys = iam_user("alice", ALLOW_ALL).get_credentials()
    iam = boto3.client("iam")
    who = {"UserName": "alice", "AccessKeyId": keys.access_key}
    iam.update_access_key(**who, Status="Inactive")
    assert refusal(lambda: ask("s3", keys.access_key, keys.secret_key))[0] == "InvalidAccessKeyId"
    iam.update_access_key(**who, Status="Active")
    ask("s3", keys.access_key, keys.secret_key)
    iam.delete_access_key(**who)
    assert refusal(lambda: ask("s3", keys.access_key, keys.secret_key))[0] == "InvalidAccessKeyId"


def signed(url: str, service: str, headers: dict[str, str] | None = None, data: bytes = b"") -> Any:
    request = AWSRequest("POST" if data else "GET", url, headers or {}, data)
    SigV4Auth(Credentials("test", "test"), service, "us-east-1").add_auth(request)
    return request


IDP = "https://cognito-idp.us-east-1.amazonaws.com/"
TARGET = {
    "X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools",
    "Content-Type": "application/x-amz-json-1.1",
}


def send(request: Any, **changes: str) -> requests.Response:
    headers = {**dict(request.headers.items()), **changes}
    return requests.post(request.url, data=request.data, headers=headers)


def test_a_body_changed_after_signing_is_refused(cloud: lab.Cloud) -> None:
    request = signed(IDP, "cognito-idp", TARGET, b'{"MaxResults": 1}')
    assert send(request).status_code == 200
    request.data = b'{"MaxResults": 9}'
    answer = send(request)
    assert answer.status_code == 400
    assert answer.json()["__type"] == "InvalidSignatureException"


@pytest.mark.parametrize("scope", ["s3", "sts", "cognito-identity", "nonsense"])
def test_a_signature_for_one_service_opens_no_other(cloud: lab.Cloud, scope: str) -> None:
    answer = send(signed(IDP, scope, TARGET, b'{"MaxResults": 1}'))
    assert answer.json()["__type"] == "InvalidSignatureException"
    assert "Credential should be scoped to correct service: 'cognito-idp'" in answer.text


def test_a_signature_for_another_service_does_not_open_s3(cloud: lab.Cloud) -> None:
    request = signed("https://s3.us-east-1.amazonaws.com/", "iam")
    answer = requests.get(request.url, headers=dict(request.headers.items()))
    assert "<ListAllMyBucketsResult" not in answer.text


def test_a_signed_header_changed_after_signing_is_refused(cloud: lab.Cloud) -> None:
    request = signed(IDP, "cognito-idp", TARGET, b'{"MaxResults": 1}')
    changed = {"X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPoolClients"}
    assert send(request, **changed).json()["__type"] == "InvalidSignatureException"


@pytest.mark.parametrize("minutes", [6, -6])
def test_a_request_signed_at_another_time_is_refused(cloud: lab.Cloud, minutes: int) -> None:
    request = AWSRequest("POST", IDP, TARGET, b'{"MaxResults": 1}')
    signer = SigV4Auth(Credentials("test", "test"), "cognito-idp", "us-east-1")
    signer.add_auth(request)
    if minutes > 0:
        cloud.clock.advance(minutes=minutes)
    else:
        later = (cloud.clock.now() + dt.timedelta(minutes=6)).strftime("%Y%m%dT%H%M%SZ")
        request.context["timestamp"] = later
        request.headers.replace_header("X-Amz-Date", later)
        del request.headers["Authorization"]
        text = signer.string_to_sign(request, signer.canonical_request(request))
        signer._inject_signature_to_request(request, signer.signature(text, request))
    answer = send(request).json()
    assert answer["__type"] == "InvalidSignatureException"
    assert answer["message"].startswith(
        "Signature expired: " if minutes > 0 else "Signature not yet current: "
    )


@pytest.mark.parametrize(
    "authorization",
    [
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=test",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=test/20260115/us-east-1/cognito-idp/aws4_request, "
        "SignedHeaders=, Signature=",
        "Basic dGVzdDp0ZXN0",
        "Bearer token",
        "",
        "\x00",
    ],
)
def test_a_malformed_authorization_header_is_refused(cloud: lab.Cloud, authorization: str) -> None:
    headers = {**TARGET, "Authorization": authorization.replace("\x00", "%00")}
    answer = requests.post(IDP, data=b'{"MaxResults": 1}', headers=headers)
    assert answer.status_code == 400
    assert answer.json()["__type"] in (
        "IncompleteSignatureException",
        "MissingAuthenticationTokenException",
    )


def test_an_unsigned_request_needs_a_public_operation(cloud: lab.Cloud) -> None:
    answer = requests.post(IDP, data=b'{"MaxResults": 1}', headers=TARGET)
    assert answer.json()["__type"] == "MissingAuthenticationTokenException"
    sts = "https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
    answer = requests.get(sts)
    assert (answer.status_code, "MissingAuthenticationToken" in answer.text) == (403, True)


@pytest.fixture
def photo(door: lab.Cloud) -> Any:
    s3 = boto3.client("s3", config=QUICK)
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="a folder/ü+&=~'().jpg", Body=b"picture")
    return s3


KEY = {"Bucket": "photos", "Key": "a folder/ü+&=~'().jpg"}


def test_a_presigned_url_opens_one_object_until_it_expires(photo: Any, door: lab.Cloud) -> None:
    url = photo.generate_presigned_url("get_object", Params=KEY, ExpiresIn=60)
    assert requests.get(url).content == b"picture"
    assert "SignatureDoesNotMatch" in requests.put(url, data=b"other").text
    assert "SignatureDoesNotMatch" in requests.get(url.replace("photos", "photox")).text
    assert "SignatureDoesNotMatch" in requests.get(url + "&versionId=1").text
    door.clock.advance(seconds=60)
    answer = requests.get(url)
    assert (answer.status_code, "Request has expired" in answer.text) == (403, True)


def test_a_presigned_url_does_not_outlive_the_limit(photo: Any) -> None:
    url = photo.generate_presigned_url("get_object", Params=KEY, ExpiresIn=60)
    for days in ("0", "-1", str(8 * 86400), "soon"):
        answer = requests.get(url.replace("X-Amz-Expires=60", f"X-Amz-Expires={quote(days)}"))
        assert answer.status_code in (400, 403)


def test_signature_version_2_is_refused(photo: Any) -> None:
    old = boto3.client("s3", config=QUICK.merge(type(QUICK)(signature_version="s3")))
    url = old.generate_presigned_url("get_object", Params=KEY)
    answer = requests.get(url)
    assert answer.status_code == 400
    assert "Please use AWS4-HMAC-SHA256." in answer.text


def test_an_object_key_with_odd_characters_arrives_whole(photo: Any) -> None:
    assert photo.get_object(**KEY)["Body"].read() == b"picture"
    for key in ("a//b", "../up", "a%2Fb", "a b", "ключ", "*", "?x=1", "#", "${aws:username}"):
        photo.put_object(Bucket="photos", Key=key, Body=key.encode())
        assert photo.get_object(Bucket="photos", Key=key)["Body"].read() == key.encode()


def test_a_payload_that_is_not_what_its_hash_says_is_refused(photo: Any, door: lab.Cloud) -> None:
    request = AWSRequest(
        "PUT",
        "https://photos.s3.us-east-1.amazonaws.com/x",
        {"X-Amz-Content-SHA256": "0" * 64},
        b"body",
    )
    SigV4Auth(Credentials("test", "test"), "s3", "us-east-1").add_auth(request)
    answer = requests.put(request.url, data=b"body", headers=dict(request.headers.items()))
    assert (answer.status_code, "XAmzContentSHA256Mismatch" in answer.text) == (400, True)


@pytest.mark.parametrize("authorization", ["Bearer eyJ.a.b", "Basic dGVzdDp0ZXN0", "x"])
def test_a_token_is_no_signature_for_s3(photo: Any, authorization: str) -> None:
    url = "https://photos.s3.us-east-1.amazonaws.com/x"
    answer = requests.get(url, headers={"Authorization": authorization})
    assert (answer.status_code, "Unsupported Authorization Type" in answer.text) == (400, True)


def test_nobody_gets_nothing_from_s3(photo: Any) -> None:
    answer = requests.get("https://photos.s3.us-east-1.amazonaws.com/x")
    assert (answer.status_code, "<Code>AccessDenied</Code>" in answer.text) == (403, True)
