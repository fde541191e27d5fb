"""Finding moto's bucket, with S3's own error when there is none."""

from __future__ import annotations

from typing import Any

from helpers.cloud import resources
from helpers.cloud.errors import AwsError
from helpers.cloud.service_authorization import facts


def find_bucket(name: str) -> Any:
    """The bucket of that name, whoever owns it. AwsError NoSuchBucket."""
    owner = facts.bucket_owner(name)
    bucket = resources.backend("s3", owner, "aws").buckets.get(name) if owner else None
    if bucket is None:
        text = "The specified bucket does not exist"
        raise AwsError("NoSuchBucket", text, 404, BucketName=name)
    return bucket
