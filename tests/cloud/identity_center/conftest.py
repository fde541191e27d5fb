"""A company with IAM Identity Center."""

from __future__ import annotations

import pytest

from helpers import lab
from tests.cloud.workforce import Workforce


@pytest.fixture
def workforce(cloud: lab.Cloud) -> Workforce:
    return Workforce()
