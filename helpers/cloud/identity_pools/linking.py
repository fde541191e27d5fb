"""Logins on identities: whose they are, adding them, and making two identities one.

Source: Amazon Cognito Developer Guide, "Identity pools authentication flow" (linking logins,
merging identities); MergeDeveloperIdentities for the limit. AWS's wordings of these conflicts were
not found, so they are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .login import Login
from .state import Identity, IdentityPool, IdentityPoolsState

MOST_LOGINS = 20


def owners_of(
    state: IdentityPoolsState, pool: IdentityPool, logins: Iterable[Login]
) -> list[Identity]:
    """The identities that have any of these logins, each once, in the order of the logins."""
    found: dict[str, Identity] = {}
    for login in logins:
        owner = state.owner(pool.pool_id, login.provider, login.user)
        if owner is not None:
            found[owner.identity_id] = owner
    return list(found.values())


def only_owner(
    state: IdentityPoolsState, pool: IdentityPool, logins: Iterable[Login]
) -> Identity | None:
    """The one identity that has any of these logins, None if none has.

    AwsError ResourceConflictException when they belong to different identities.
    """
    owners = owners_of(state, pool, logins)
    if len(owners) > 1:
        raise _conflict("The logins are already linked to different identities.")
    return owners[0] if owners else None


def new_identity(call: Call, pool: IdentityPool) -> Identity:
    """A new identity of a pool, without logins."""
    now = call.world.clock.now()
    identity = Identity(f"{pool.region}:{call.world.ids.uuid()}", pool.pool_id, now, now)
    call.world.room(IdentityPoolsState).identities[identity.identity_id] = identity
    return identity


def link(
    call: Call,
    identity: Identity,
    logins: Iterable[Login] = (),
    *,
    developer_users: Iterable[str] = (),
    merged: Sequence[Identity] = (),
) -> None:
    """Add logins to an identity, and all those of the identities that are merged into it.

    A merged identity is disabled from then on.
    AwsError ResourceConflictException; then nothing has changed.
    """
    pairs = [(login.provider, login.user) for login in logins]
    users = [*identity.developer_users, *developer_users]
    for other in merged:
        pairs += other.logins.items()
        users += other.developer_users
    together = _together(identity.logins, pairs)
    users = list(dict.fromkeys(users))
    if len(together) + len(users) > MOST_LOGINS:
        raise _conflict(f"An identity cannot have more than {MOST_LOGINS} linked logins.")
    now = call.world.clock.now()
    if (together, users) != (identity.logins, identity.developer_users):
        identity.logins, identity.developer_users, identity.modified = together, users, now
    for other in merged:
        other.logins, other.developer_users = {}, []
        other.disabled, other.modified = True, now


def _together(present: Mapping[str, str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The logins with further ones. One user of each public provider: a second is a conflict."""
    together = dict(present)
    for provider, user in pairs:
        if together.setdefault(provider, user) != user:
            raise _conflict(f"The identity already has another login of {provider}.")
    return together


def unlinked(call: Call, identity: Identity) -> None:
    """To be called when logins were taken off an identity.

    "Removing the last linked login will make this identity inaccessible" (UnlinkIdentity): else
    it would be a guest's, and anyone who knows its id could have its credentials.
    """
    identity.modified = call.world.clock.now()
    identity.disabled = identity.disabled or identity.is_guest


def _conflict(text: str) -> AwsError:
    return AwsError("ResourceConflictException", text)
