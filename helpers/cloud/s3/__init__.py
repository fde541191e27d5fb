"""S3, where moto only pretends: bucket policies, batch deletes, and what a missing key reveals."""

from __future__ import annotations

from helpers.cloud.call import Operations
from helpers.cloud.s3 import bucket_policies, delete_objects

OPERATIONS: Operations = {
    "PutBucketPolicy": bucket_policies.put_bucket_policy,
    "GetBucketPolicy": bucket_policies.get_bucket_policy,
    "GetBucketPolicyStatus": bucket_policies.get_bucket_policy_status,
    "DeleteBucketPolicy": bucket_policies.delete_bucket_policy,
    "DeleteObjects": delete_objects.delete_objects,
}
