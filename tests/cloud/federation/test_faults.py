"""Whatever a provider does wrong is refused for its own reason, and makes nobody a user."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from helpers import providers
from helpers.providers.brands.amazon import Amazon
from helpers.providers.brands.apple import Apple
from helpers.providers.brands.facebook import Facebook
from helpers.providers.brands.google import Google
from helpers.providers.brands.openid import OpenId
from helpers.providers.faults import faults_for
from tests.cloud.federation.brands import (
    BRANDS,
    ISSUER,
    KINDS,
    PASSWORD,
    Federation,
    MakeFederation,
    account,
    username,
)
from tests.cloud.hosted_ui.site import CALLBACK, Browser

# Fault → what the app is told after the provider's name, where it differs, by brand.
TOLD = {
    "wrong_nonce": "Bad id_token nonce",
    "no_nonce": "Bad id_token nonce",
    "injected_code": "Bad id_token nonce",
    "wrong_audience": "Bad id_token audience",
    "wrong_issuer": "Bad id_token issuer https://attacker.example.net",
    "expired": "Bad id_token exp: the token has expired",
    "issued_in_future": "Bad id_token iat: the token is not valid yet",
    "no_subject": "Bad id_token sub missing",
    "no_expiry": "Bad id_token exp missing",
    "wrong_at_hash": "Bad id_token at_hash",
    "unsigned": "Bad id_token algorithm",
    "signed_with_public_key": "Bad id_token algorithm",
    "other_key_same_kid": "Bad id_token signature",
    "unknown_kid": "Bad id_token kid",
    "no_keys": "Bad id_token kid",
    "changed_after_signing": "Bad id_token signature",
    "no_id_token": "Bad id_token missing",
    "keys_error": "{} Error - 503 error from the jwks_uri",
    "used_code": "{} Error - 400",
    "expired_code": "{} Error - 400",
    "token_error": "{} Error - 400 invalid_grant Bad Request",
    "token_html": "{} Error - unable to parse the response of the token endpoint",
    "token_garbage": "{} Error - unable to parse the response of the token endpoint",
    "token_huge": "{} Error - cannot reach the token endpoint",
    "token_down": "{} Error - 503 error from the token endpoint",
    "userinfo_error": "{} Error - 500 server_error",
    "userinfo_html": "{} Error - unable to parse the response of the",
    "other_userinfo": "another user's",
    "no_userinfo_subject": "another user's",
    "token_of_another_app": "{} Error - the access token was issued to another app",
    "other_discovery_issuer": "{} Error - the well-known endpoint is of another issuer",
}
# The domain itself notices these, before the provider's answer is looked at.
STATE = {"wrong_state", "no_state"}
# Nothing wrong by the protocol: what the provider then says is what the pool gets.
HONEST = {"email_unverified", "no_email"}
# Google's attributes are in its ID token; its userinfo endpoint is not asked. The addresses of
# an OIDC provider are looked up when it is added to the pool, not at sign-in.
NOT_ASKED = {
    ("google", "userinfo_error"),
    ("google", "userinfo_html"),
    ("google", "other_userinfo"),
    ("google", "no_userinfo_subject"),
    ("openid", "other_discovery_issuer"),
}


FAULTS = {
    brand: faults_for(made().features | {""})
    for brand, made in {
        "google": Google,
        "apple": Apple,
        "amazon": Amazon,
        "facebook": Facebook,
        "openid": OpenId,
    }.items()
}
ALL = [(brand, fault) for brand in BRANDS for fault in FAULTS[brand] if fault not in HONEST]


def ending(family: Federation, brand: str) -> requests.Response:
    """The page at which the browser of somebody who signs in ends."""
    browser = Browser()
    page = browser.get("/oauth2/authorize", **family.app.request(identity_provider=KINDS[brand][0]))
    page = browser.submit(page, username="alice", password=PASSWORD)
    return browser.submit(page) if brand == "apple" else page


@pytest.mark.parametrize("brand", BRANDS)
def test_every_fault_of_a_provider_is_in_these_tests(family: Federation, brand: str) -> None:
    assert set(getattr(providers, brand)().faults()) == set(FAULTS[brand])
    assert set(FAULTS[brand]) <= {*TOLD, *STATE, *HONEST}


@pytest.mark.parametrize(("brand", "fault"), [pair for pair in ALL if pair not in NOT_ASKED])
def test_a_fault_is_refused_for_its_own_reason(family: Federation, brand: str, fault: str) -> None:
    family.add(brand)
    provider = getattr(providers, brand)()
    provider.misbehave(fault)
    page = ending(family, brand)
    if fault in STATE:
        assert (page.status_code, urlsplit(page.url).hostname) != (200, "photos.example.com")
    else:
        assert page.url.startswith(f"{CALLBACK}?"), page.url
        told = {n: v[0] for n, v in parse_qs(urlsplit(page.url).query).items()}
        assert "code" not in told
        assert told["error"].isascii()
        assert TOLD[fault].format(KINDS[brand][0]) in told["error_description"]
    assert family.usernames() == []
    provider.behave()
    assert "code" in family.sign_in(brand)
    assert family.usernames() == [username(brand)]


@pytest.mark.parametrize(("brand", "fault"), sorted(NOT_ASKED))
def test_an_endpoint_that_is_not_asked_can_do_no_harm(
    family: Federation, brand: str, fault: str
) -> None:
    family.add(brand)
    getattr(providers, brand)().misbehave(fault)
    assert family.claims(brand)["cognito:username"] == username(brand)


@pytest.mark.parametrize("brand", ["google", "apple", "openid"])
def test_an_address_nobody_checked_stays_unverified(family: Federation, brand: str) -> None:
    family.add(brand, {"email": "email", "email_verified": "email_verified"})
    assert family.claims(brand, "bob")["email_verified"] is True
    getattr(providers, brand)().misbehave("email_unverified")
    assert family.claims(brand)["email_verified"] is False


@pytest.mark.parametrize("brand", BRANDS)
def test_a_required_address_that_does_not_come_ends_the_sign_in(
    make_federation: MakeFederation, brand: str
) -> None:
    family = make_federation(Schema=[{"Name": "email", "Required": True}])
    family.add(brand)
    getattr(providers, brand)().misbehave("no_email")
    assert family.sign_in(brand)["error_description"] == "attributes required: [email]"
    assert family.usernames() == []


@pytest.mark.parametrize("brand", ["google", "openid"])
def test_a_key_that_is_no_longer_published_is_not_remembered(
    family: Federation, brand: str
) -> None:
    family.add(brand)
    family.tokens(brand)
    getattr(providers, brand)().misbehave("no_keys")
    assert family.sign_in(brand)["error_description"] == "Bad id_token kid"


def test_a_discovery_document_of_another_issuer_is_not_taken(
    make_federation: MakeFederation,
) -> None:
    family = make_federation()
    providers.openid().misbehave("other_discovery_issuer")
    with pytest.raises(family.idp.exceptions.InvalidParameterException):
        family.add("openid")
    addresses = {
        "authorize_url": f"{ISSUER}/oauth2/authorize",
        "token_url": f"{ISSUER}/oauth2/token",
        "attributes_url": f"{ISSUER}/oauth2/userinfo",
        "jwks_uri": f"{ISSUER}/oauth2/jwks",
    }
    family.add("openid", **addresses)
    assert "code" in family.sign_in("openid")


def test_a_host_that_does_not_exist_ends_the_sign_in(make_federation: MakeFederation) -> None:
    family = make_federation()
    family.add("openid", token_url="https://gone.example.net/token")
    told = family.sign_in("openid")
    assert told["error_description"].startswith("Partner Error - cannot reach the token endpoint")


def test_a_bad_answer_does_no_harm_to_a_user_who_is_known(family: Federation) -> None:
    family.add("openid")
    family.tokens("openid")
    before = family.attributes(username("openid"))
    providers.openid().misbehave("other_userinfo")
    assert "error" in family.sign_in("openid")
    assert family.attributes(username("openid")) == before


def test_a_forged_token_does_not_reach_a_linked_user(family: Federation) -> None:
    family.add("openid")
    family.local_user("alice")
    family.link("alice", account("somebody-else")["ProviderAttributeValue"])
    providers.openid().misbehave("changed_after_signing")
    assert family.sign_in("openid")["error_description"] == "Bad id_token signature"
