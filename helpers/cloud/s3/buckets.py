"""Finding moto's bucket, with S3's own error when there is none."""

from __future__ import annotations

from typing import Any

from helpers.cloud import resources
from helpers.cloud.errors import AwsError


def find_bucket(name: str, account: str) -> Any:
    """The bucket of that name, whoever owns it. AwsError NoSuchBucket."""
    s3 = resources.backend("s3", account, "aws")
    try:
        return s3.get_bucket(name)
    except Exception as unknown:
        raise AwsError(
            "NoSuchBucket", "The specified bucket does not exist", 404, BucketName=name
        ) from unknown
