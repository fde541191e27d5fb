"""The certificates of a user pool."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509

from helpers.cloud.errors import AwsError
from helpers.cloud.federation.saml.keys import (
    encryption_key,
    forget_keys,
    get_signing_certificate,
    signing_key,
)
from tests.cloud.federation.saml.company import AUDIENCE, POOL


def test_a_certificate_names_the_pool_and_lasts_ten_years(pool: Any) -> None:
    certificate = signing_key(pool.world, POOL).certificate
    assert certificate.subject.rfc4514_string() == f"CN={AUDIENCE}"
    lasts = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert lasts.days == 3650


def test_a_certificate_is_issued_anew_every_year_for_the_same_key(pool: Any) -> None:
    first = signing_key(pool.world, POOL)
    pool.world.clock.advance(days=364)
    assert signing_key(pool.world, POOL) == first
    pool.world.clock.advance(days=1)
    second = signing_key(pool.world, POOL)
    assert second.certificate != first.certificate
    assert second.key is first.key


def test_every_provider_has_a_key_of_its_own(pool: Any) -> None:
    keys = [
        signing_key(pool.world, POOL),
        signing_key(pool.world, "us-east-1_other"),
        encryption_key(pool.world, POOL, "One"),
        encryption_key(pool.world, POOL, "Two"),
        encryption_key(pool.world, "us-east-1_other", "One"),
    ]
    assert len({key.certificate for key in keys}) == len(keys)
    assert encryption_key(pool.world, POOL, "One") == keys[2]


def test_a_provider_made_again_gets_another_key(pool: Any) -> None:
    one, two = (encryption_key(pool.world, POOL, name) for name in ("One", "Two"))
    signing = signing_key(pool.world, POOL)
    forget_keys(pool.world, POOL, "One")
    assert encryption_key(pool.world, POOL, "One") != one
    assert encryption_key(pool.world, POOL, "Two") == two
    assert signing_key(pool.world, POOL) == signing
    forget_keys(pool.world, POOL)
    assert encryption_key(pool.world, POOL, "Two") != two
    assert signing_key(pool.world, POOL) != signing


def test_get_signing_certificate_refuses_an_unknown_pool(pool: Any) -> None:
    call: Any = SimpleNamespace(
        world=pool.world, account="123456789012", region="us-east-1", params={"UserPoolId": POOL}
    )
    with pytest.raises(AwsError, match="ResourceNotFoundException"):
        get_signing_certificate(call)


def test_get_signing_certificate_is_base64_of_der(
    pool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = SimpleNamespace(user_pools={POOL: object()})
    monkeypatch.setattr("helpers.cloud.resources.backend", lambda *_: backend)
    call: Any = SimpleNamespace(
        world=pool.world, account="123456789012", region="us-east-1", params={"UserPoolId": POOL}
    )
    shown = get_signing_certificate(call)["Certificate"]
    certificate = x509.load_der_x509_certificate(base64.b64decode(shown))
    assert certificate == signing_key(pool.world, POOL).certificate
