"""GetId, and what an administrator can do with identities.

Source: Amazon Cognito Federated Identities API Reference; Amazon Cognito Developer Guide,
"Switching unauthenticated users to authenticated users".
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.paging import page

from .admission import check_guests_allowed
from .linking import link, new_identity, only_owner, unlinked
from .login_refusals import MISMATCH
from .logins import verify_logins
from .state import LONGEST_PAGE, Identity, IdentityPool, IdentityPoolsState, named_pool


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
    identity = only_owner(state, pool, logins) or new_identity(call, pool)
    link(call, identity, logins)
    return {"IdentityId": identity.identity_id}


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
    unlinked(call, identity)
    return {}


def describe_identity(call: Call) -> dict[str, Any]:
    """An identity's providers and dates. AwsError ResourceNotFoundException."""
    state = call.world.room(IdentityPoolsState)
    identity = state.identity(call.params["IdentityId"], call.region, call.account)
    return _described(state.pools[identity.pool_id], identity)


def list_identities(call: Call) -> dict[str, Any]:
    """The identities of a pool, a page at a time. AwsError ResourceNotFoundException."""
    state = call.world.room(IdentityPoolsState)
    pool = named_pool(call)
    hide = call.params.get("HideDisabled", False)
    shown = [one for one in state.members(pool.pool_id) if not (hide and one.disabled)]
    items, following = page([_described(pool, one) for one in shown], call.params, LONGEST_PAGE)
    return {"IdentityPoolId": pool.pool_id, "Identities": items, **following}


def delete_identities(call: Call) -> dict[str, Any]:
    """Delete those identities that the account has in the region; other ids are passed over."""
    state = call.world.room(IdentityPoolsState)
    for identity_id in call.params["IdentityIdsToDelete"]:
        with suppress(AwsError):
            found = state.identity(identity_id, call.region, call.account)
            del state.identities[found.identity_id]
    return {"UnprocessedIdentityIds": []}


def _described(pool: IdentityPool, identity: Identity) -> dict[str, Any]:
    names = list(identity.logins)
    if identity.developer_users:
        names.append(pool.developer_provider)
    return {
        "IdentityId": identity.identity_id,
        **({"Logins": names} if names else {}),
        "CreationDate": identity.created,
        "LastModifiedDate": identity.modified,
    }
