"""Identity pools, and the identities in them, as this world keeps them.

moto keeps pools too, but forgets AllowClassicFlow, never renames one and has neither roles nor
logins; so all of it is kept here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

LONGEST_PAGE = 60  # the model's QueryLimit


@dataclass(frozen=True)
class TagMap:
    """Which claims of a provider's users become principal tags: `claims` maps tag to claim."""

    claims: Mapping[str, str] = field(default_factory=dict)
    is_default: bool = False


@dataclass
class IdentityPool:
    """One identity pool.

    `settings` are the members of CreateIdentityPool as they were given; `roles` maps
    "authenticated" and "unauthenticated" to role ARNs. `role_mappings` and `tag_maps` say, for
    each provider, how its users come to a role and which of their claims become principal tags.
    """

    pool_id: str
    account: str
    region: str
    settings: dict[str, Any]
    roles: dict[str, str] = field(default_factory=dict)
    role_mappings: dict[str, dict[str, Any]] = field(default_factory=dict)
    tag_maps: dict[str, TagMap] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """The pool's ARN."""
        return f"arn:aws:cognito-identity:{self.region}:{self.account}:identitypool/{self.pool_id}"

    @property
    def developer_provider(self) -> str:
        """The name under which the pool's owner vouches for users, "" if the pool has none."""
        return str(self.settings.get("DeveloperProviderName", ""))

    @property
    def allows_guests(self) -> bool:
        """Whether identities without a login get credentials."""
        return bool(self.settings["AllowUnauthenticatedIdentities"])

    @property
    def tags(self) -> dict[str, str]:
        """The pool's tags."""
        return dict(self.settings.get("IdentityPoolTags", {}))


@dataclass
class Identity:
    """One identity. `logins` maps a provider's name to the user's id there.

    `developer_users` are its users at the pool's developer provider, of whom there may be several.
    A guest has neither. A disabled identity lost its last login, or was merged into another one.
    """

    identity_id: str
    pool_id: str
    created: datetime
    modified: datetime
    logins: dict[str, str] = field(default_factory=dict)
    developer_users: list[str] = field(default_factory=list)
    disabled: bool = False

    @property
    def is_guest(self) -> bool:
        """Whether nobody has signed in to it: only guests are let in without a login."""
        return not (self.logins or self.developer_users)


@dataclass
class IdentityPoolsState:
    """All identity pools of a world and all their identities, by id, oldest first."""

    pools: dict[str, IdentityPool] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)

    def pool(self, pool_id: str, region: str, account: str = "") -> IdentityPool:
        """The pool with this id; of any account where none is given, for calls without signature.

        AwsError ResourceNotFoundException.
        """
        pool = self.pools.get(pool_id)
        if pool is None or pool.region != region or account not in ("", pool.account):
            raise AwsError("ResourceNotFoundException", f"IdentityPool '{pool_id}' not found.")
        return pool

    def identity(self, identity_id: str, region: str, account: str = "") -> Identity:
        """The identity with this id. AwsError ResourceNotFoundException."""
        identity = self.identities.get(identity_id)
        pool = self.pools.get(identity.pool_id) if identity else None
        if not identity or not pool or pool.region != region or account not in ("", pool.account):
            raise AwsError("ResourceNotFoundException", f"Identity '{identity_id}' not found.")
        return identity

    def members(self, pool_id: str) -> Iterator[Identity]:
        """The identities of one pool."""
        return (one for one in self.identities.values() if one.pool_id == pool_id)

    def owner(self, pool_id: str, provider: str, user: str) -> Identity | None:
        """The identity of a pool that has this login, None if none has."""
        owners = (one for one in self.members(pool_id) if one.logins.get(provider) == user)
        return next(owners, None)

    def developer_owner(self, pool_id: str, user: str) -> Identity | None:
        """The identity of a pool that has this user of its developer provider, None if none has."""
        owners = (one for one in self.members(pool_id) if user in one.developer_users)
        return next(owners, None)


def named_pool(call: Call) -> IdentityPool:
    """The pool of the caller's account that a request names. AwsError ResourceNotFoundException."""
    state = call.world.room(IdentityPoolsState)
    return state.pool(call.params["IdentityPoolId"], call.region, call.account)
