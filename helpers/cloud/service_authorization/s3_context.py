"""The condition keys of S3: what a request says about itself, its parameters and its object.

Which of them a decision sees is not written here: the reference lists the keys of each action.
Sources: Amazon S3 User Guide, "Bucket policy examples using condition keys" and "Amazon S3
Signature Version 4 policy keys"; Service Authorization Reference, "Amazon S3".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from moto.core.utils import get_service_model

from helpers.cloud.errors import AwsError
from helpers.cloud.service_authorization import facts, reference
from helpers.cloud.service_authorization.requirement import ContextValue
from helpers.cloud.service_authorization.s3_copy_source import read_copy_source

if TYPE_CHECKING:
    from helpers.cloud.call import Call

Context = dict[str, ContextValue]

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


def listed(action: str, context: Context) -> Context:
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


def of_request(call: Call, owner: str) -> Context:
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


def of_parameters(call: Call) -> Context:
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
    source = read_copy_source(params.get("CopySource", ""))
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


def of_object_there(action: str, bucket: str, key: str, version: str | None) -> Context:
    """The tags of the object that is there, for the actions that may ask about them."""
    if "s3:ExistingObjectTag/<key>" not in reference.condition_keys(action):
        return {}
    tags = facts.object_tags(bucket, key, version)
    return {f"s3:ExistingObjectTag/{name}": value for name, value in tags.items()}
