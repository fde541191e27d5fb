"""The object that an S3 copy reads, as the header x-amz-copy-source names it.

Source: Amazon S3 API Reference, CopyObject, "x-amz-copy-source".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

from helpers.cloud.errors import AwsError


@dataclass(frozen=True)
class CopySource:
    """The object a copy reads; `version` is None for the latest."""

    bucket: str
    key: str
    version: str | None


def read_copy_source(value: Any) -> CopySource:
    """Read `bucket/key`, URL-encoded, `?versionId=` at most after it.

    A source that could be read in two ways (an ARN, a scheme, a fragment) is refused: the object
    that is authorized must be the object that is copied.
    """
    if isinstance(value, Mapping):
        return CopySource(value["Bucket"], value["Key"], value.get("VersionId"))
    try:
        url = urlparse(value)
    except ValueError as garbled:
        raise _invalid() from garbled
    bucket, _, key = unquote(url.path).lstrip("/").partition("/")
    asked = parse_qs(url.query, keep_blank_values=True)
    versions = asked.pop("versionId", [])
    ambiguous = url.scheme or url.netloc or url.params or url.fragment or asked
    if ambiguous or len(versions) > 1 or "" in versions or not bucket or not key or ":" in bucket:
        raise _invalid()
    return CopySource(bucket, key, versions[0] if versions else None)


def _invalid() -> AwsError:
    text = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey"
    return AwsError("InvalidArgument", text)
