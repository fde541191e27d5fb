"""TagResource, UntagResource, ListTagsForResource: the tags of an identity pool.

Source: Amazon Cognito Federated Identities API Reference. The words about an ARN that is none and
about too many tags are ours.
"""

from __future__ import annotations

import re
from typing import Any, Final

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .state import IdentityPool, IdentityPoolsState

_ARN = re.compile(
    r"arn:aws:cognito-identity:(?P<region>[a-z0-9-]+):(?P<account>\d{12})"
    r":identitypool/(?P<pool_id>[\w-]+:[0-9a-f-]+)",
    re.ASCII,
)
_MOST_TAGS: Final = 50


def tag_resource(call: Call) -> dict[str, Any]:
    """Add tags to a pool, or change them.

    AwsError InvalidParameterException, ResourceNotFoundException.
    """
    pool = _pool(call)
    check_tags(together := pool.tags | call.params["Tags"])
    pool.settings["IdentityPoolTags"] = together
    return {}


def untag_resource(call: Call) -> dict[str, Any]:
    """Take tags off a pool; a key it does not have is passed over.

    AwsError InvalidParameterException, ResourceNotFoundException.
    """
    pool, removed = _pool(call), call.params["TagKeys"]
    pool.settings["IdentityPoolTags"] = {
        key: value for key, value in pool.tags.items() if key not in removed
    }
    return {}


def list_tags_for_resource(call: Call) -> dict[str, Any]:
    """The tags of a pool. AwsError InvalidParameterException, ResourceNotFoundException."""
    return {"Tags": _pool(call).tags}


def check_tags(tags: dict[str, str]) -> None:
    """AwsError InvalidParameterException for more tags than a pool can have, or AWS's own."""
    if len(tags) > _MOST_TAGS:
        text = f"An identity pool can have at most {_MOST_TAGS} tags."
        raise AwsError("InvalidParameterException", text)
    if any(key.lower().startswith("aws:") for key in tags):
        text = "Tag keys that begin with aws: are reserved for AWS."
        raise AwsError("InvalidParameterException", text)


def _pool(call: Call) -> IdentityPool:
    """The pool that ResourceArn names; the caller's own, in the region he asks."""
    arn = call.params["ResourceArn"]
    parts = _ARN.fullmatch(arn)
    if parts is None:
        raise AwsError("InvalidParameterException", f"Invalid resource ARN: {arn}")
    state = call.world.room(IdentityPoolsState)
    pool = state.pool(parts["pool_id"], call.region, call.account)
    if (parts["region"], parts["account"]) != (pool.region, pool.account):
        raise AwsError("ResourceNotFoundException", f"IdentityPool '{pool.pool_id}' not found.")
    return pool
