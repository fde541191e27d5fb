"""Attributes for access control: what is known of a user becomes tags of his sessions.

Source: IAM Identity Center API Reference, CreateInstanceAccessControlAttributeConfiguration; User
Guide, "Attributes for access control" and "Attribute mappings" (the ${path:...} expressions).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.identity_store import ENTERPRISE, StoreUser
from helpers.cloud.not_offered import refuse

from .instances import organization_instance_of
from .state import Instance

_SOURCE = re.compile(r"\$\{path:([^{}$]+)\}")
_OF_ENTERPRISE = ("costCenter", "department", "division", "employeeNumber", "organization")
# How an expression names an attribute of a user, and where the identity store keeps it.
_PATHS: Mapping[str, tuple[str | int, ...]] = MappingProxyType(
    {
        "userName": ("UserName",),
        "name.familyName": ("Name", "FamilyName"),
        "name.givenName": ("Name", "GivenName"),
        "name.middleName": ("Name", "MiddleName"),
        "displayName": ("DisplayName",),
        "nickName": ("NickName",),
        "emails[primary eq true].value": ("Emails", 0, "Value"),
        "phoneNumbers[primary eq true].value": ("PhoneNumbers", 0, "Value"),
        "addresses[primary eq true].country": ("Addresses", 0, "Country"),
        "addresses[primary eq true].locality": ("Addresses", 0, "Locality"),
        "addresses[primary eq true].postalCode": ("Addresses", 0, "PostalCode"),
        "addresses[primary eq true].region": ("Addresses", 0, "Region"),
        "addresses[primary eq true].streetAddress": ("Addresses", 0, "StreetAddress"),
        "userType": ("UserType",),
        "title": ("Title",),
        "preferredLanguage": ("PreferredLanguage",),
        "locale": ("Locale",),
        "timezone": ("Timezone",),
        **{f"enterprise.{name}": ("Extensions", ENTERPRISE, name) for name in _OF_ENTERPRISE},
    }
)


def create_configuration(call: Call) -> dict[str, Any]:
    """Turn attributes for access control on. AwsError ConflictException if they are on."""
    instance = organization_instance_of(call)
    if instance.access_control_attributes is not None:
        text = "Attributes for access control are already enabled for this instance."
        raise AwsError("ConflictException", text)
    instance.access_control_attributes = _read(call)
    return {}


def update_configuration(call: Call) -> dict[str, Any]:
    """Replace the attributes. AwsError ResourceNotFoundException if they are off."""
    instance = _enabled(call)
    instance.access_control_attributes = _read(call)
    return {}


def describe_configuration(call: Call) -> dict[str, Any]:
    """The attributes. AwsError ResourceNotFoundException if they are off."""
    kept = _enabled(call).access_control_attributes or {}
    listed = [{"Key": key, "Value": {"Source": [source]}} for key, source in kept.items()]
    shown = {"AccessControlAttributes": listed}
    return {"Status": "ENABLED", "InstanceAccessControlAttributeConfiguration": shown}


def delete_configuration(call: Call) -> dict[str, Any]:
    """Turn attributes for access control off. AwsError ResourceNotFoundException if they are."""
    _enabled(call).access_control_attributes = None
    return {}


def session_tags(instance: Instance, user: StoreUser) -> dict[str, str]:
    """The tags of a user's sessions, as STS will check them.

    An attribute that the user has not makes no tag.
    """
    sources = instance.access_control_attributes or {}
    values = {key: _value(user, source) for key, source in sources.items()}
    return {key: value for key, value in values.items() if value}


def _enabled(call: Call) -> Instance:
    instance = organization_instance_of(call)
    if instance.access_control_attributes is None:
        text = "Attributes for access control are not enabled for this instance."
        raise AwsError("ResourceNotFoundException", text)
    return instance


def _read(call: Call) -> dict[str, str]:
    """The configured keys and their sources. AwsError ValidationException for a key twice."""
    given = call.params["InstanceAccessControlAttributeConfiguration"]
    attributes: dict[str, str] = {}
    for attribute in given["AccessControlAttributes"]:
        key, source = attribute["Key"], attribute["Value"]["Source"][0]
        if key.casefold() in {other.casefold() for other in attributes}:
            raise AwsError("ValidationException", f"Duplicate access control attribute: {key}")
        if _path(source) is None:
            refuse(f"the source {source} for access control attributes")
        attributes[key] = source
    return attributes


def _path(source: str) -> tuple[str | int, ...] | None:
    found = _SOURCE.fullmatch(source)
    return _PATHS.get(found[1]) if found else None


def _value(user: StoreUser, source: str) -> str:
    value: Any = user.members
    for step in _path(source) or ():
        try:
            value = value[step]
        except (KeyError, IndexError):
            return ""
    return str(value)
