"""What is authorized must be what happens: a request to S3 must have one meaning.

S3 tells its operations apart by query keys, and moto takes a request whose key it does not know
for another operation: deleting a metrics configuration would delete the bucket. Such operations
are refused, and so are requests that name two.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from moto.core.utils import get_service_model

from helpers.cloud.errors import AwsError

if TYPE_CHECKING:
    from helpers.cloud.call import Call

# moto 5.2 would list the bucket, or create or delete it; or read, write or delete the object.
NOT_OFFERED = frozenset(
    {
        "CreateBucketMetadataConfiguration",
        "CreateBucketMetadataTableConfiguration",
        "CreateSession",
        "DeleteBucketAnalyticsConfiguration",
        "DeleteBucketIntelligentTieringConfiguration",
        "DeleteBucketInventoryConfiguration",
        "DeleteBucketMetadataConfiguration",
        "DeleteBucketMetadataTableConfiguration",
        "DeleteBucketMetricsConfiguration",
        "DeleteObjectAnnotation",
        "GetBucketAbac",
        "GetBucketAnalyticsConfiguration",
        "GetBucketIntelligentTieringConfiguration",
        "GetBucketMetadataConfiguration",
        "GetBucketMetadataTableConfiguration",
        "GetBucketMetricsConfiguration",
        "GetBucketRequestPayment",
        "GetObjectAnnotation",
        "GetObjectRetention",
        "GetObjectTorrent",
        "ListBucketAnalyticsConfigurations",
        "ListBucketIntelligentTieringConfigurations",
        "ListBucketMetricsConfigurations",
        "ListObjectAnnotations",
        "PostObject",
        "PutBucketAbac",
        "PutBucketAnalyticsConfiguration",
        "PutBucketIntelligentTieringConfiguration",
        "PutBucketMetricsConfiguration",
        "PutBucketRequestPayment",
        "PutObjectAnnotation",
        "RenameObject",
        "UpdateBucketMetadataAnnotationTableConfiguration",
        "UpdateBucketMetadataInventoryTableConfiguration",
        "UpdateBucketMetadataJournalTableConfiguration",
        "UpdateObjectEncryption",
        "WriteGetObjectResponse",
    }
)


def check(call: Call) -> None:
    """AwsError for a request that has two meanings, or another one to moto than to S3."""
    if call.operation in NOT_OFFERED:
        text = f"The offline cloud does not offer s3:{call.operation}."
        raise AwsError("NotImplemented", text, 501)
    _refuse_conflicts(call)


def _refuse_conflicts(call: Call) -> None:
    """Refuse a query that names two operations, such as `?acl&policy`.

    S3 refuses it as well. Here it matters besides that moto may choose the other operation than
    the one that is authorized.
    """
    query = call.request.environ.get("QUERY_STRING", "")
    if not query:
        return
    sent = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    conflicting = sent & _naming_keys() - _query_keys(call.operation)
    if conflicting:
        text = f"Conflicting query string parameters: {', '.join(sorted(conflicting))}"
        raise AwsError("InvalidArgument", text)


@cache
def _naming_keys() -> frozenset[str]:
    """The query keys by which S3 tells operations apart: `acl`, `tagging`, `uploadId`, ..."""
    model = get_service_model("s3")
    found: set[str] = set()
    for name in model.operation_names:
        described = model.operation_model(name)
        found |= _fixed_query(described)
        shape = described.input_shape
        for member in shape.required_members if shape else ():
            serialization = shape.members[member].serialization
            if serialization.get("location") == "querystring":
                found.add(serialization["name"])
    return frozenset(found)


@cache
def _query_keys(operation: str) -> frozenset[str]:
    """The query keys that belong to one operation."""
    model = get_service_model("s3")
    if operation not in model.operation_names:
        return frozenset()
    described = model.operation_model(operation)
    members = described.input_shape.members.values() if described.input_shape else ()
    own = {
        str(member.serialization["name"])
        for member in members
        if member.serialization.get("location") == "querystring"
    }
    return frozenset(own | _fixed_query(described))


def _fixed_query(described: Any) -> set[str]:
    query = described.http["requestUri"].partition("?")[2]
    return {name for name, _ in parse_qsl(query, keep_blank_values=True)}
