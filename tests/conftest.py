"""What every test may use."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config

from helpers import lab

QUICK = Config(retries={"total_max_attempts": 1}, signature_version="s3v4")


@pytest.fixture(autouse=True, scope="session")
def one_loader() -> Iterator[None]:
    """Read botocore's service models once for all tests: that is most of what a client costs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
        yield


@pytest.fixture(autouse=True, scope="session")
def little_garbage() -> Iterator[None]:
    """Look for garbage less often: seven thousand tests keep much, and little of it is garbage."""
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(20_000, 50, 100)
    yield
    gc.set_threshold(*before)


@pytest.fixture
def cloud() -> Iterator[lab.Cloud]:
    """A started offline cloud with nothing in it; boto3 just works inside."""
    running = lab.start()
    yield running
    lab.stop()


@pytest.fixture(params=["kernel", "http"])
def door(request: pytest.FixtureRequest, cloud: lab.Cloud, monkeypatch: Any) -> lab.Cloud:
    """The same cloud twice: through the hooks in this process, and over real HTTP."""
    if request.param == "http":
        monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.serve())
    return cloud


@pytest.fixture
def iam_user(cloud: lab.Cloud) -> Callable[..., boto3.Session]:
    """Make an IAM user with these inline statements and return a session with its keys."""

    def make(name: str, *statements: dict[str, Any]) -> boto3.Session:
        iam = boto3.client("iam")
        iam.create_user(UserName=name)
        if statements:
            document = {"Version": "2012-10-17", "Statement": list(statements)}
            iam.put_user_policy(
                UserName=name, PolicyName="inline", PolicyDocument=json.dumps(document)
            )
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return boto3.Session(
            aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
        )

    return make
