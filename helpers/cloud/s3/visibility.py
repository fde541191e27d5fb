"""What a missing key reveals: 404 to those who may list the bucket, 403 to the others.

Source: Amazon S3 API Reference, GetObject and HeadObject, "Permissions".
"""

from __future__ import annotations

from helpers.cloud import authorization
from helpers.cloud.call import Call
from helpers.cloud.service_authorization import Requirement, facts

READS = frozenset({"GetObject", "HeadObject", "GetObjectAttributes", "GetObjectTagging"})


def check_missing_key(call: Call) -> None:
    """Refuse, naming s3:ListBucket, a caller who may not know that a key is missing."""
    bucket = call.params["Bucket"]
    owner = facts.bucket_owner(bucket)
    wanted = Requirement("s3:ListBucket", f"arn:aws:s3:::{bucket}", owner)
    decision = authorization.judge(call, wanted)
    if not decision.allowed:
        raise authorization.denial(call, decision)
