"""A cloud with one more host outside: an OpenID provider that says whatever it is told to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpers import lab
from tests.cloud.federation.stranger import HOST, ISSUER, Stranger
from tests.cloud.web_identity.exchange import Known, let_in


@pytest.fixture
def stranger() -> Stranger:
    made = Stranger()
    made.answers["/.well-known/openid-configuration"] = {
        "issuer": ISSUER,
        "jwks_uri": f"{ISSUER}/keys",
    }
    return made


@pytest.fixture
def cloud(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> Iterator[lab.Cloud]:
    hosts = lab.sites
    monkeypatch.setattr(lab, "sites", lambda seed: {**hosts(seed), HOST: stranger})
    running = lab.start()
    yield running
    lab.stop()


@pytest.fixture
def known(cloud: lab.Cloud, stranger: Stranger) -> Known:
    return let_in(stranger)
