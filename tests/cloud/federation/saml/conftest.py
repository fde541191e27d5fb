"""A user pool and a company directory that know each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from helpers.cloud.federation import saml
from helpers.cloud.federation.profile import FederationError, Profile
from helpers.cloud.user_pools.identity_providers import IdentityProvider
from helpers.cloud.world import World
from tests.cloud.federation.saml.company import ACS, NOW, POOL, Company, posted


@dataclass
class Pool:
    """What SAML federation needs of a user pool."""

    world: World
    id: str = POOL


@pytest.fixture(scope="session")
def company() -> Company:
    return Company()


@pytest.fixture(scope="session")
def stranger() -> Company:
    """Another provider, with another key."""
    return Company()


@pytest.fixture
def pool() -> Iterator[Any]:
    world = World(seed=1, now=NOW)
    yield Pool(world)
    world.stop()


Configured = Callable[..., IdentityProvider]


@pytest.fixture
def configured(company: Company) -> Configured:
    """The company's provider in the pool, with further ProviderDetails."""

    def make(**details: str) -> IdentityProvider:
        given = {"MetadataFile": company.metadata(), **details}
        return IdentityProvider("Company", "SAML", given, {}, ())

    return make


Arrive = Callable[..., Profile]


@pytest.fixture
def arrive(pool: Any, configured: Configured) -> Arrive:
    """Post a response to the pool, as the answer to the request "_request" unless told else."""

    def post(
        document: Any,
        secrets: dict[str, str] | str | None = "asked",
        provider: IdentityProvider | None = None,
    ) -> Profile:
        remembered = {"request_id": "_request"} if secrets == "asked" else secrets
        return saml.arrive(pool, provider or configured(), ACS, posted(document), remembered)

    return post


@pytest.fixture
def refusal(arrive: Arrive) -> Callable[..., str]:
    """The error_description with which a response is refused."""

    def post(document: Any, **arguments: Any) -> str:
        with pytest.raises(FederationError) as caught:
            arrive(document, **arguments)
        assert caught.value.code in ("server_error", "invalid_request")
        return caught.value.description

    return post
