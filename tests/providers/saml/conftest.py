"""What the tests of the company directory share."""

from __future__ import annotations

import pytest

from tests.providers.saml.service_provider import Browser


@pytest.fixture
def browser() -> Browser:
    """A browser without cookies, at a directory with nothing registered."""
    return Browser()
