from __future__ import annotations

import subprocess
import sys

import pytest

from helpers.providers.building import build
from helpers.providers.sites import HOSTS, sites


def test_the_hosts_are_those_that_are_built() -> None:
    assert set(build(7)) == set(HOSTS) == set(sites(7))


def test_no_other_host_is_there() -> None:
    assert "example.com" not in sites(7)
    with pytest.raises(KeyError):
        sites(7)["example.com"]


def test_a_lesson_without_providers_does_not_load_a_web_framework() -> None:
    program = "import sys; from helpers import lab; lab.start('02'); print('flask' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"
