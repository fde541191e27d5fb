"""What S3 asks for: the action, the resource, and the condition keys of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.cloud.errors import AwsError
from helpers.cloud.service_authorization import facts, reference, requirements
from helpers.cloud.service_authorization.s3_copy_source import read_copy_source

BUCKET, KEY = "arn:aws:s3:::b", "arn:aws:s3:::b/k"


def needs(call: object) -> list[tuple[str, str]]:
    return [(r.action, r.resource) for r in requirements(call)]


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("HeadBucket", "s3:ListBucket"),
        ("ListObjects", "s3:ListBucket"),
        ("ListObjectsV2", "s3:ListBucket"),
        ("ListObjectVersions", "s3:ListBucketVersions"),
        ("ListMultipartUploads", "s3:ListBucketMultipartUploads"),
        ("GetBucketPolicy", "s3:GetBucketPolicy"),
        ("PutBucketPolicy", "s3:PutBucketPolicy"),
        ("GetBucketLocation", "s3:GetBucketLocation"),
        ("GetBucketVersioning", "s3:GetBucketVersioning"),
        ("PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        ("DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        ("GetBucketEncryption", "s3:GetEncryptionConfiguration"),
        ("DeleteBucketCors", "s3:PutBucketCORS"),
        ("PutBucketLifecycleConfiguration", "s3:PutLifecycleConfiguration"),
        ("DeleteBucketTagging", "s3:PutBucketTagging"),
        ("GetBucketNotificationConfiguration", "s3:GetBucketNotification"),
    ],
)
def test_actions_on_buckets(call: Callable, operation: str, action: str) -> None:
    assert needs(call("s3", operation, Bucket="b")) == [(action, BUCKET)]


@pytest.mark.parametrize(
    ("operation", "action", "versioned"),
    [
        ("GetObject", "s3:GetObject", "s3:GetObjectVersion"),
        ("HeadObject", "s3:GetObject", "s3:GetObjectVersion"),
        ("DeleteObject", "s3:DeleteObject", "s3:DeleteObjectVersion"),
        ("GetObjectTagging", "s3:GetObjectTagging", "s3:GetObjectVersionTagging"),
        ("PutObjectAcl", "s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
        ("RestoreObject", "s3:RestoreObject", "s3:RestoreObject"),
        ("PutObjectRetention", "s3:PutObjectRetention", "s3:PutObjectRetention"),
    ],
)
def test_naming_a_version_needs_another_action(
    call: Callable, operation: str, action: str, versioned: str
) -> None:
    assert needs(call("s3", operation, Bucket="b", Key="k")) == [(action, KEY)]
    assert needs(call("s3", operation, Bucket="b", Key="k", VersionId="v")) == [(versioned, KEY)]


@pytest.mark.parametrize("operation", ["UploadPart", "CompleteMultipartUpload", "PutObject"])
def test_every_way_of_writing_is_put_object(call: Callable, operation: str) -> None:
    assert needs(call("s3", operation, Bucket="b", Key="k")) == [("s3:PutObject", KEY)]


def test_what_is_sent_with_an_object_needs_more(call: Callable) -> None:
    def actions(**params: object) -> set[str]:
        needed = requirements(call("s3", "PutObject", Bucket="b", Key="k", **params))
        return {r.action for r in needed} - {"s3:PutObject"}

    assert actions(ContentType="text/plain") == set()
    assert actions(Tagging="team=blue") == {"s3:PutObjectTagging"}
    assert actions(ACL="private") == {"s3:PutObjectAcl"}
    assert actions(GrantRead="id=x") == {"s3:PutObjectAcl"}
    until = datetime(2030, 1, 1, tzinfo=UTC)
    locked = actions(ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until)
    assert locked == {"s3:PutObjectRetention"}
    assert actions(ObjectLockLegalHoldStatus="ON") == {"s3:PutObjectLegalHold"}


def test_bypassing_a_retention_needs_its_own_right(call: Callable) -> None:
    sent = call("s3", "DeleteObject", Bucket="b", Key="k", BypassGovernanceRetention=True)
    assert ("s3:BypassGovernanceRetention", KEY) in needs(sent)


def test_object_attributes_need_reading_too(call: Callable) -> None:
    sent = call("s3", "GetObjectAttributes", Bucket="b", Key="k", VersionId="v")
    assert needs(sent) == [("s3:GetObjectVersion", KEY), ("s3:GetObjectVersionAttributes", KEY)]


def test_creating_a_bucket_that_others_can_read(call: Callable) -> None:
    def actions(**params: object) -> list[str]:
        return [action for action, _ in needs(call("s3", "CreateBucket", Bucket="b", **params))]

    assert actions() == actions(ACL="private") == ["s3:CreateBucket"]
    assert actions(ACL="public-read") == ["s3:CreateBucket", "s3:PutBucketAcl"]


def test_listing_buckets_is_about_no_bucket(call: Callable) -> None:
    assert needs(call("s3", "ListBuckets")) == [("s3:ListAllMyBuckets", "*")]


@pytest.mark.parametrize("key", ["a b", "ä/ö", "a*?b", "a:b:c", "${aws:username}", "/x", "a+b%20"])
def test_keys_stay_as_they_are(call: Callable, key: str) -> None:
    assert needs(call("s3", "GetObject", Bucket="b", Key=key)) == [
        ("s3:GetObject", f"{BUCKET}/{key}")
    ]


@pytest.mark.parametrize("bucket", ["arn:aws:s3:us-east-1:1:accesspoint/x", "b/k", "a:b"])
def test_access_points_are_refused(call: Callable, bucket: str) -> None:
    with pytest.raises(AwsError, match="InvalidBucketName"):
        requirements(call("s3", "GetObject", Bucket=bucket, Key="k"))


# Copying


@pytest.mark.parametrize(
    "source",
    ["src/a b", "/src/a b", "src/a%20b", "%2Fsrc/a%20b", "src%2Fa%20b"],
)
def test_a_copy_reads_its_source_however_it_is_spelled(call: Callable, source: str) -> None:
    for operation in ("CopyObject", "UploadPartCopy"):
        sent = call("s3", operation, Bucket="b", Key="k", CopySource=source)
        assert needs(sent) == [("s3:GetObject", "arn:aws:s3:::src/a b"), ("s3:PutObject", KEY)]
        assert requirements(sent)[1].context["s3:x-amz-copy-source"] == "src/a b"


def test_a_copy_of_a_version(call: Callable) -> None:
    sent = call("s3", "CopyObject", Bucket="b", Key="k", CopySource="src/x%3Fy?versionId=v1")
    read = requirements(sent)[0]
    assert (read.action, read.resource) == ("s3:GetObjectVersion", "arn:aws:s3:::src/x?y")
    assert read.context["s3:versionid"] == "v1"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "src",
        "src/",
        "/",
        "arn:aws:s3:us-east-1:123456789012:accesspoint/ap/object/k",
        "arn%3Aaws%3As3%3A%3A%3Asrc/k",
        "http://src/k",
        "src/public#/../secret",
        "src/public;secret",
        "src/k?versionId=a&versionId=b",
        "src/k?versionId=",
        "src/k?other=1",
        "//[src/k",
    ],
)
def test_a_source_that_can_be_read_in_two_ways_is_refused(call: Callable, source: str) -> None:
    with pytest.raises(AwsError, match="InvalidArgument"):
        requirements(call("s3", "CopyObject", Bucket="b", Key="k", CopySource=source))


@given(st.text(), st.text())
def test_every_quoted_source_is_read_back(key: str, version: str) -> None:
    encodable = key.encode("utf-8", "replace").decode().lstrip("/")
    if encodable:
        assert read_copy_source(f"src/{quote(encodable)}").key == encodable


@given(st.text())
def test_no_source_breaks_the_reader(source: str) -> None:
    try:
        assert read_copy_source(source).bucket
    except AwsError as refusal:
        assert refusal.code == "InvalidArgument"


# Deleting several


def test_deleting_several_is_decided_for_each(call: Callable) -> None:
    objects = [{"Key": "a"}, {"Key": "b", "VersionId": "v"}]
    needed = requirements(call("s3", "DeleteObjects", Bucket="b", Delete={"Objects": objects}))
    assert [(r.action, r.resource, r.item) for r in needed] == [
        ("s3:DeleteObject", f"{BUCKET}/a", "a"),
        ("s3:DeleteObjectVersion", f"{BUCKET}/b", "b"),
    ]
    assert "s3:versionid" not in needed[0].context
    assert needed[1].context["s3:versionid"] == "v"


def test_deleting_nothing_is_not_free(call: Callable) -> None:
    with pytest.raises(AwsError, match="MalformedXML"):
        requirements(call("s3", "DeleteObjects", Bucket="b", Delete={"Objects": []}))


# Condition keys


def context_of(call: object) -> dict[str, object]:
    return dict(requirements(call)[0].context)


def test_the_prefix_is_there_only_when_it_is_sent(call: Callable) -> None:
    bare = context_of(call("s3", "ListObjectsV2", Bucket="b"))
    assert "s3:prefix" not in bare and "s3:delimiter" not in bare
    assert bare["s3:max-keys"] == "1000"
    sent = context_of(call("s3", "ListObjectsV2", Bucket="b", Prefix="", Delimiter="/", MaxKeys=5))
    assert (sent["s3:prefix"], sent["s3:delimiter"], sent["s3:max-keys"]) == ("", "/", "5")
    versions = context_of(call("s3", "ListObjectVersions", Bucket="b", Prefix="home/"))
    assert (versions["s3:prefix"], versions["s3:max-keys"]) == ("home/", "1000")


def test_parameters_become_the_keys_that_aws_documents(call: Callable) -> None:
    context = context_of(
        call(
            "s3",
            "PutObject",
            Bucket="b",
            Key="k",
            ACL="public-read",
            GrantRead="id=x",
            ServerSideEncryption="aws:kms",
            SSEKMSKeyId="arn:key",
            StorageClass="GLACIER",
            IfNoneMatch="*",
            Tagging="team=blue&stage=a%20b",
            ObjectLockMode="GOVERNANCE",
        )
    )
    assert context["s3:x-amz-acl"] == "public-read"
    assert context["s3:x-amz-grant-read"] == "id=x"
    assert context["s3:x-amz-server-side-encryption"] == "aws:kms"
    assert context["s3:x-amz-server-side-encryption-aws-kms-key-id"] == "arn:key"
    assert context["s3:x-amz-storage-class"] == "GLACIER"
    assert context["s3:if-none-match"] == "*"
    assert context["s3:object-lock-mode"] == "GOVERNANCE"
    assert context["s3:RequestObjectTag/team"] == "blue"
    assert context["s3:RequestObjectTag/stage"] == "a b"
    assert context["s3:RequestObjectTagKeys"] == ["team", "stage"]


def test_tags_in_the_body_of_put_object_tagging(call: Callable) -> None:
    tagging = {"TagSet": [{"Key": "team", "Value": "red"}]}
    context = context_of(call("s3", "PutObjectTagging", Bucket="b", Key="k", Tagging=tagging))
    assert context["s3:RequestObjectTag/team"] == "red"
    assert context["s3:RequestObjectTagKeys"] == ["team"]


def test_an_action_sees_only_the_keys_that_the_reference_lists_for_it(call: Callable) -> None:
    sent = call(
        "s3", "PutObject", Bucket="b", Key="k", ACL="private", Tagging="a=b", IfMatch="etag"
    )
    for requirement in requirements(sent):
        known = reference.condition_keys(requirement.action) | {"aws:RequestedRegion"}
        families = tuple(key.split("<")[0] for key in known if key.endswith("<key>"))
        for key in requirement.context:
            assert key in known or key.startswith(families), (requirement.action, key)
    assert "s3:if-match" not in context_of(
        call("s3", "GetObject", Bucket="b", Key="k", IfMatch="e")
    )


def test_the_tags_of_the_object_that_is_there(
    call: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "object_tags", lambda bucket, key, version: {"team": "blue"})
    assert (
        context_of(call("s3", "GetObject", Bucket="b", Key="k"))["s3:ExistingObjectTag/team"]
        == "blue"
    )
    # AWS does not offer the key for DeleteObject.
    deleted = context_of(call("s3", "DeleteObject", Bucket="b", Key="k"))
    assert "s3:ExistingObjectTag/team" not in deleted


def test_copying_a_tagged_object_needs_the_rights_on_tags(
    call: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "object_tags", lambda bucket, key, version: {"team": "blue"})
    sent = call("s3", "CopyObject", Bucket="b", Key="k", CopySource="src/x")
    assert needs(sent) == [
        ("s3:GetObject", "arn:aws:s3:::src/x"),
        ("s3:GetObjectTagging", "arn:aws:s3:::src/x"),
        ("s3:PutObject", KEY),
        ("s3:PutObjectTagging", KEY),
    ]


def test_the_owner_of_the_bucket_is_known(call: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "bucket_owner", lambda bucket: "999999999999")
    requirement = requirements(call("s3", "GetObject", Bucket="b", Key="k"))[0]
    assert requirement.resource_account == "999999999999"
    assert requirement.context["s3:ResourceAccount"] == "999999999999"


def test_how_the_request_was_signed(call: Callable, presigned: Callable) -> None:
    signed = context_of(call("s3", "GetObject", Bucket="b", Key="k"))
    assert signed["s3:authType"] == "REST-HEADER"
    assert signed["s3:signatureversion"] == "AWS4-HMAC-SHA256"
    assert "s3:signatureAge" not in signed
    query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260101T000000Z&X-Amz-Signature=00"
    by_url = context_of(presigned(query, datetime(2026, 1, 1, 0, 1, tzinfo=UTC)))
    assert by_url["s3:authType"] == "REST-QUERY-STRING"
    assert by_url["s3:signatureversion"] == "AWS4-HMAC-SHA256"
    assert by_url["s3:signatureAge"] == "60000"
    anonymous = context_of(presigned("", datetime(2026, 1, 1, tzinfo=UTC)))
    assert not {"s3:authType", "s3:signatureversion", "s3:signatureAge"} & set(anonymous)


def test_a_presigned_url_that_hides_its_age_is_refused(presigned: Callable) -> None:
    with pytest.raises(AwsError, match="AuthorizationQueryParametersError"):
        requirements(presigned("X-Amz-Signature=00", datetime(2026, 1, 1, tzinfo=UTC)))


# One meaning


@pytest.mark.parametrize(
    ("operation", "query", "conflicting"),
    [
        ("GetBucketAcl", "acl&policy", "policy"),
        ("GetBucketAcl", "policy=&acl=", "policy"),
        ("GetObjectTagging", "tagging&uploadId=1", "uploadId"),
        ("GetObject", "%74agging", "tagging"),
        ("DeleteObject", "tagging", "tagging"),
    ],
)
def test_a_query_that_names_two_operations_is_refused(
    call: Callable, operation: str, query: str, conflicting: str
) -> None:
    sent = call("s3", operation, Bucket="b", Key="k")
    sent.request.environ["QUERY_STRING"] = query
    with pytest.raises(AwsError, match=f"Conflicting query string parameters: {conflicting}"):
        requirements(sent)


@pytest.mark.parametrize(
    ("operation", "query"),
    [
        ("ListObjectsV2", "list-type=2&prefix=a&x-id=ListObjectsV2&encoding-type=url"),
        ("ListObjectVersions", "versions&key-marker=a&max-keys=1"),
        ("UploadPart", "uploadId=1&partNumber=2"),
        ("GetObject", "versionId=v&response-content-type=text/plain&partNumber=1"),
        ("GetObject", "X-Amz-Signature=0&X-Amz-Date=20260101T000000Z&unheard-of=1"),
    ],
)
def test_the_keys_of_an_operation_belong_together(
    call: Callable, operation: str, query: str
) -> None:
    sent = call("s3", operation, Bucket="b", Key="k")
    sent.request.environ["QUERY_STRING"] = query
    assert requirements(sent)
