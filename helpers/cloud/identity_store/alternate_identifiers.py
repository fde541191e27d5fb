"""How GetUserId and GetGroupId are told whom they look for.

Source: Identity Store API Reference, AlternateIdentifier. External ids come from the provisioning
of an external provider (SCIM), which the offline cloud does not offer: nobody has one.
"""

from __future__ import annotations

from collections.abc import Collection

from helpers.cloud.call import Call

from .attributes import invalid
from .stores import not_found


def wanted_attribute(call: Call, unique: Collection[str]) -> tuple[str, str]:
    """(path in lower case, value) of the unique attribute that the call names.

    AwsError ValidationException; ResourceNotFoundException for an external id.
    """
    given = call.params["AlternateIdentifier"]
    if "UniqueAttribute" not in given:
        raise not_found(call.operation.removeprefix("Get").removesuffix("Id").upper())
    path = given["UniqueAttribute"]["AttributePath"]
    value = given["UniqueAttribute"]["AttributeValue"]
    if path.lower() not in unique:
        raise invalid(f"The attribute {path} is not a unique attribute")
    if not isinstance(value, str) or not value:
        raise invalid(f"attribute value cannot be empty or null for attribute path {path}")
    return path.lower(), value
