"""The domain of a user pool: where its sign-in pages and OAuth 2.0 endpoints are found."""

from __future__ import annotations

from moto.cognitoidp.models import cognitoidp_backends

from helpers.cloud.user_pools.directory import Pool, find_pool
from helpers.cloud.world import World


def find_domain(world: World, prefix: str, region: str | None = None) -> Pool | None:
    """The pool whose prefix domain this is, in one region or (None) in any; None if there is none.

    A prefix is unique in its region, across all accounts.
    """
    for account, regions in list(cognitoidp_backends.items()):
        for name, backend in list(regions.items()):
            domain = backend.user_pool_domains.get(prefix)
            if domain is not None and region in (None, name):
                return find_pool(world, account, name, domain.user_pool_id)
    return None
