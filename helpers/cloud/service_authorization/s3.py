"""Amazon S3: which actions on which bucket or object guard each operation.

Only about half of S3's operations are named like the action that guards them, so they are listed
here. Which condition keys a decision sees is not listed: the reference says it for each action.
Sources: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations" and "Bucket
policy examples using condition keys"; Service Authorization Reference, "Amazon S3".

Not covered, and refused or left without the key: access points, object Lambda, ABAC tags of
buckets (`aws:ResourceTag`), access grants, and the permissions on KMS keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlparse

from moto.core.utils import get_service_model

from helpers.cloud.errors import AwsError
from helpers.cloud.service_authorization import facts, reference
from helpers.cloud.service_authorization.requirement import ContextValue, Requirement

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

# Whether the operation brings an object into being; a part of an upload does not.
_CREATES_OBJECT: Mapping[str, str] = MappingProxyType(
    {
        "PutObject": "true",
        "CopyObject": "true",
        "CompleteMultipartUpload": "true",
        "CreateMultipartUpload": "false",
        "UploadPart": "false",
        "UploadPartCopy": "false",
    }
)
_DEFAULT_MAX_KEYS = "1000"


def requirements(call: Call) -> list[Requirement]:
    """What an S3 call must be allowed. AwsError for a copy source or bucket it cannot read."""
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
    source = _copy_source(call.params.get("CopySource", ""))
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


@dataclass(frozen=True)
class _Source:
    """The object a copy reads."""

    bucket: str
    key: str
    version: str | None


def _copy_source(value: Any) -> _Source:
    """The source of a copy: `bucket/key`, URL-encoded, `?versionId=` at most after it.

    A source that could be read in two ways (an ARN, a scheme, a fragment) is refused: the object
    that is authorized must be the object that is copied.
    """
    if isinstance(value, Mapping):
        return _Source(value["Bucket"], value["Key"], value.get("VersionId"))
    try:
        url = urlparse(value)
    except ValueError as garbled:
        raise _invalid_copy_source() from garbled
    bucket, _, key = unquote(url.path).lstrip("/").partition("/")
    asked = parse_qs(url.query, keep_blank_values=True)
    versions = asked.pop("versionId", [])
    ambiguous = url.scheme or url.netloc or url.params or url.fragment or asked
    if ambiguous or len(versions) > 1 or "" in versions or not bucket or not key or ":" in bucket:
        raise _invalid_copy_source()
    return _Source(bucket, key, versions[0] if versions else None)


def _invalid_copy_source() -> AwsError:
    text = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey"
    return AwsError("InvalidArgument", text)


def _require_source(call: Call, source: _Source, plain: str, versioned: str) -> Requirement:
    """An action on the source: of the call's own parameters it sees the version alone."""
    action = f"s3:{versioned if source.version else plain}"
    owner = facts.bucket_owner(source.bucket)
    context = _request_facts(call, owner)
    if source.version:
        context["s3:versionid"] = source.version
    context |= _existing_tags(action, source.bucket, source.key, source.version)
    resource = _object_arn(source.bucket, source.key)
    return Requirement(action, resource, owner, _listed(action, context))


def _delete_objects(call: Call) -> list[Requirement]:
    """Each key on its own: AWS deletes what it may and reports the others."""
    bucket = call.params["Bucket"]
    objects = call.params.get("Delete", {}).get("Objects") or []
    if not objects:
        text = "The XML you provided was not well-formed or did not validate against our "
        raise AwsError("MalformedXML", text + "published schema")
    actions = [_BYPASS[1]] if call.params.get("BypassGovernanceRetention") else []
    needed = []
    for entry in objects:
        key, version = entry["Key"], entry.get("VersionId")
        own = "s3:DeleteObjectVersion" if version else "s3:DeleteObject"
        sent = _entry_context(entry)
        for action in (own, *actions):
            needed.append(_require(call, action, _object_arn(bucket, key), sent, item=key))
    return needed


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
    needed = _plain(call)
    resource = needed[0].resource
    opened = call.params.get("ACL", "private") != "private"
    if opened or any(call.params.get(name) for name in _GRANTS - {"ACL"}):
        needed.append(_require(call, "s3:PutBucketAcl", resource))
    if (call.params.get("CreateBucketConfiguration") or {}).get("Tags"):
        needed.append(_require(call, "s3:TagResource", resource))
    return needed


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


# Condition keys


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
    context = _request_facts(call, owner)
    context |= _parameter_context(call)
    if more:
        context |= more
    context |= _existing_tags(action, bucket, params.get("Key", item), params.get("VersionId"))
    return Requirement(action, resource, owner, _listed(action, context), item)


def _listed(action: str, context: Context) -> Context:
    """The keys that the reference lists for the action; the others are not there to be asked."""
    families = _key_families(action)
    known = reference.condition_keys(action)
    return {
        key: value for key, value in context.items() if key in known or key.startswith(families)
    }


@cache
def _key_families(action: str) -> tuple[str, ...]:
    """Beginnings of the keys that end in a tag's name, and of the keys every action knows."""
    known = reference.condition_keys(action)
    tagged = [key.split("/")[0] + "/" for key in known if key.endswith(("<key>", "${TagKey}"))]
    return ("aws:RequestedRegion", *tagged)


def _request_facts(call: Call, owner: str) -> Context:
    """How the request was sent and signed."""
    environ = call.request.environ
    context: Context = {
        "aws:RequestedRegion": call.region,
        "s3:ResourceAccount": owner or call.account,
    }
    header = environ.get("HTTP_AUTHORIZATION", "")
    digest = environ.get("HTTP_X_AMZ_CONTENT_SHA256")
    if header:
        context["s3:authType"] = "REST-HEADER"
        context["s3:signatureversion"] = header.split(" ", 1)[0]
    elif "X-Amz-Signature=" in environ.get("QUERY_STRING", ""):
        query = call.request.args
        context["s3:authType"] = "REST-QUERY-STRING"
        context["s3:signatureversion"] = query.get("X-Amz-Algorithm", "")
        context["s3:signatureAge"] = _signature_age(call, query.get("X-Amz-Date", ""))
        digest = digest or query.get("X-Amz-Content-Sha256") or "UNSIGNED-PAYLOAD"
    if digest:
        context["s3:x-amz-content-sha256"] = digest
    if environ.get("wsgi.url_scheme") == "https":
        context["s3:TlsVersion"] = "1.3"
    return context


def _signature_age(call: Call, signed_at: str) -> str:
    """Milliseconds since a presigned URL was signed. AwsError if it does not say when."""
    try:
        then = datetime.strptime(signed_at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as garbled:
        text = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
        raise AwsError("AuthorizationQueryParametersError", text) from garbled
    age = call.world.clock.now() - then
    return str(int(age.total_seconds() * 1000))


@cache
def _parameter_keys(operation: str) -> Mapping[str, str]:
    """The condition key of each parameter that has one.

    AWS names such keys after the header or query parameter: `s3:x-amz-acl`, `s3:prefix`,
    `s3:object-lock-mode` for the header x-amz-object-lock-mode.
    """
    model = get_service_model("s3")
    if operation not in model.operation_names:
        return {}
    shape = model.operation_model(operation).input_shape
    known = reference.service_condition_keys("s3")
    found = {}
    for name, member in (shape.members if shape else {}).items():
        wire_name = str(member.serialization.get("name", "")).lower()
        candidates = (f"s3:{wire_name}", f"s3:{wire_name.removeprefix('x-amz-')}")
        key = next((candidate for candidate in candidates if candidate in known), None)
        if key and member.serialization.get("location") in ("header", "querystring"):
            found[name] = key
    return MappingProxyType(found)


def _parameter_context(call: Call) -> Context:
    """What the parameters say, in the words of condition keys."""
    params = call.params
    operation = call.operation
    keys = _parameter_keys(operation)
    context: Context = {keys[name]: _text(params[name]) for name in params if name in keys}
    if operation in _CREATES_OBJECT:
        context["s3:ObjectCreationOperation"] = _CREATES_OBJECT[operation]
    if operation.startswith("ListObject"):
        context.setdefault("s3:max-keys", _DEFAULT_MAX_KEYS)
    further = _FURTHER_CONTEXT.get(operation)
    if further:
        context |= further(params)
    if "ObjectLockRetainUntilDate" in params:
        context |= _retention_context(params["ObjectLockRetainUntilDate"])
    return context


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _retention_context(until: Any) -> Context:
    if not isinstance(until, datetime):
        return {}
    days = (until.astimezone(UTC) - datetime.now(UTC)).total_seconds() / 86400
    return {
        "s3:object-lock-retain-until-date": _text(until),
        "s3:object-lock-remaining-retention-days": str(int(days)),
    }


def _tags_of_header(params: Mapping[str, Any]) -> Context:
    """Tags sent with an object: `Tagging="team=blue&stage=test"`."""
    return _request_tags(parse_qsl(str(params.get("Tagging", "")), keep_blank_values=True))


def _tags_of_body(params: Mapping[str, Any]) -> Context:
    tag_set = (params.get("Tagging") or {}).get("TagSet") or []
    return _request_tags((tag["Key"], tag["Value"]) for tag in tag_set)


def _request_tags(tags: Iterable[tuple[str, str]]) -> Context:
    sent = dict(tags)
    if not sent:
        return {}
    context: Context = {f"s3:RequestObjectTag/{key}": value for key, value in sent.items()}
    return context | {"s3:RequestObjectTagKeys": list(sent)}


def _copy_context(params: Mapping[str, Any]) -> Context:
    """The source as `bucket/key`, however it was spelled, so that no spelling evades a policy."""
    source = _copy_source(params.get("CopySource", ""))
    return _tags_of_header(params) | {"s3:x-amz-copy-source": f"{source.bucket}/{source.key}"}


def _retention(params: Mapping[str, Any]) -> Context:
    retention = params.get("Retention") or {}
    mode = retention.get("Mode")
    context: Context = {"s3:object-lock-mode": mode} if mode else {}
    return context | _retention_context(retention.get("RetainUntilDate"))


def _legal_hold(params: Mapping[str, Any]) -> Context:
    status = (params.get("LegalHold") or {}).get("Status")
    return {"s3:object-lock-legal-hold": status} if status else {}


def _bucket_context(params: Mapping[str, Any]) -> Context:
    configuration = params.get("CreateBucketConfiguration") or {}
    context: Context = {}
    if configuration.get("LocationConstraint"):
        context["s3:locationconstraint"] = configuration["LocationConstraint"]
    tags = {tag["Key"]: tag["Value"] for tag in configuration.get("Tags") or ()}
    if tags:
        context |= {f"aws:RequestTag/{key}": value for key, value in tags.items()}
        context["aws:TagKeys"] = list(tags)
    return context


_FURTHER_CONTEXT = MappingProxyType(
    {
        "CopyObject": _copy_context,
        "CreateBucket": _bucket_context,
        "CreateMultipartUpload": _tags_of_header,
        "PutObject": _tags_of_header,
        "PutObjectLegalHold": _legal_hold,
        "PutObjectRetention": _retention,
        "PutObjectTagging": _tags_of_body,
        "UploadPartCopy": _copy_context,
    }
)


def _existing_tags(action: str, bucket: str, key: str, version: str | None) -> Context:
    if "s3:ExistingObjectTag/<key>" not in reference.condition_keys(action):
        return {}
    tags = facts.object_tags(bucket, key, version)
    return {f"s3:ExistingObjectTag/{name}": value for name, value in tags.items()}
