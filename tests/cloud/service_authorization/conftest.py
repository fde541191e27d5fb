"""A call made up for a test: what `requirements` reads of one, without a cloud behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from moto.core.request import Request

from helpers.cloud.iam import Principal

ACCOUNT = "123456789012"
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/s3/aws4_request"}


@dataclass
class FakeCall:
    service: str
    operation: str
    params: dict[str, Any]
    request: Request
    world: Any = None
    region: str = "us-east-1"
    account: str = ACCOUNT
    credentials: None = None
    caller: Principal = field(
        default_factory=lambda: Principal("User", f"arn:aws:iam::{ACCOUNT}:user/alice", ACCOUNT)
    )


@pytest.fixture
def call() -> Callable[..., FakeCall]:
    def make(service: str, operation: str, /, **params: Any) -> FakeCall:
        request = Request.from_primitives("POST", "https://service.test/", SIGNED, b"")
        return FakeCall(service, operation, params, request)

    return make


@pytest.fixture
def presigned(call: Callable[..., FakeCall]) -> Callable[..., FakeCall]:
    """A GetObject by a presigned URL; the argument is the query, the clock stands at `now`."""

    def make(query: str, now: Any) -> FakeCall:
        made = call("s3", "GetObject", Bucket="b", Key="k")
        made.request = Request.from_primitives("GET", f"https://b.test/k?{query}", {}, b"")
        made.world = SimpleNamespace(clock=SimpleNamespace(now=lambda: now))
        return made

    return make
