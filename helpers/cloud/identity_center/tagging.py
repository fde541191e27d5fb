"""TagResource, UntagResource, ListTagsForResource: for instances and permission sets.

Source: IAM Identity Center API Reference.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.not_offered import refuse

from .instances import denied, own_instance, paged
from .permission_sets import find
from .tags import check_count, described, read_tags


def tag_resource(call: Call) -> dict[str, Any]:
    """Add tags, replacing those of the same key.

    AwsError ValidationException, ServiceQuotaExceededException, ResourceNotFoundException.
    """
    tags = _tags(call)
    together = tags | read_tags(call.params["Tags"])
    check_count(together)
    tags.update(together)
    return {}


def untag_resource(call: Call) -> dict[str, Any]:
    """Take tags off. AwsError ResourceNotFoundException."""
    tags = _tags(call)
    for key in call.params["TagKeys"]:
        tags.pop(key, None)
    return {}


def list_tags_for_resource(call: Call) -> dict[str, Any]:
    """The tags of an instance or permission set. AwsError ResourceNotFoundException."""
    return paged(call, "Tags", described(_tags(call)))


def _tags(call: Call) -> dict[str, str]:
    """The tags of the resource that the call names."""
    arn = call.params["ResourceArn"]
    kind, _, rest = arn.split(":", 5)[5].partition("/")
    if kind not in ("instance", "permissionSet"):
        refuse(f"tags of {kind} resources in sso-admin")
    instance = own_instance(call, f"arn:aws:sso:::instance/{rest.partition('/')[0]}")
    if call.params.get("InstanceArn", instance.arn) != instance.arn:
        raise denied()
    return instance.tags if kind == "instance" else find(instance, arn).tags
