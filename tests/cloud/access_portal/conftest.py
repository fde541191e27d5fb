"""A company whose alice has chosen her password and is signed in."""

from __future__ import annotations

import pytest

from helpers import lab
from tests.cloud.access_portal import workforce


@pytest.fixture
def company(cloud: lab.Cloud) -> workforce.Company:
    """Alice is signed in with `company.browser`."""
    made = workforce.found(cloud)
    made.choose_first_password()
    made.sign_in()
    return made


@pytest.fixture
def program(company: workforce.Company) -> workforce.Program:
    """A program that has registered itself."""
    return workforce.register()
