"""User attributes: the pool's schema, what a client may read and write, and their effects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPoolAttribute

from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools import codes
from helpers.cloud.user_pools.directory import App, Pool, holder_of, index_user

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+[0-9]{1,15}")
_VERIFIED = frozenset({"email_verified", "phone_number_verified"})
_STANDARD = frozenset(CognitoIdpUserPoolAttribute.STANDARD_SCHEMA)
_VERIFIABLE = ("phone_number", "email")


def flat(given: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """A list of {Name, Value} as a dictionary."""
    return {a["Name"]: a.get("Value", "") for a in given or ()}


def listed(attributes: Mapping[str, str]) -> list[dict[str, str]]:
    """A dictionary as a list of {Name, Value}."""
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def may_read(app: App, name: str) -> bool:
    """Whether the client may read an attribute; standard ones unless it lists its own."""
    allowed = app.setting("ReadAttributes")
    return name in ("sub", "identities") or (name in allowed if allowed else name in _STANDARD)


def readable(app: App, user: CognitoIdpUser) -> dict[str, str]:
    """The attributes of a user that the client may read."""
    return {n: v for n, v in user.attribute_lookup.items() if may_read(app, n)}


def may_write(app: App, name: str) -> bool:
    """Whether the client may write an attribute; standard ones unless it lists its own."""
    allowed = app.setting("WriteAttributes")
    return name in allowed if allowed else name in _STANDARD


def check_writable(app: App, names: Iterable[str]) -> None:
    """Refuse attributes the client may not write; standard ones unless it lists its own.

    Whether an address is verified is never the user's own to say.
    """
    for name in names:
        if name in _VERIFIED or not may_write(app, name):
            message = "A client attempted to write unauthorized attribute"
            raise AwsError("NotAuthorizedException", message)


def check_new(pool: Pool, attributes: Mapping[str, str]) -> None:
    """Refuse attributes of a new user that are not in the schema, malformed or missing."""
    check_values(pool, attributes)
    check_required(pool, attributes)


def check_required(pool: Pool, attributes: Mapping[str, str]) -> None:
    """Refuse a user who lacks an attribute that the pool requires."""
    for name in required(pool):
        if not attributes.get(name):
            raise _not_conforming(f"{name}: The attribute is required")


def required(pool: Pool) -> list[str]:
    """The attributes that every user of the pool must have."""
    schema = pool.resource.schema_attributes
    return [name for name, rule in schema.items() if rule.required and name != "sub"]


def check_values(pool: Pool, attributes: Mapping[str, str]) -> None:
    """Refuse values the schema does not allow. InvalidParameterException."""
    for name, value in attributes.items():
        rule = pool.resource.schema_attributes.get(name)
        if rule is None:
            raise _not_conforming(f"{name}: Attribute does not exist in the schema.")
        if name == "sub":
            raise _not_conforming("sub: Attribute cannot be updated.")
        problem = _problem(rule, value) if value else ""
        problem = problem or ("Value is too long." if len(value) > 2048 else "")
        if problem:
            raise _not_conforming(f"{name}: {problem}")
    if attributes.get("email") and not _EMAIL.fullmatch(attributes["email"]):
        raise AwsError("InvalidParameterException", "Invalid email address format.")
    if attributes.get("phone_number") and not _PHONE.fullmatch(attributes["phone_number"]):
        raise AwsError("InvalidParameterException", "Invalid phone number format.")


def is_email(text: str) -> bool:
    """Whether a text has the form of an e-mail address."""
    return bool(_EMAIL.fullmatch(text))


def is_phone_number(text: str) -> bool:
    """Whether a text has the form of a phone number, such as +15555550100."""
    return bool(_PHONE.fullmatch(text))


def _not_conforming(what: str) -> AwsError:
    message = f"Attributes did not conform to the schema: {what}\n"
    return AwsError("InvalidParameterException", message)


def _problem(rule: CognitoIdpUserPoolAttribute, value: str) -> str:
    """What is wrong with a value, or nothing."""
    if rule.data_type == "Boolean":
        return "" if value.lower() in ("true", "false") else "Invalid boolean value."
    if rule.data_type == "Number":
        return _outside(rule.number_constraints, "Value", _whole(value), "Number")
    if rule.data_type == "DateTime" or rule.name == "birthdate":
        return "" if _is_date(value) else "Invalid date format."
    return _outside(rule.string_constraints, "Length", len(value), "String")


def _whole(value: str) -> int | None:
    return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else None


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def _outside(limits: Mapping[str, str] | None, of: str, size: int | None, kind: str) -> str:
    """Whether a size breaks MinValue/MaxValue or MinLength/MaxLength."""
    if size is None:
        return f"{kind} expected."
    low, high = (limits or {}).get(f"Min{of}"), (limits or {}).get(f"Max{of}")
    if low is not None and size < int(low):
        return f"{kind} must be no smaller than {low}."
    if high is not None and size > int(high):
        return f"{kind} must be no larger than {high}."
    return ""


def update(pool: Pool, user: CognitoIdpUser, changes: dict[str, str]) -> list[dict[str, str]]:
    """Change attributes and let the change take effect; returns CodeDeliveryDetailsList.

    A new address is not verified until its code comes back; where the pool verifies that
    attribute, the code is sent. A pool may keep the old address until then
    (AttributesRequireVerificationBeforeUpdate).
    """
    check_values(pool, changes)
    for name in changes:
        rule = pool.resource.schema_attributes[name]
        if not rule.mutable and name in user.attribute_lookup:
            raise _not_conforming(f"{name}: Attribute cannot be updated.")
    for name in required(pool):
        if changes.get(name) == "":
            raise _not_conforming(f"{name}: The attribute is required")
    check_names_free(pool, user, {**user.attribute_lookup, **changes}, changes)
    settings = pool.setting("UserAttributeUpdateSettings") or {}
    wait_for = settings.get("AttributesRequireVerificationBeforeUpdate") or []
    now, sent = dict(changes), []
    for name in _VERIFIABLE:
        value = changes.get(name)
        if value == "":
            now[f"{name}_verified"] = ""
        if not value or value == user.attribute_lookup.get(name):
            continue
        verified = changes.get(f"{name}_verified", "").lower() == "true"
        if name in wait_for and not verified:
            pool.account(user).pending[name] = now.pop(name)
        else:
            pool.account(user).pending.pop(name, None)
            now[f"{name}_verified"] = "true" if verified else "false"
        if not verified and name in (pool.setting("AutoVerifiedAttributes") or []):
            sent.append(codes.send(pool, user, codes.verify_purpose(name), name, value))
    write(pool, user, now)
    return sent


def remove(pool: Pool, user: CognitoIdpUser, names: Iterable[str]) -> None:
    """Delete attributes; required ones stay."""
    for name in names:
        if name not in pool.resource.schema_attributes:
            raise _not_conforming(f"{name}: Attribute does not exist in the schema.")
        if name == "sub" or pool.resource.schema_attributes[name].required:
            raise _not_conforming(f"{name}: Required attribute cannot be deleted.")
    gone = {*names, *(f"{n}_verified" for n in names)}
    kept = {n: v for n, v in user.attribute_lookup.items() if n not in gone}
    user.attributes, user.attribute_lookup = listed(kept), kept
    user.update_attributes([])
    index_user(pool, user)


def mark_verified(
    pool: Pool, user: CognitoIdpUser, attribute: str, value: str, *, take_over: bool = False
) -> None:
    """An address has proved to be the user's. It may become a name to sign in with.

    With `take_over` (ForceAliasCreation) the name leaves the user who had it before.
    """
    changes = {attribute: value, f"{attribute}_verified": "true"}
    holder = holder_of(pool, attribute, value)
    if take_over and holder is not None and holder is not user:
        write(pool, holder, {f"{attribute}_verified": "false"})
    check_names_free(pool, user, {**user.attribute_lookup, **changes}, changes)
    write(pool, user, changes)


def check_names_free(
    pool: Pool, user: CognitoIdpUser | None, after: Mapping[str, str], changes: Mapping[str, str]
) -> None:
    """AliasExistsException if a change would give a user somebody else's name to sign in with."""
    aliases = pool.setting("AliasAttributes") or []
    for name in ("email", "phone_number", "preferred_username"):
        value = after.get(name)
        touched = name in changes or f"{name}_verified" in changes
        counts = name in pool.username_attributes or (
            name in aliases
            and (name == "preferred_username" or after.get(f"{name}_verified") == "true")
        )
        if not (value and touched and counts):
            continue
        holder = holder_of(pool, name, value)
        if holder is not None and holder is not user:
            message = f"An account with the given {name} already exists."
            raise AwsError("AliasExistsException", message)


def write(pool: Pool, user: CognitoIdpUser, changes: Mapping[str, str]) -> None:
    """Set checked values as they are, empty ones removed; the user's names follow."""
    tidy = {n: v.lower() if n in _VERIFIED else v for n, v in changes.items()}
    user.update_attributes(listed({n: v for n, v in tidy.items() if v}))
    emptied = [n for n, v in tidy.items() if not v and n in user.attribute_lookup]
    if emptied:
        user.delete_attributes(emptied)
    index_user(pool, user)
