"""Access keys belong to an account: nobody learns of another one's whose they are.

Source: IAM API Reference, GetAccessKeyLastUsed, UpdateAccessKey and DeleteAccessKey (NoSuchEntity).
"""

from __future__ import annotations

from helpers.cloud import resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError


def check_own_key(call: Call) -> None:
    """Before a call about a key, which moto would look for in every account.

    AwsError NoSuchEntity.
    """
    key_id = call.params["AccessKeyId"]
    if key_id not in resources.backend("iam", call.account, "aws").access_keys:
        text = f"The Access Key with id {key_id} cannot be found."
        raise AwsError("NoSuchEntity", text, 404)
