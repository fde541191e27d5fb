"""What a notebook gets from `lab.start()`, and what it can no longer reach."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from helpers import lab
from helpers.cloud.inbox import EmptyInbox
from helpers.cloud.transports import EarlierLesson, OutsideWorld

ROOT = Path(__file__).parent.parent


def test_nothing_reaches_the_network(cloud: lab.Cloud) -> None:
    with pytest.raises(OutsideWorld, match=r"'example\.com' is not part of the offline cloud"):
        requests.get("https://example.com/")
    with pytest.raises(OutsideWorld, match=r"'example\.com' is not part of the offline cloud"):
        urllib.request.urlopen("http://example.com/")
    with pytest.raises(OutsideWorld, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with datagram, pytest.raises(OutsideWorld, match=r"192\.0\.2\.1"):
        datagram.sendto(b"x", ("192.0.2.1", 53))


def test_a_client_made_too_early_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    early = boto3.client(
        "s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    lab.start()
    try:
        with pytest.raises(Exception, match=r"make it again after it"):
            early.list_buckets()
    finally:
        lab.stop()


def test_the_learners_own_account_is_never_used(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = {
        "AWS_PROFILE": "work",
        "AWS_SESSION_TOKEN": "mine",
        "AWS_ACCESS_KEY_ID": "AKIAMINE",
        "AWS_REGION": "eu-west-1",
    }
    for name, value in mine.items():
        monkeypatch.setenv(name, value)
    lab.start()
    identity = boto3.client("sts").get_caller_identity()
    region = boto3.client("sts").meta.region_name
    lab.stop()
    assert identity["Arn"] == "arn:aws:iam::123456789012:root"
    assert region == "us-east-1"
    assert {name: os.environ.get(name) for name in mine} == mine


def test_time_stands_still_until_it_is_moved(cloud: lab.Cloud) -> None:
    assert datetime.now(UTC) == lab.FIRST_MOMENT == cloud.clock.now()
    cloud.clock.advance(minutes=61)
    assert (datetime.now(UTC) - lab.FIRST_MOMENT).total_seconds() == 61 * 60
    with pytest.raises(ValueError, match="only moves forward"):
        cloud.clock.advance(minutes=-1)


def test_stop_gives_the_process_back() -> None:
    lab.start()
    lab.stop()
    assert datetime.now(UTC) > lab.FIRST_MOMENT.replace(month=2)
    lab.stop()


def test_starting_again_starts_from_nothing() -> None:
    first = lab.start()
    boto3.client("s3").create_bucket(Bucket="photos")
    second = lab.start()
    assert boto3.client("s3").list_buckets()["Buckets"] == []
    assert len(second.trace) == 1
    assert first is not second
    lab.stop()


def test_a_client_of_an_earlier_lesson_says_so() -> None:
    lab.start()
    old = boto3.client("s3")
    lab.start()
    try:
        with pytest.raises(EarlierLesson, match="Run the cells from the top"):
            old.list_buckets()
        assert boto3.client("s3").list_buckets()["Buckets"] == []
    finally:
        lab.stop()
    with pytest.raises(EarlierLesson):
        old.list_buckets()


def build() -> list[Any]:
    """Resources whose ids come from every source of random values there is."""
    iam, idp = boto3.client("iam"), boto3.client("cognito-idp")
    iam.create_user(UserName="alice")
    pool = idp.create_user_pool(PoolName="people")["UserPool"]["Id"]
    app = idp.create_user_pool_client(UserPoolId=pool, ClientName="app", GenerateSecret=True)
    user = idp.admin_create_user(
        UserPoolId=pool,
        Username="alice",
        UserAttributes=[{"Name": "email", "Value": "alice@example.com"}],
    )
    return [
        iam.create_access_key(UserName="alice")["AccessKey"],
        pool,
        app["UserPoolClient"]["ClientSecret"],
        user["User"],
    ]


def test_ids_are_the_same_on_every_run() -> None:
    runs = []
    for _ in range(2):
        lab.start()
        runs.append(build())
        lab.stop()
    assert runs[0] == runs[1]


def test_a_live_lab_has_fresh_ids_and_real_time() -> None:
    runs = []
    for _ in range(2):
        cloud = lab.start(live=True)
        assert cloud.clock.now() > lab.FIRST_MOMENT.replace(month=2)
        runs.append(build())
        lab.stop()
    assert runs[0][1] != runs[1][1]


def test_an_unknown_scene_is_named(cloud: lab.Cloud) -> None:
    with pytest.raises(ValueError, match="there is no scene '99'"):
        lab.start("99")


def test_the_inbox_says_what_it_has(cloud: lab.Cloud) -> None:
    with pytest.raises(EmptyInbox, match=r"nothing was sent to 'bob@example\.com'"):
        cloud.inbox.latest("bob@example.com")


def test_explain_needs_a_decision(cloud: lab.Cloud) -> None:
    with pytest.raises(LookupError, match="no request has needed a permission yet"):
        cloud.explain()


def test_explain_names_the_statement_that_refused(cloud: lab.Cloud, iam_user: Any) -> None:
    alice = iam_user(
        "alice", {"Sid": "Look", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    )
    boto3.client("s3").create_bucket(Bucket="photos")
    with pytest.raises(Exception, match="AccessDenied"):
        alice.client("s3").put_object(Bucket="photos", Key="x", Body=b"")
    text = repr(cloud.explain())
    assert "user/alice called s3:PutObject: refused with AccessDenied" in text
    assert "REFUSED: nothing allows it" in text
    assert "Look" in text
    assert "<table>" in cloud.explain()._repr_html_()


def test_secrets_do_not_reach_the_trace(cloud: lab.Cloud) -> None:
    build()
    idp = boto3.client("cognito-idp")
    pool = idp.list_user_pools(MaxResults=1)["UserPools"][0]["Id"]
    idp.admin_set_user_password(
        UserPoolId=pool, Username="alice", Password="Very-s3cret!", Permanent=True
    )
    assert "Very-s3cret!" not in str([e.as_dict() for e in cloud.trace])


@pytest.fixture
def served() -> Iterator[str]:
    """An offline cloud in another process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers", "serve", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    yield process.stdout.readline().split()[-1]
    process.terminate()
    process.wait()


def test_a_lab_attached_to_a_server_is_the_same_lab(
    served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.start()
    here = build()
    lab.stop()
    monkeypatch.setenv("AWS_ENDPOINT_URL", served)
    for _ in range(2):
        cloud = lab.start()
        assert build() == here
        assert cloud.inbox.latest("alice@example.com").medium == "EMAIL"
        cloud.clock.advance(minutes=5)
        assert (datetime.now(UTC) - lab.FIRST_MOMENT).total_seconds() == 300
        assert requests.get(f"{served}/_lab/health").json()["now"] == "2026-01-15T12:05:00+00:00"
        boto3.client("s3").list_buckets()
        assert (cloud.trace[-1].operation, cloud.trace[-1].caller) == ("ListBuckets", "root")
        assert "s3:ListAllMyBuckets" in repr(cloud.explain())
        jwks = f"https://cognito-idp.us-east-1.amazonaws.com/{here[1]}/.well-known/jwks.json"
        assert len(requests.get(jwks).json()["keys"]) == 2
        with pytest.raises(OutsideWorld):
            requests.get("https://example.com/")
        lab.stop()


def test_attaching_to_nothing_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(ConnectionError, match="make serve"):
        lab.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nonsense")
    with pytest.raises(ValueError, match="must look like"):
        lab.start()
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    assert datetime.now(UTC) > lab.FIRST_MOMENT.replace(month=2)
