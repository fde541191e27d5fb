"""Requests that AWS works on in the background: their answer is a request id, to ask again with.

Here the work is done at once. The first answer says IN_PROGRESS all the same, so that code which
does not wait fails here as it does on AWS. Source: IAM Identity Center API Reference,
AccountAssignmentOperationStatus, PermissionSetProvisioningStatus.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .instances import organization_instance_of, paged
from .state import Instance

CREATION, DELETION, PROVISIONING = "creation", "deletion", "provisioning"


def begin(
    call: Call, instance: Instance, kind: str, members: dict[str, Any], failure: str
) -> dict[str, Any]:
    """Note how a request ended (`failure` is "" if well), and answer that it has begun."""
    request_id = call.world.ids.uuid()
    begun = {"Status": "IN_PROGRESS", "RequestId": request_id, **members}
    ended = {**begun, "Status": "SUCCEEDED", "CreatedDate": call.world.clock.now()}
    if failure:
        ended |= {"Status": "FAILED", "FailureReason": failure}
    instance.requests[kind, request_id] = ended
    return begun


def describe(call: Call, kind: str, request_id: str) -> dict[str, Any]:
    """How a request ended. AwsError ResourceNotFoundException."""
    ended = organization_instance_of(call).requests.get((kind, request_id))
    if ended is None:
        text = f"Could not find a request with id {request_id}"
        raise AwsError("ResourceNotFoundException", text)
    return ended


def listed(call: Call, kind: str, member: str) -> dict[str, Any]:
    """Every request of a kind, or those with the wanted status."""
    wanted = call.params.get("Filter", {}).get("Status")
    kept = organization_instance_of(call).requests.items()
    shown = [
        {name: ended[name] for name in ("Status", "RequestId", "CreatedDate")}
        for (of_kind, _), ended in kept
        if of_kind == kind and wanted in (None, ended["Status"])
    ]
    return paged(call, member, shown)
