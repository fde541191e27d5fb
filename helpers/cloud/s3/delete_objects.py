"""DeleteObjects: every key of the batch is allowed or refused on its own."""

from __future__ import annotations

from typing import Any

from helpers.cloud import resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.s3.buckets import find_bucket


def delete_objects(call: Call) -> dict[str, Any]:
    """Delete what the caller may delete; the others come back as errors in a 200 answer."""
    bucket = find_bucket(call.params["Bucket"])
    wanted = call.params["Delete"]["Objects"]
    if not 1 <= len(wanted) <= 1000:
        raise _malformed()
    errors = [
        {"Key": item["Key"], "Code": "AccessDenied", "Message": call.refused_items[item["Key"]]}
        for item in wanted
        if item["Key"] in call.refused_items
    ]
    deleted = [_delete(bucket, i) for i in wanted if i["Key"] not in call.refused_items]
    if call.params["Delete"].get("Quiet"):
        deleted = []
    return {"Deleted": deleted, "Errors": errors}


def _delete(bucket: Any, item: dict[str, str]) -> dict[str, Any]:
    s3 = resources.backend("s3", bucket.account_id, "aws")
    _, facts = s3.delete_object(bucket.name, item["Key"], version_id=item.get("VersionId"))
    result: dict[str, Any] = {"Key": item["Key"]}
    if item.get("VersionId"):
        result["VersionId"] = item["VersionId"]
    if (facts or {}).get("delete-marker") in (True, "true"):
        result |= {"DeleteMarker": True, "DeleteMarkerVersionId": facts.get("version-id")}
    return result


def _malformed() -> AwsError:
    text = "The XML you provided was not well-formed or did not validate against our "
    return AwsError("MalformedXML", text + "published schema")
