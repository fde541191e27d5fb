"""A pool with alice and bob, a domain, and a web app."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from helpers import lab
from tests.cloud.hosted_ui.site import PREFIX, WebApp, new_app


@pytest.fixture
def cloud() -> Iterator[lab.Cloud]:
    """The cloud with alice and bob in a pool that has a domain."""
    running = lab.start("02")
    boto3.client("cognito-idp").create_user_pool_domain(
        UserPoolId=running.scene.user_pool_id, Domain=PREFIX, ManagedLoginVersion=2
    )
    yield running
    lab.stop()


@pytest.fixture
def make_app(cloud: lab.Cloud) -> Callable[..., WebApp]:
    """Make an app client with these settings."""

    def make(**settings: Any) -> WebApp:
        return new_app(cloud.scene.user_pool_id, cloud.scene.password, **settings)

    return make


@pytest.fixture
def app(make_app: Callable[..., WebApp]) -> WebApp:
    """The usual web app: a public client with the code grant."""
    return make_app()
