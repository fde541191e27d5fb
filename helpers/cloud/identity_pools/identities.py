"""GetId, and what an administrator can do with identities.

Source: Amazon Cognito Federated Identities API Reference; Amazon Cognito Developer Guide,
"Switching unauthenticated users to authenticated users".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .logins import MISMATCH, Login, verify_logins
from .pages import page
from .state import Identity, IdentityPool, IdentityPoolsState


def get_id(call: Call) -> dict[str, Any]:
    """The identity of a login, always the same one; for a guest, a new identity at every call.

    AwsError NotAuthorizedException, ResourceConflictException, ResourceNotFoundException.
    """
    state = call.world.room(IdentityPoolsState)
    account = call.params.get("AccountId", "")
    pool = state.pool(call.params["IdentityPoolId"], call.region, account)
    logins = verify_logins(call.world, pool, call.params.get("Logins", {}))
    if not logins:
        check_guests_allowed(pool)
    identity = owner_of(state, pool, logins) or _new_identity(call, pool)
    link(call, identity, logins)
    return {"IdentityId": identity.identity_id}


def check_guests_allowed(pool: IdentityPool) -> None:
    """AwsError NotAuthorizedException when the pool wants a login."""
    if not pool.allows_guests:
        text = "Unauthenticated access is not supported for this identity pool."
        raise AwsError("NotAuthorizedException", text)


def owner_of(
    state: IdentityPoolsState, pool: IdentityPool, logins: Iterable[Login]
) -> Identity | None:
    """The one identity that has any of these logins, None if none has.

    AwsError ResourceConflictException when they belong to different identities.
    """
    owners = {}
    for login in logins:
        owner = state.owner(pool.pool_id, login.provider, login.user)
        if owner is not None:
            owners[owner.identity_id] = owner
    if len(owners) > 1:
        text = "The logins are already linked to different identities."
        raise AwsError("ResourceConflictException", text)
    return next(iter(owners.values()), None)


def link(call: Call, identity: Identity, logins: Iterable[Login]) -> None:
    """Add logins to an identity. One user of each provider: a second one is a conflict."""
    for login in logins:
        present = identity.logins.get(login.provider, login.user)
        if present != login.user:
            text = f"The identity already has another login of {login.provider}."
            raise AwsError("ResourceConflictException", text)
    added = {login.provider: login.user for login in logins}
    if not added.items() <= identity.logins.items():
        identity.logins |= added
        identity.modified = call.world.clock.now()


def unlink_identity(call: Call) -> dict[str, Any]:
    """Take logins off an identity; the caller proves with a token that it is his.

    AwsError NotAuthorizedException, ResourceNotFoundException.
    """
    state = call.world.room(IdentityPoolsState)
    identity = state.identity(call.params["IdentityId"], call.region)
    pool = state.pools[identity.pool_id]
    proved = verify_logins(call.world, pool, call.params["Logins"])
    if not any(identity.logins.get(login.provider) == login.user for login in proved):
        raise AwsError("NotAuthorizedException", MISMATCH)
    for provider in call.params["LoginsToRemove"]:
        identity.logins.pop(provider, None)
    identity.modified = call.world.clock.now()
    # "Removing the last linked login will make this identity inaccessible" (UnlinkIdentity): else
    # it would be a guest's, and anyone who knows its id could have its credentials.
    identity.disabled = not identity.logins
    return {}


def describe_identity(call: Call) -> dict[str, Any]:
    """An identity's providers and dates. AwsError ResourceNotFoundException."""
    state = call.world.room(IdentityPoolsState)
    return _described(state.identity(call.params["IdentityId"], call.region, call.account))


def list_identities(call: Call) -> dict[str, Any]:
    """The identities of a pool, a page at a time. AwsError ResourceNotFoundException."""
    state = call.world.room(IdentityPoolsState)
    pool = state.pool(call.params["IdentityPoolId"], call.region, call.account)
    hide = call.params.get("HideDisabled", False)
    shown = [one for one in state.members(pool.pool_id) if not (hide and one.disabled)]
    items, following = page([_described(one) for one in shown], call.params)
    return {"IdentityPoolId": pool.pool_id, "Identities": items, **following}


def delete_identities(call: Call) -> dict[str, Any]:
    """Delete the account's identities among those named; other ids are passed over."""
    state = call.world.room(IdentityPoolsState)
    for identity_id in call.params["IdentityIdsToDelete"]:
        identity = state.identities.get(identity_id)
        if identity and state.pools[identity.pool_id].account == call.account:
            del state.identities[identity_id]
    return {"UnprocessedIdentityIds": []}


def _new_identity(call: Call, pool: IdentityPool) -> Identity:
    now = call.world.clock.now()
    identity = Identity(f"{pool.region}:{call.world.ids.uuid()}", pool.pool_id, now, now)
    call.world.room(IdentityPoolsState).identities[identity.identity_id] = identity
    return identity


def _described(identity: Identity) -> dict[str, Any]:
    logins = {"Logins": list(identity.logins)} if identity.logins else {}
    return {
        "IdentityId": identity.identity_id,
        **logins,
        "CreationDate": identity.created,
        "LastModifiedDate": identity.modified,
    }
