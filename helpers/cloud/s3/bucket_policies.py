"""Bucket policies. Kept here and not in moto, which would apply them without their conditions."""

from __future__ import annotations

import json
from typing import Any
from weakref import WeakKeyDictionary

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import PolicyError, parse_policy
from helpers.cloud.s3.buckets import find_bucket

# Amazon S3 User Guide, "Bucket policies": at most 20 KB.
_LARGEST = 20 * 1024


class BucketPolicies(WeakKeyDictionary[Any, str]):
    """Policy documents as they were put. A policy goes when moto's bucket goes."""


def put_bucket_policy(call: Call) -> dict[str, Any]:
    """Attach a policy to a bucket. AwsError MalformedPolicy when it is not one."""
    bucket, document = call.params["Bucket"], call.params["Policy"]
    owner = _own_bucket(call)
    if len(document.encode()) > _LARGEST:
        text = "The policy document exceeded the maximum size of 20480 bytes."
        raise AwsError("PolicyTooLarge", text)
    try:
        parse_policy(document, name=f"bucket policy of {bucket}", kind="resource")
    except PolicyError as wrong:
        raise AwsError("MalformedPolicy", wrong.message) from wrong
    if not all(_inside(r, bucket) for s in _statements(document) for r in _resources(s)):
        raise AwsError("MalformedPolicy", "Policy has invalid resource")
    call.world.room(BucketPolicies)[owner] = document
    return {}


def _own_bucket(call: Call) -> Any:
    """The bucket, if it belongs to the calling account. AwsError NoSuchBucket, MethodNotAllowed.

    Source: Amazon S3 API Reference, PutBucketPolicy: whatever the policy allows, only identities
    of the owner's account work on it.
    """
    bucket = find_bucket(call.params["Bucket"])
    if bucket.account_id != call.account:
        text = "The specified method is not allowed against this resource."
        raise AwsError("MethodNotAllowed", text, 405)
    return bucket


def _statements(document: str) -> list[Any]:
    found = json.loads(document)["Statement"]
    return found if isinstance(found, list) else [found]


def _resources(statement: Any) -> list[str]:
    value = statement.get("Resource", statement.get("NotResource", []))
    return [value] if isinstance(value, str) else list(value)


def _inside(resource: str, bucket: str) -> bool:
    arn = f"arn:aws:s3:::{bucket}"
    return resource == "*" or resource == arn or resource.startswith((arn + "/", arn + "*"))


def get_bucket_policy(call: Call) -> dict[str, Any]:
    """The policy as it was put. AwsError NoSuchBucketPolicy."""
    return {"Policy": _document(call)}


def get_bucket_policy_status(call: Call) -> dict[str, Any]:
    """Whether the policy lets everyone in."""
    statements = _statements(_document(call))
    return {"PolicyStatus": {"IsPublic": any(_public(s) for s in statements)}}


def _public(statement: Any) -> bool:
    principal = statement.get("Principal")
    everyone = principal in ("*", {"AWS": "*"}, {"AWS": ["*"]})
    return statement["Effect"] == "Allow" and everyone and not statement.get("Condition")


def delete_bucket_policy(call: Call) -> dict[str, Any]:
    """Take the policy off. No error when there was none."""
    bucket = _own_bucket(call)
    call.world.room(BucketPolicies).pop(bucket, None)
    return {}


def _document(call: Call) -> str:
    bucket = _own_bucket(call)
    document = call.world.room(BucketPolicies).get(bucket)
    if document is None:
        text = "The bucket policy does not exist"
        raise AwsError("NoSuchBucketPolicy", text, 404, BucketName=bucket.name)
    return document
