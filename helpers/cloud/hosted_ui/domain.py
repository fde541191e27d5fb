"""The domain of a user pool, found by the host a request asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from moto.core.request import Request

from helpers.cloud.user_pools.directory import Pool
from helpers.cloud.user_pools.domains import find_domain
from helpers.cloud.world import World

_HOST = re.compile(
    r"(?P<prefix>[a-z0-9-]{1,63})\.auth\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazoncognito\.com"
    r"(?::\d+)?"
)


@dataclass(frozen=True)
class Domain:
    """A prefix domain, for example photo-app in us-east-1, and the pool behind it."""

    pool: Pool
    prefix: str
    region: str

    @property
    def host(self) -> str:
        """The host name: photo-app.auth.us-east-1.amazoncognito.com."""
        return f"{self.prefix}.auth.{self.region}.amazoncognito.com"

    def url(self, path: str) -> str:
        """An absolute address on this domain."""
        return f"https://{self.host}{path}"


def asks_for(request: Request) -> bool:
    """Whether a request is for the host of some user pool domain, be there such a domain or not."""
    return _HOST.fullmatch(request.host.lower()) is not None


def is_domain(host: str) -> bool:
    """Whether a host name has the form of a user pool domain."""
    return _HOST.fullmatch(host) is not None


def find(world: World, request: Request) -> Domain | None:
    """The domain that a request asks for, None if no pool has it."""
    name = _HOST.fullmatch(request.host.lower())
    pool = find_domain(world, name["prefix"], name["region"]) if name else None
    return Domain(pool, name["prefix"], name["region"]) if name and pool else None


def host_of_prefix(world: World, prefix: str) -> str | None:
    """The host name of a prefix domain, looked for in every region; None if no pool has it."""
    pool = find_domain(world, prefix)
    if pool is None:
        return None
    return f"{prefix}.auth.{pool.id.split('_', 1)[0]}.amazoncognito.com"
