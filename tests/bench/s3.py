"""S3 with vended credentials and every permission enforced, against bare moto that asks nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
from moto import mock_aws

from helpers import lab
from tests.bench.contest import Side, compare, row
from tests.bench.table import Row
from tests.clients import app as apps

BODY = b"x" * 1024
AT_MOST = 1.3


def rows() -> Iterator[Row]:
    """PutObject and GetObject."""
    with Side.of(ours) as lab_side, Side.of(bare_moto) as moto_side:
        for action in ("PutObject", "GetObject"):
            outcome = compare(lab_side.timed(action), moto_side.timed(action))
            yield row(f"S3 {action}, 1 KiB, in the kernel", outcome, "bare moto", AT_MOST)


def ours() -> dict[str, Callable[[], object]]:
    """A user of an identity pool in the own folder."""
    lab.start()
    who, keys = apps.build().credentials()
    s3 = boto3.client(
        "s3",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretKey"],
        aws_session_token=keys["SessionToken"],
    )
    return actions(s3, f"{who}/file")


def bare_moto() -> dict[str, Callable[[], object]]:
    """Anybody, anywhere."""
    mock_aws().start()
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=apps.BUCKET)
    return actions(s3, "someone/file")


def actions(s3: Any, key: str) -> dict[str, Callable[[], object]]:
    place = {"Bucket": apps.BUCKET, "Key": key}
    s3.put_object(**place, Body=BODY)
    return {
        "PutObject": lambda: s3.put_object(**place, Body=BODY),
        "GetObject": lambda: s3.get_object(**place)["Body"].read(),
    }
