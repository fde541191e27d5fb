"""CreateUser, DescribeUser, UpdateUser, DeleteUser, ListUsers, GetUserId.

Source: Identity Store API Reference. A user of IAM Identity Center needs a user name, a display
name, a given and a family name; user names and addresses are unique without regard to case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .alternate_identifiers import wanted_attribute
from .attributes import ENTERPRISE, check_name, checked, invalid, updated
from .state import IdentityStore, Members, StoreUser
from .stores import check_revision, local_id, not_found, paged, stamp, store_of

_REQUEST = "CreateUserRequest"
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
# What is unique about a user: how a path names it, and how it is read.
_UNIQUE: dict[str, Callable[[StoreUser], str]] = {
    "username": lambda user: user.user_name,
    "emails.value": lambda user: user.email,
}


def create_user(call: Call) -> dict[str, Any]:
    """Make a user. AwsError ValidationException, ConflictException, ResourceNotFoundException."""
    store = store_of(call)
    members = {key: value for key, value in call.params.items() if key != "IdentityStoreId"}
    user = StoreUser(call.world.ids.uuid(), checked(_REQUEST, members), stamp(call))
    _check(store, user)
    store.users[user.user_id] = user
    return {**_identified(store, user), "Revision": str(user.stamp.revision)}


def describe_user(call: Call) -> dict[str, Any]:
    """A user's attributes. AwsError ResourceNotFoundException."""
    store = store_of(call)
    return _described(store, _user(store, call), call.params.get("Extensions", ()))


def update_user(call: Call) -> dict[str, Any]:
    """Set or remove attributes.

    AwsError ValidationException, ConflictException, ResourceNotFoundException.
    """
    store = store_of(call)
    user = _user(store, call)
    check_revision(call, user.stamp)
    members = updated(_REQUEST, user.members, call.params["Operations"])
    _check(store, StoreUser(user.user_id, members, user.stamp))
    user.members = members
    user.stamp.touch(call.world.clock.now(), call.caller.arn)
    return {**_identified(store, user), "Revision": str(user.stamp.revision)}


def delete_user(call: Call) -> dict[str, Any]:
    """Delete a user, who leaves every group. AwsError ResourceNotFoundException."""
    store = store_of(call)
    user = _user(store, call)
    check_revision(call, user.stamp)
    del store.users[user.user_id]
    for membership in list(store.memberships.values()):
        if membership.user_id == user.user_id:
            del store.memberships[membership.membership_id]
    return {}


def list_users(call: Call) -> dict[str, Any]:
    """The store's users, or the one that the filter names. AwsError ValidationException."""
    store = store_of(call)
    users = list(store.users.values())
    for wanted in call.params.get("Filters", []):
        if wanted["AttributePath"].lower() != "username":
            raise invalid(f"The attribute {wanted['AttributePath']} is not supported for filters.")
        name = wanted["AttributeValue"].casefold()
        users = [user for user in users if user.user_name.casefold() == name]
    extensions = call.params.get("Extensions", ())
    return paged(call, "Users", [_described(store, user, extensions) for user in users])


def get_user_id(call: Call) -> dict[str, Any]:
    """The id of the user with this user name or address.

    AwsError ResourceNotFoundException, ValidationException.
    """
    store = store_of(call)
    path, value = wanted_attribute(call, _UNIQUE)
    read = _UNIQUE[path]
    for user in store.users.values():
        if read(user).casefold() == value.casefold():
            return _identified(store, user)
    raise not_found("USER")


def _user(store: IdentityStore, call: Call) -> StoreUser:
    user_id = local_id(call.params["UserId"])
    if user_id not in store.users:
        raise not_found("USER", user_id)
    return store.users[user_id]


def _check(store: IdentityStore, user: StoreUser) -> None:
    """Refuse a user without the names that are needed, or one who looks like another."""
    _check_required(user.members)
    _check_addresses(user.members)
    check_name(user.user_name)
    for other in store.users.values():
        if other.user_id == user.user_id:
            continue
        if other.user_name.casefold() == user.user_name.casefold():
            raise _duplicate("UserName")
        if user.email and other.email.casefold() == user.email.casefold():
            raise _duplicate("Email")


def _check_required(members: Members) -> None:
    if not members.get("UserName"):
        raise invalid("userName is a required attribute")
    name = members.get("Name") or {}
    needed = {
        "displayname": members.get("DisplayName"),
        "name": name,
        "givenname": not name or name.get("GivenName"),
        "familyname": not name or name.get("FamilyName"),
    }
    missing = [attribute for attribute, value in needed.items() if not value]
    if missing:
        raise invalid(", ".join(f"{each}: The attribute {each} is required" for each in missing))


def _check_addresses(members: Members) -> None:
    for address in members.get("Emails", []):
        if not _ADDRESS.fullmatch(address.get("Value", "")):
            raise invalid("emails: The value is not an email address")


def _duplicate(what: str) -> AwsError:
    text = f"Duplicate {what}"
    return AwsError("ConflictException", text, 400, Reason="UNIQUENESS_CONSTRAINT_VIOLATION")


def _identified(store: IdentityStore, user: StoreUser) -> dict[str, Any]:
    arn = f"arn:aws:identitystore:::user/{user.user_id}"
    return {"IdentityStoreId": store.store_id, "UserId": user.user_id, "UserArn": arn}


def _described(store: IdentityStore, user: StoreUser, extensions: Any) -> dict[str, Any]:
    """What DescribeUser shows: extensions only if they are asked for by name."""
    shown = {key: value for key, value in user.members.items() if key != "Extensions"}
    kept = user.members.get("Extensions", {})
    if ENTERPRISE in extensions and ENTERPRISE in kept:
        shown["Extensions"] = {ENTERPRISE: kept[ENTERPRISE]}
    revision = str(user.stamp.revision)
    identified = {**_identified(store, user), "Revision": revision, "UserStatus": "ENABLED"}
    return {**identified, **shown, **user.stamp.described()}
