"""Pools whose users come from outside."""

from __future__ import annotations

from typing import Any

import pytest

from helpers import lab
from tests.cloud.federation.brands import Federation, MakeFederation


@pytest.fixture
def make_federation(cloud: lab.Cloud) -> MakeFederation:
    """Make a pool with these settings; `client` are the settings of its web app."""

    def make(client: dict[str, Any] | None = None, **settings: Any) -> Federation:
        return Federation(cloud, settings, client or {})

    return make


@pytest.fixture
def family(make_federation: MakeFederation) -> Federation:
    """A pool with default settings."""
    return make_federation()
