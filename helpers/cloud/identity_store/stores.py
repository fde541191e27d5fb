"""Which identity store a call is about, and who may look into it.

Source: Identity Store API Reference; IAM Identity Center User Guide, "Limiting access to the
identity store from member accounts": accounts of the organization may read, its owner writes.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.organizations import organization_of
from helpers.cloud.paging import page
from helpers.cloud.world import World

from .state import IdentityStore, IdentityStores, Stamp

_READ = ("Describe", "Get", "Is", "List")
_MOST = 100


def create(world: World, account: str, region: str) -> IdentityStore:
    """A new, empty store for an Identity Center instance. Its id is that of a us-east-1 store."""
    store = IdentityStore(f"d-90{world.ids.bytes(4).hex()}", account, region)
    world.room(IdentityStores).stores[store.store_id] = store
    return store


def delete(world: World, store_id: str) -> None:
    """Drop a store with everybody in it."""
    del world.room(IdentityStores).stores[store_id]


def store_of(call: Call) -> IdentityStore:
    """The store that IdentityStoreId names, by id or ARN.

    AwsError ResourceNotFoundException; AccessDeniedException for another account's call that is
    more than a look, or that comes from outside the organization.
    """
    given = call.params["IdentityStoreId"]
    store = call.world.room(IdentityStores).stores.get(given.rpartition("/")[2])
    if store is None or given not in (store.store_id, store.arn) or store.region != call.region:
        raise not_found("IDENTITY_STORE", given)
    if not may_look(call, store) or (store.account != call.account and not _only_reads(call)):
        text = "You do not have sufficient access to perform this action."
        raise AwsError("AccessDeniedException", text)
    return store


def may_look(call: Call, store: IdentityStore) -> bool:
    """Whether the store is the caller's account's own, or that of its organization."""
    if store.account == call.account:
        return True
    organization = organization_of(call.account)
    return organization is not None and organization.master_account_id == store.account


def _only_reads(call: Call) -> bool:
    return call.operation.startswith(_READ)


def describe_identity_store(call: Call) -> dict[str, Any]:
    """A store's id and ARN. AwsError ResourceNotFoundException, AccessDeniedException."""
    store = store_of(call)
    return {"IdentityStoreId": store.store_id, "IdentityStoreArn": store.arn}


def list_identity_stores(call: Call) -> dict[str, Any]:
    """The stores that the account can look into."""
    stores = call.world.room(IdentityStores).stores.values()
    seen = [
        {"IdentityStoreId": store.store_id, "IdentityStoreArn": store.arn}
        for store in stores
        if store.region == call.region and may_look(call, store)
    ]
    return paged(call, "IdentityStores", seen)


def paged(call: Call, member: str, items: list[Any]) -> dict[str, Any]:
    """One page of a list under the name of its member. AwsError ValidationException."""
    shown, following = page(items, call.params, _MOST, "ValidationException")
    return {member: shown, **following}


def stamp(call: Call) -> Stamp:
    """A stamp for something that the caller makes now."""
    now = call.world.clock.now()
    return Stamp(now, call.caller.arn, now, call.caller.arn)


def local_id(given: str) -> str:
    """The id in an id or ARN of a user, group or membership."""
    return given.rpartition("/")[2]


def not_found(kind: str, resource_id: str = "") -> AwsError:
    """AWS's refusal for what is not there, `kind` being the API's ResourceType."""
    named = {"ResourceId": resource_id} if resource_id else {}
    return AwsError(
        "ResourceNotFoundException", f"{kind} not found.", 400, ResourceType=kind, **named
    )


def check_revision(call: Call, kept: Stamp) -> None:
    """Refuse a change that was made for an earlier revision. AwsError ConflictException."""
    wanted = call.params.get("Revision")
    if wanted is not None and wanted != str(kept.revision):
        text = "The resource was modified since the given revision."
        raise AwsError("ConflictException", text, 400, Reason="CONCURRENT_MODIFICATION")
