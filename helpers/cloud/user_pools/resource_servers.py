"""Resource servers: the APIs that a user pool's access tokens are for, and their custom scopes."""

from __future__ import annotations

from helpers.cloud.user_pools.directory import Pool


def scopes_of(pool: Pool) -> set[str]:
    """Every custom scope of the pool as an app asks for it: "identifier/scope"."""
    return {
        f"{server.identifier}/{scope['ScopeName']}"
        for server in pool.resource.resource_servers.values()
        for scope in server.scopes or ()
    }
