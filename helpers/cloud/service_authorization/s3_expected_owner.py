"""Whose bucket the caller expects it to be.

A bucket name says nothing of its owner: somebody else may hold it by now. A caller who states the
account he expects is refused where another one owns the bucket.
Source: Amazon S3 User Guide, "Verifying bucket ownership with bucket owner condition".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.cloud.errors import AwsError
from helpers.cloud.service_authorization import facts
from helpers.cloud.service_authorization.s3_copy_source import read_copy_source

if TYPE_CHECKING:
    from helpers.cloud.call import Call


def check(call: Call) -> None:
    """AwsError AccessDenied if a bucket is not the expected account's."""
    params = call.params
    if "ExpectedBucketOwner" in params:
        _check(params.get("Bucket", ""), params["ExpectedBucketOwner"])
    if "ExpectedSourceBucketOwner" in params:
        source = read_copy_source(params.get("CopySource", ""))
        _check(source.bucket, params["ExpectedSourceBucketOwner"])


def _check(bucket: str, expected: str) -> None:
    if not (len(expected) == 12 and expected.isascii() and expected.isdigit()):
        text = "The value of the expected bucket owner parameter must be an AWS account ID"
        raise AwsError("InvalidBucketOwnerAWSAccountID", text)
    owner = facts.bucket_owner(bucket)
    if owner and owner != expected:
        raise AwsError("AccessDenied", "Access Denied", 403)
