"""Users, groups and memberships of an identity store, as this world keeps them.

moto keeps them too, but makes a store of any name it is asked for, updates nobody and forgets
what belongs to a user it deletes; so all of it is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Members = dict[str, Any]


@dataclass
class Stamp:
    """When something was made and changed, and by whom (ARNs); `revision` counts the changes."""

    created: datetime
    created_by: str
    updated: datetime
    updated_by: str
    revision: int = 1

    def touch(self, now: datetime, who: str) -> None:
        """Note a change."""
        self.updated, self.updated_by, self.revision = now, who, self.revision + 1

    def described(self) -> Members:
        """The members that the API shows of it, the revision left out."""
        return {
            "CreatedAt": self.created,
            "CreatedBy": self.created_by,
            "UpdatedAt": self.updated,
            "UpdatedBy": self.updated_by,
        }


@dataclass
class StoreUser:
    """One user. `members` are those of CreateUser, under the API's names."""

    user_id: str
    members: Members
    stamp: Stamp

    @property
    def user_name(self) -> str:
        """The name the user signs in with."""
        return str(self.members["UserName"])

    @property
    def display_name(self) -> str:
        """The name that pages show."""
        return str(self.members["DisplayName"])

    @property
    def email(self) -> str:
        """The user's address, "" if there is none."""
        addresses = self.members.get("Emails") or [{}]
        return str(addresses[0].get("Value", ""))


@dataclass
class Group:
    """One group. `members` are those of CreateGroup, under the API's names."""

    group_id: str
    members: Members
    stamp: Stamp

    @property
    def display_name(self) -> str:
        """The group's name, unique in its store."""
        return str(self.members["DisplayName"])


@dataclass
class Membership:
    """One user in one group."""

    membership_id: str
    group_id: str
    user_id: str
    stamp: Stamp


@dataclass
class IdentityStore:
    """The directory of one IAM Identity Center instance, everything in it by id, oldest first."""

    store_id: str
    account: str
    region: str
    users: dict[str, StoreUser] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """The store's ARN."""
        return f"arn:aws:identitystore::{self.account}:identitystore/{self.store_id}"

    def membership(self, group_id: str, user_id: str) -> Membership | None:
        """The membership of a user in a group, None if the user is not in it."""
        held = self.memberships.values()
        return next((m for m in held if (m.group_id, m.user_id) == (group_id, user_id)), None)


@dataclass
class IdentityStores:
    """All identity stores of a world, by id."""

    stores: dict[str, IdentityStore] = field(default_factory=dict)
