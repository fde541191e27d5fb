"""The attributes of users and groups: which there are, how a path names one, what they may be.

Source: Identity Store API Reference, User, AttributeOperation, CreateUser. Attribute paths are
read without regard to case: documents spell them userName, name.givenName, emails.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from moto.core.utils import get_service_model

from helpers.cloud import validation
from helpers.cloud.errors import AwsError

from .state import Members

ENTERPRISE = "aws:identitystore:enterprise"
_OF_ENTERPRISE = frozenset(
    {"employeeNumber", "costCenter", "organization", "division", "department"}
)
_RESERVED = frozenset({"administrator", "awsadministrators"})
_LONGEST = 1024


def invalid(text: str) -> AwsError:
    """AWS's refusal of a value that an attribute may not have."""
    return AwsError("ValidationException", text)


def checked(request: str, members: Members) -> Members:
    """Members that fit the shape of CreateUserRequest or CreateGroupRequest.

    AwsError ValidationException.
    """
    shape = get_service_model("identitystore").shape_for(request)
    validation.check("identitystore", shape, {"IdentityStoreId": "d-0000000000", **members})
    for extension, values in members.get("Extensions", {}).items():
        _check_extension(extension, values)
    return members


def check_name(name: str) -> None:
    """AwsError ValidationException for a name that no user or group may have."""
    if name.casefold() in _RESERVED:
        raise invalid(f"{name} is a reserved name and can't be used for users or groups.")


def _check_extension(extension: str, values: Any) -> None:
    if extension != ENTERPRISE:
        raise invalid(f"The extension {extension} is not supported.")
    if not isinstance(values, Mapping):
        raise invalid(f"The extension {extension} must be a map.")
    for name, value in values.items():
        if name not in _OF_ENTERPRISE:
            raise invalid(f"The attribute {extension}.{name} is not supported.")
        if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
            raise invalid(f"The attribute {extension}.{name} must be a string.")


def updated(request: str, members: Members, operations: list[dict[str, Any]]) -> Members:
    """Members after attribute operations: each sets one attribute, or removes it without a value.

    AwsError ValidationException, also for a path that names no attribute.
    """
    shape = get_service_model("identitystore").shape_for(request)
    changed = copy.deepcopy(members)
    for operation in operations:
        path, value = operation["AttributePath"], operation.get("AttributeValue")
        if path.startswith("aws:"):
            _set(changed, ("Extensions", *_extension_path(path)), value)
            continue
        names, named = _named(shape, path)
        _set(changed, names, _spelled(named, value))
    return checked(request, changed)


def _extension_path(path: str) -> tuple[str, ...]:
    extension, _, name = path.partition(".")
    return (extension, name) if name else (extension,)


def _named(shape: Any, path: str) -> tuple[tuple[str, ...], Any]:
    """The members that a path leads through, as the model spells them, and the last one's shape."""
    names: list[str] = []
    for part in path.split("."):
        members = shape.members if shape.type_name == "structure" else {}
        found = next((name for name in members if name.lower() == part.lower()), "")
        if found in ("", "IdentityStoreId", "Extensions"):
            raise invalid(f"The attribute {path} is not supported.")
        names.append(found)
        shape = shape.members[found]
    return tuple(names), shape


def _set(members: Members, names: tuple[str, ...], value: Any) -> None:
    """Set what stands at these names, or remove it if the value is None.

    AwsError ValidationException if an operation before has put there what has no attributes.
    """
    *way, last = names
    for name in way:
        members = members.setdefault(name, {})
        if not isinstance(members, dict):
            raise invalid(f"The attribute {name} must be a map.")
    if value is None:
        members.pop(last, None)
    else:
        members[last] = value


def _spelled(shape: Any, value: Any) -> Any:
    """A document value with its keys spelled as the model spells them."""
    if shape.type_name == "list" and isinstance(value, list):
        return [_spelled(shape.member, item) for item in value]
    if shape.type_name == "structure" and isinstance(value, Mapping):
        by_lower = {name.lower(): name for name in shape.members}
        spelled = {by_lower.get(str(key).lower(), str(key)): item for key, item in value.items()}
        return {
            name: _spelled(shape.members[name], item) if name in shape.members else item
            for name, item in spelled.items()
        }
    return value
