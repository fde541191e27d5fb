"""AWS's Service Authorization Reference as code: what each API call must be allowed.

    requirements(call) -> [Requirement("s3:GetObject", "arn:aws:s3:::bucket/key", ...)]

Only DynamoDB and S3 need tables of their own: most of their operations are named differently from
the actions that guard them. For every other service the general rule holds: the action is named
like the operation. An operation nobody has heard of falls under that rule too, so it is allowed
only to those whose policies allow it; the answer is empty for the few STS operations that decide
for themselves, and for nothing else.

A call that AWS itself would reject as malformed, or that cannot be read with certainty, raises
AwsError: what is not understood cannot be authorized.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from helpers.cloud.service_authorization import (
    api_gateway,
    dynamodb,
    ec2,
    general,
    identity_store,
    organizations,
    s3,
    sts,
)
from helpers.cloud.service_authorization.general import account_in
from helpers.cloud.service_authorization.public import PUBLIC_OPERATIONS, is_public
from helpers.cloud.service_authorization.requirement import Requirement

if TYPE_CHECKING:
    from helpers.cloud.call import Call

__all__ = ["PUBLIC_OPERATIONS", "Requirement", "account_in", "is_public", "requirements"]

_ROOMS: Mapping[str, Callable[[Call], list[Requirement]]] = MappingProxyType(
    {
        "apigateway": api_gateway.requirements,
        "apigatewayv2": api_gateway.requirements,
        "dynamodb": dynamodb.requirements,
        "ec2": ec2.requirements,
        "identitystore": identity_store.requirements,
        "organizations": organizations.requirements,
        "s3": s3.requirements,
        "sts": sts.requirements,
    }
)


def requirements(call: Call) -> list[Requirement]:
    """Every action on every resource that the caller must be allowed for this call to run.

    Reads the operation, its parameters and the request's headers, and looks at moto's resources
    for what a policy may ask about them (the owner of a bucket, the tags of an object, the
    partition key of a table). Supplies the condition keys of the service and
    `aws:RequestedRegion`; the other global keys belong to the request and the caller.

    Operations that need no signature (`is_public`) are not governed by policies: ask that first.
    AwsError if the call cannot be read with certainty.
    """
    return _ROOMS.get(call.service, general.requirements)(call)
