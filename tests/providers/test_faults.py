"""Every way to misbehave is noticed by a careful client, and stops when told so."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
import requests

from helpers import providers
from tests.providers.browser import (
    OPENID,
    PROFILES,
    Refused,
    code_for,
    redeem,
    register,
    strict_sign_in,
)

pytestmark = pytest.mark.usefixtures("web")
# These do nothing wrong by the protocol: what they tell is what an app must look at.
HONEST = {"email_unverified", "no_email"}
NOTICED_BY = {
    "wrong_nonce": "nonce",
    "no_nonce": "nonce",
    "wrong_audience": "Audience",
    "wrong_issuer": "issuer",
    "expired": "expired",
    "issued_in_future": "not yet valid",
    "no_subject": "sub",
    "no_expiry": "exp",
    "wrong_at_hash": "at_hash",
    "unsigned": "alg",
    "signed_with_public_key": "alg",
    "other_key_same_kid": "Signature",
    "unknown_kid": "ValueError",
    "changed_after_signing": "Signature",
    "wrong_state": "state",
    "no_state": "state",
    "used_code": "token endpoint",
    "expired_code": "token endpoint",
    "token_error": "token endpoint",
    "token_html": "JSON",
    "token_garbage": "JSON",
    "token_huge": "token endpoint",
    "token_down": "token endpoint",
    "userinfo_error": "userinfo",
    "userinfo_html": "userinfo",
    "keys_error": "JSON",
    "no_keys": "ValueError",
    "no_id_token": "id_token",
    "other_userinfo": "another subject",
    "no_userinfo_subject": "another subject",
    "other_discovery_issuer": "discovery issuer",
}


def known(brand: str) -> dict[str, str]:
    return getattr(providers, brand)().faults()


@pytest.mark.parametrize("brand", OPENID)
def test_a_careful_client_notices_every_fault(brand: str) -> None:
    app, provider = register(brand), getattr(providers, brand)()
    expected = NOTICED_BY | {"injected_code": "nonce" if brand == "apple" else "token endpoint"}
    for fault in sorted(known(brand).keys() - HONEST):
        provider.misbehave(fault)
        try:
            strict_sign_in(brand, app)
        except Refused as noticed:
            assert expected[fault].lower() in str(noticed).lower()
        else:
            pytest.fail(f"nobody noticed {fault}")
        provider.behave()
        strict_sign_in(brand, app)


@pytest.mark.parametrize("brand", ["google", "openid"])
def test_only_the_nonce_shows_an_injected_code_where_there_is_no_pkce(brand: str) -> None:
    app = register(brand)
    getattr(providers, brand)().misbehave("injected_code")
    answer = redeem(brand, app, code_for(brand, app))
    claims = jwt.decode(answer.json()["id_token"], options={"verify_signature": False})
    assert claims["nonce"] != "the-nonce"
    assert claims["email"] == "bob@example.com"


@pytest.mark.parametrize("brand", OPENID)
def test_an_unverified_or_missing_email_is_said_so(brand: str) -> None:
    app, provider = register(brand), getattr(providers, brand)()
    provider.misbehave("email_unverified")
    assert strict_sign_in(brand, app)["email_verified"] is False
    provider.misbehave("no_email")
    assert not {"email", "email_verified"} & set(strict_sign_in(brand, app))


@pytest.mark.parametrize("brand", ["amazon", "facebook"])
def test_plain_oauth_has_its_own_faults(brand: str) -> None:
    provider = getattr(providers, brand)()
    names = set(provider.faults())
    assert {"token_of_another_app", "wrong_state", "token_html", "userinfo_error"} <= names
    assert not {"wrong_nonce", "unsigned", "email_unverified"} & names


@pytest.mark.parametrize("brand", ["amazon", "facebook"])
def test_faults_of_plain_oauth_show(brand: str) -> None:
    provider, app = getattr(providers, brand)(), register(brand)
    url, subject = PROFILES[brand]

    def profile() -> Any:
        token = redeem(brand, app, code_for(brand, app)).json()["access_token"]
        return requests.get(url, params={"access_token": token, "fields": "id,email"})

    right = profile().json()
    provider.misbehave("other_userinfo")
    assert profile().json()[subject] != right[subject]
    provider.misbehave("no_userinfo_subject")
    assert subject not in profile().json()
    provider.misbehave("no_email")
    assert "email" in right
    assert "email" not in profile().json()
    provider.misbehave("userinfo_error")
    assert profile().status_code == 500
    provider.misbehave("token_error")
    assert redeem(brand, app, code_for(brand, app)).status_code == 400
    provider.behave()
    assert profile().json() == right


def test_an_unknown_fault_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="wrong_nonce"):
        providers.google().misbehave("be_evil")
    with pytest.raises(ValueError, match="token_of_another_app"):
        providers.amazon().misbehave("wrong_nonce")


def test_one_provider_misbehaves_alone() -> None:
    providers.google().misbehave("unsigned")
    strict_sign_in("openid", register("openid"))
