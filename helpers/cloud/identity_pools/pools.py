"""CreateIdentityPool, UpdateIdentityPool, DescribeIdentityPool, ListIdentityPools, Delete….

Source: Amazon Cognito Federated Identities API Reference.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud import resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.paging import page

from .pool_providers import check_providers
from .state import LONGEST_PAGE, IdentityPool, IdentityPoolsState, named_pool
from .tags import check_tags


def create_identity_pool(call: Call) -> dict[str, Any]:
    """Make a pool. AwsError InvalidParameterException, NotAuthorizedException."""
    _check(call)
    pool = IdentityPool(
        pool_id=f"{call.region}:{call.world.ids.uuid()}",
        account=call.account,
        region=call.region,
        settings=dict(call.params),
    )
    call.world.room(IdentityPoolsState).pools[pool.pool_id] = pool
    _kept_by_moto(pool)[pool.pool_id] = pool
    return _described(pool)


def update_identity_pool(call: Call) -> dict[str, Any]:
    """Replace all of a pool's settings: what is left out goes back to its default.

    AwsError InvalidParameterException, NotAuthorizedException, ResourceNotFoundException.
    """
    pool = named_pool(call)
    _check(call)
    settings = {key: value for key, value in call.params.items() if key != "IdentityPoolId"}
    named = pool.settings.get("DeveloperProviderName")
    if named and settings.get("DeveloperProviderName", named) != named:
        text = "DeveloperProviderName cannot be changed once it has been set."
        raise AwsError("InvalidParameterException", text)
    kept = {"DeveloperProviderName": named} if named else {}
    pool.settings = {**kept, **settings}
    return _described(pool)


def describe_identity_pool(call: Call) -> dict[str, Any]:
    """A pool's settings. AwsError ResourceNotFoundException."""
    return _described(named_pool(call))


def list_identity_pools(call: Call) -> dict[str, Any]:
    """The ids and names of the account's pools in the region, a page at a time."""
    pools = call.world.room(IdentityPoolsState).pools.values()
    mine = [
        {"IdentityPoolId": pool.pool_id, "IdentityPoolName": pool.settings["IdentityPoolName"]}
        for pool in pools
        if (pool.account, pool.region) == (call.account, call.region)
    ]
    items, following = page(mine, call.params, LONGEST_PAGE)
    return {"IdentityPools": items, **following}


def delete_identity_pool(call: Call) -> dict[str, Any]:
    """Delete a pool and every identity in it. AwsError ResourceNotFoundException."""
    pool, state = named_pool(call), call.world.room(IdentityPoolsState)
    for identity in list(state.members(pool.pool_id)):
        del state.identities[identity.identity_id]
    del state.pools[pool.pool_id], _kept_by_moto(pool)[pool.pool_id]
    return {}


def _check(call: Call) -> None:
    check_providers(call.account, call.params)
    check_tags(call.params.get("IdentityPoolTags", {}))


def _kept_by_moto(pool: IdentityPool) -> dict[str, Any]:
    """moto's pools, where policies that ask about tags look for them."""
    kept = resources.backend("cognito-identity", pool.account, pool.region)
    return kept.identity_pools  # type: ignore[no-any-return]


def _described(pool: IdentityPool) -> dict[str, Any]:
    return {"IdentityPoolId": pool.pool_id, **pool.settings}
