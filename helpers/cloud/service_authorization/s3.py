"""Amazon S3: which actions on which bucket or object guard each operation.

Only about half of S3's operations are named like the action that guards them, so they are listed
here.
Sources: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations"; Service
Authorization Reference, "Amazon S3".

Not covered, and refused or left without the key: access points, object Lambda, ABAC tags of
buckets (`aws:ResourceTag`), access grants, and the permissions on KMS keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from helpers.cloud.errors import AwsError
from helpers.cloud.service_authorization import facts, s3_context, s3_expected_owner, s3_one_meaning
from helpers.cloud.service_authorization.requirement import ContextValue, Requirement
from helpers.cloud.service_authorization.s3_copy_source import CopySource, read_copy_source

if TYPE_CHECKING:
    from helpers.cloud.call import Call

Context = dict[str, ContextValue]

# Operations on an object, where the action is named otherwise or depends on a version being named:
# (action, action when VersionId is sent). An operation that is in no table is named like its
# action.
_OBJECT_ACTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "CompleteMultipartUpload": ("PutObject", "PutObject"),
        "CreateMultipartUpload": ("PutObject", "PutObject"),
        "DeleteObject": ("DeleteObject", "DeleteObjectVersion"),
        "DeleteObjectAnnotation": ("DeleteObjectAnnotation", "DeleteObjectVersionAnnotation"),
        "DeleteObjectTagging": ("DeleteObjectTagging", "DeleteObjectVersionTagging"),
        "GetObject": ("GetObject", "GetObjectVersion"),
        "GetObjectAcl": ("GetObjectAcl", "GetObjectVersionAcl"),
        "GetObjectAnnotation": ("GetObjectAnnotation", "GetObjectVersionAnnotation"),
        "GetObjectTagging": ("GetObjectTagging", "GetObjectVersionTagging"),
        "HeadObject": ("GetObject", "GetObjectVersion"),
        "ListObjectAnnotations": ("ListObjectAnnotations", "ListObjectVersionAnnotations"),
        "ListParts": ("ListMultipartUploadParts", "ListMultipartUploadParts"),
        "PutObjectAcl": ("PutObjectAcl", "PutObjectVersionAcl"),
        "PutObjectAnnotation": ("PutObjectAnnotation", "PutObjectVersionAnnotation"),
        "PutObjectTagging": ("PutObjectTagging", "PutObjectVersionTagging"),
        "SelectObjectContent": ("GetObject", "GetObject"),
        "UploadPart": ("PutObject", "PutObject"),
    }
)

_BUCKET_ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "CreateBucketMetadataConfiguration": "CreateBucketMetadataTableConfiguration",
        "DeleteBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
        "DeleteBucketCors": "PutBucketCORS",
        "DeleteBucketEncryption": "PutEncryptionConfiguration",
        "DeleteBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
        "DeleteBucketInventoryConfiguration": "PutInventoryConfiguration",
        "DeleteBucketLifecycle": "PutLifecycleConfiguration",
        "DeleteBucketMetadataConfiguration": "DeleteBucketMetadataTableConfiguration",
        "DeleteBucketMetricsConfiguration": "PutMetricsConfiguration",
        "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
        "DeleteBucketReplication": "PutReplicationConfiguration",
        "DeleteBucketTagging": "PutBucketTagging",
        "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
        "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
        "GetBucketAnalyticsConfiguration": "GetAnalyticsConfiguration",
        "GetBucketCors": "GetBucketCORS",
        "GetBucketEncryption": "GetEncryptionConfiguration",
        "GetBucketIntelligentTieringConfiguration": "GetIntelligentTieringConfiguration",
        "GetBucketInventoryConfiguration": "GetInventoryConfiguration",
        "GetBucketLifecycle": "GetLifecycleConfiguration",
        "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
        "GetBucketMetadataConfiguration": "GetBucketMetadataTableConfiguration",
        "GetBucketMetricsConfiguration": "GetMetricsConfiguration",
        "GetBucketNotificationConfiguration": "GetBucketNotification",
        "GetBucketReplication": "GetReplicationConfiguration",
        "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
        "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
        "HeadBucket": "ListBucket",
        "ListBucketAnalyticsConfigurations": "GetAnalyticsConfiguration",
        "ListBucketIntelligentTieringConfigurations": "GetIntelligentTieringConfiguration",
        "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
        "ListBucketMetricsConfigurations": "GetMetricsConfiguration",
        "ListMultipartUploads": "ListBucketMultipartUploads",
        "ListObjectVersions": "ListBucketVersions",
        "ListObjects": "ListBucket",
        "ListObjectsV2": "ListBucket",
        "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
        "PutBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
        "PutBucketCors": "PutBucketCORS",
        "PutBucketEncryption": "PutEncryptionConfiguration",
        "PutBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
        "PutBucketInventoryConfiguration": "PutInventoryConfiguration",
        "PutBucketLifecycle": "PutLifecycleConfiguration",
        "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
        "PutBucketMetricsConfiguration": "PutMetricsConfiguration",
        "PutBucketNotificationConfiguration": "PutBucketNotification",
        "PutBucketReplication": "PutReplicationConfiguration",
        "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
        "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    }
)

# What an operation needs besides, when it carries any of these parameters.
_GRANTS = frozenset(
    {"ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP"}
)
_WRITE_EXTRAS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"Tagging"}), "s3:PutObjectTagging"),
    (_GRANTS, "s3:PutObjectAcl"),
    (frozenset({"ObjectLockMode", "ObjectLockRetainUntilDate"}), "s3:PutObjectRetention"),
    (frozenset({"ObjectLockLegalHoldStatus"}), "s3:PutObjectLegalHold"),
)
_BYPASS = (frozenset({"BypassGovernanceRetention"}), "s3:BypassGovernanceRetention")
_EXTRAS: Mapping[str, tuple[tuple[frozenset[str], str], ...]] = MappingProxyType(
    {
        "PutObject": _WRITE_EXTRAS,
        "CopyObject": _WRITE_EXTRAS,
        "CreateMultipartUpload": _WRITE_EXTRAS,
        "CreateBucket": (
            (frozenset({"ObjectOwnership"}), "s3:PutBucketOwnershipControls"),
            (frozenset({"ObjectLockEnabledForBucket"}), "s3:PutBucketObjectLockConfiguration"),
            (frozenset({"ObjectLockEnabledForBucket"}), "s3:PutBucketVersioning"),
        ),
        "DeleteObject": (_BYPASS,),
        "PutObjectRetention": (_BYPASS,),
    }
)


def requirements(call: Call) -> list[Requirement]:
    """What an S3 call must be allowed. AwsError for a call that has not exactly one meaning."""
    s3_one_meaning.check(call)
    s3_expected_owner.check(call)
    return needed(call)


def needed(call: Call) -> list[Requirement]:
    """The same, whether or not the offline cloud offers the operation."""
    special = _SPECIAL.get(call.operation)
    return special(call) if special else _plain(call)


def _plain(call: Call) -> list[Requirement]:
    """One action on the call's own object or bucket, and what its parameters need besides."""
    params = call.params
    if "Key" in params:
        plain, versioned = _object_actions(call.operation)
        action = versioned if "VersionId" in params else plain
        resource = _object_arn(params["Bucket"], params["Key"])
    else:
        action = _bucket_action(call.operation)
        resource = _bucket_arn(params["Bucket"]) if "Bucket" in params else "*"
    return [_require(call, name, resource) for name in (action, *_extra_actions(call))]


@cache
def _object_actions(operation: str) -> tuple[str, str]:
    plain, versioned = _OBJECT_ACTIONS.get(operation, (operation, operation))
    return f"s3:{plain}", f"s3:{versioned}"


@cache
def _bucket_action(operation: str) -> str:
    return f"s3:{_BUCKET_ACTIONS.get(operation, operation)}"


def _extra_actions(call: Call) -> Iterator[str]:
    params = call.params
    for names, action in _EXTRAS.get(call.operation, ()):
        if any(params.get(name) for name in names):
            yield action


def _bucket_arn(bucket: str) -> str:
    if ":" in bucket or "/" in bucket:
        raise AwsError("InvalidBucketName", "The specified bucket is not valid.")
    return f"arn:aws:s3:::{bucket}"


def _object_arn(bucket: str, key: str) -> str:
    return f"{_bucket_arn(bucket)}/{key}"


# Operations with more than one resource, or with none


def _copy(call: Call) -> list[Requirement]:
    """Read the source, write the destination; both must be allowed."""
    source = read_copy_source(call.params.get("CopySource", ""))
    read = [_require_source(call, source, "GetObject", "GetObjectVersion")]
    actions = ["s3:PutObject", *_extra_actions(call)]
    copies_tags = call.operation == "CopyObject" and (
        call.params.get("TaggingDirective", "COPY") == "COPY"
    )
    if copies_tags and facts.object_tags(source.bucket, source.key, source.version):
        read.append(_require_source(call, source, "GetObjectTagging", "GetObjectVersionTagging"))
        if "s3:PutObjectTagging" not in actions:
            actions.append("s3:PutObjectTagging")
    target = _object_arn(call.params["Bucket"], call.params["Key"])
    return read + [_require(call, action, target) for action in actions]


def _require(
    call: Call,
    action: str,
    resource: str,
    more: Mapping[str, ContextValue] | None = None,
    item: str = "",
) -> Requirement:
    """An action on a resource of the call's own bucket, with the keys that the action knows."""
    params = call.params
    bucket = params.get("Bucket", "")
    # A new bucket is nobody's yet: it will be the caller's account's.
    owner = facts.bucket_owner(bucket) if call.operation != "CreateBucket" else ""
    context = s3_context.of_request(call, owner)
    context |= s3_context.of_parameters(call)
    if more:
        context |= more
    context |= s3_context.of_object_there(
        action, bucket, params.get("Key", item), params.get("VersionId")
    )
    return Requirement(action, resource, owner, s3_context.listed(action, context), item)


def _require_source(call: Call, source: CopySource, plain: str, versioned: str) -> Requirement:
    """An action on the source: of the call's own parameters it sees the version alone."""
    action = f"s3:{versioned if source.version else plain}"
    owner = facts.bucket_owner(source.bucket)
    context = s3_context.of_request(call, owner)
    if source.version:
        context["s3:versionid"] = source.version
    context |= s3_context.of_object_there(action, source.bucket, source.key, source.version)
    resource = _object_arn(source.bucket, source.key)
    return Requirement(action, resource, owner, s3_context.listed(action, context))


def _delete_objects(call: Call) -> list[Requirement]:
    """Each key on its own: AWS deletes what it may and reports the others."""
    bucket = call.params["Bucket"]
    objects = call.params.get("Delete", {}).get("Objects") or []
    if not objects:
        text = "The XML you provided was not well-formed or did not validate against our "
        raise AwsError("MalformedXML", text + "published schema")
    actions = [_BYPASS[1]] if call.params.get("BypassGovernanceRetention") else []
    wanted = []
    for entry in objects:
        key, version = entry["Key"], entry.get("VersionId")
        own = "s3:DeleteObjectVersion" if version else "s3:DeleteObject"
        sent = _entry_context(entry)
        for action in (own, *actions):
            wanted.append(_require(call, action, _object_arn(bucket, key), sent, item=key))
    return wanted


def _entry_context(entry: Mapping[str, Any]) -> Context:
    names = (("VersionId", "s3:versionid"), ("ETag", "s3:if-match"))
    return {key: str(entry[name]) for name, key in names if entry.get(name)}


def _object_attributes(call: Call) -> list[Requirement]:
    """Reading the attributes needs the right to read the object, too."""
    version = "Version" if "VersionId" in call.params else ""
    resource = _object_arn(call.params["Bucket"], call.params["Key"])
    actions = (f"s3:GetObject{version}", f"s3:GetObject{version}Attributes")
    return [_require(call, action, resource) for action in actions]


def _create_bucket(call: Call) -> list[Requirement]:
    """A bucket that is born with an access control list or tags needs the right to set them."""
    wanted = _plain(call)
    resource = wanted[0].resource
    opened = call.params.get("ACL", "private") != "private"
    if opened or any(call.params.get(name) for name in _GRANTS - {"ACL"}):
        wanted.append(_require(call, "s3:PutBucketAcl", resource))
    if (call.params.get("CreateBucketConfiguration") or {}).get("Tags"):
        wanted.append(_require(call, "s3:TagResource", resource))
    return wanted


def _put_bucket_replication(call: Call) -> list[Requirement]:
    role = call.params.get("ReplicationConfiguration", {}).get("Role", "")
    context: Context = {
        "aws:RequestedRegion": call.region,
        "iam:PassedToService": "s3.amazonaws.com",
    }
    return [*_plain(call), Requirement("iam:PassRole", role or "*", context=context)]


def _list_buckets(call: Call) -> list[Requirement]:
    return [_require(call, "s3:ListAllMyBuckets", "*")]


def _directory_bucket(call: Call) -> list[Requirement]:
    """Directory buckets (S3 Express) know one action for all work on their objects."""
    bucket = call.params["Bucket"]
    _bucket_arn(bucket)
    resource = f"arn:aws:s3express:{call.region}:{call.account}:bucket/{bucket}"
    region: Context = {"aws:RequestedRegion": call.region}
    return [Requirement("s3express:CreateSession", resource, context=region)]


def _list_directory_buckets(call: Call) -> list[Requirement]:
    region: Context = {"aws:RequestedRegion": call.region}
    return [Requirement("s3express:ListAllMyDirectoryBuckets", "*", context=region)]


def _write_get_object_response(call: Call) -> list[Requirement]:
    region: Context = {"aws:RequestedRegion": call.region}
    return [Requirement("s3-object-lambda:WriteGetObjectResponse", "*", context=region)]


_SPECIAL = MappingProxyType(
    {
        "CopyObject": _copy,
        "CreateBucket": _create_bucket,
        "CreateSession": _directory_bucket,
        "DeleteObjects": _delete_objects,
        "GetObjectAttributes": _object_attributes,
        "ListBuckets": _list_buckets,
        "ListDirectoryBuckets": _list_directory_buckets,
        "PutBucketReplication": _put_bucket_replication,
        "RenameObject": _directory_bucket,
        "UploadPartCopy": _copy,
        "WriteGetObjectResponse": _write_get_object_response,
    }
)
