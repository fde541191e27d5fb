"""What is authorized is what moto does: no S3 operation reaches the code of another one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import boto3
import botocore.session
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.s3.models import S3Backend

from helpers.cloud.service_authorization.s3_one_meaning import NOT_OFFERED

S3 = botocore.session.get_session().get_service_model("s3")
LISTS = {"ListObjects", "ListObjectsV2"}
WRITES = {"PutObject", "CopyObject", "CompleteMultipartUpload", "CreateMultipartUpload"}
# What moto calls when it reads, writes or deletes, and which operations are allowed to.
DEEDS = {
    "create_bucket": {"CreateBucket"},
    "delete_bucket": {"DeleteBucket"},
    "list_objects": LISTS,
    "put_object": WRITES | {"SelectObjectContent"},
    "copy_object": {"CopyObject"},
    "delete_object": {"DeleteObject", "DeleteObjects"},
}


@pytest.fixture
def deeds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The deeds of moto from here on."""
    done: list[str] = []

    def watch(name: str) -> None:
        plain: Callable[..., Any] = getattr(S3Backend, name)

        def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
            done.append(name)
            return plain(self, *args, **kwargs)

        monkeypatch.setattr(S3Backend, name, watched)

    for name in DEEDS:
        watch(name)
    return done


def least(shape: Any, depth: int = 0) -> Any:
    """The required members of a shape, and one member where none is required."""
    if shape.type_name == "structure":
        names = shape.required_members or list(shape.members)[: 1 if depth else 0]
        return {name: least(shape.members[name], depth + 1) for name in names if depth < 6}
    if shape.type_name == "list":
        return [least(shape.member, depth + 1)]
    plain = {"string": "name", "boolean": False, "blob": b"", "timestamp": "2030-01-01"}
    return plain.get(shape.type_name, 1)


def try_out(s3: Any, operation: str, deeds: list[str], bodies: list[bytes]) -> list[str]:
    """Call an operation on a fresh bucket and object; what moto did that was not asked for."""
    with suppress(ClientError):
        s3.delete_bucket_policy(Bucket="box")  # moto stumbles over one that is no JSON
    with suppress(ClientError):
        s3.create_bucket(Bucket="box")
    s3.put_object(Bucket="box", Key="k", Body=b"hidden")
    shape = S3.operation_model(operation).input_shape
    params = least(shape) if shape else {}
    named = {"Bucket": "box", "Key": "k", "CopySource": "box/k"}
    params |= {name: value for name, value in named.items() if name in params}
    deeds.clear()
    bodies.clear()
    with suppress(ClientError):
        getattr(s3, xform_name(operation))(**params)
    wrong = [deed for deed in deeds if operation not in DEEDS[deed]]
    return wrong + ["get_object"] * any(b"hidden" in body for body in bodies)


def test_moto_does_what_was_asked(cloud: Any, deeds: list[str]) -> None:
    s3 = boto3.client("s3", config=Config(parameter_validation=False))
    bodies: list[bytes] = []

    def keep(http_response: Any, model: Any, **_: Any) -> None:
        if model.name not in ("GetObject", "SelectObjectContent"):  # read by the caller
            bodies.append(http_response.content)

    s3.meta.events.register("after-call.s3", keep)
    offered = [operation for operation in S3.operation_names if operation not in NOT_OFFERED]
    wrong = {operation: try_out(s3, operation, deeds, bodies) for operation in offered}
    assert {operation: done for operation, done in wrong.items() if done} == {}
