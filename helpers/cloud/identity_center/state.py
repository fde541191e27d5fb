"""Instances of IAM Identity Center, permission sets and assignments, as this world keeps them.

moto keeps them too, but lets anyone assign anything to nobody and makes no role of it; so all of
it is kept here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


class CustomerManagedPolicy(NamedTuple):
    """A policy that every account has under this name and path, each its own."""

    name: str
    path: str = "/"

    def arn(self, account: str) -> str:
        """The ARN of an account's policy."""
        return f"arn:aws:iam::{account}:policy{self.path}{self.name}"

    def described(self) -> dict[str, str]:
        """The API's CustomerManagedPolicyReference."""
        return {"Name": self.name, "Path": self.path}


class Assignment(NamedTuple):
    """A user or group (`principal_type` USER or GROUP) has a permission set in an account."""

    account: str
    permission_set_arn: str
    principal_type: str
    principal_id: str


@dataclass(frozen=True)
class Provisioned:
    """A permission set as it was last written into an account: as a role."""

    role_arn: str
    revision: int


@dataclass
class PermissionSet:
    """One permission set. `provisioned` is by account; `revision` counts the changes."""

    arn: str
    name: str
    created: datetime
    session_duration: str
    description: str = ""
    relay_state: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    inline_policy: str = ""
    managed: list[str] = field(default_factory=list)
    customer_managed: list[CustomerManagedPolicy] = field(default_factory=list)
    boundary: str | CustomerManagedPolicy | None = None
    revision: int = 1
    provisioned: dict[str, Provisioned] = field(default_factory=dict)

    @property
    def permission_set_id(self) -> str:
        """The last part of the ARN."""
        return self.arn.rpartition("/")[2]

    def is_latest_in(self, account: str) -> bool:
        """Whether the account's role has everything that was changed since."""
        return self.provisioned[account].revision == self.revision


@dataclass
class Instance:
    """One instance of IAM Identity Center, in the region that it was made in.

    `of_organization` tells the organization's instance, which assigns access to accounts, from an
    account's own, which does not. `saml_providers` are the names, by account, of the IAM SAML
    providers through which it lets people in. `requests` are by kind of request and id.
    """

    arn: str
    identity_store_id: str
    account: str
    region: str
    created: datetime
    of_organization: bool
    name: str = ""
    client_token: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    permission_sets: dict[str, PermissionSet] = field(default_factory=dict)
    assignments: dict[Assignment, datetime] = field(default_factory=dict)
    saml_providers: dict[str, str] = field(default_factory=dict)
    requests: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    access_control_attributes: dict[str, str] | None = None

    @property
    def instance_id(self) -> str:
        """The last part of the ARN."""
        return self.arn.rpartition("/")[2]

    def assigned(self, account: str, permission_set_arn: str) -> Iterator[Assignment]:
        """Who has a permission set in an account."""
        wanted = (account, permission_set_arn)
        return (one for one in self.assignments if one[:2] == wanted)


@dataclass
class IdentityCenterState:
    """All instances of a world, by ARN."""

    instances: dict[str, Instance] = field(default_factory=dict)
