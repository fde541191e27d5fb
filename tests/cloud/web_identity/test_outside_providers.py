"""The providers outside, at STS: as they are, and with everything that they can do wrong."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from helpers import lab, providers
from helpers.cloud.web_identity.oidc import named
from helpers.providers import App
from helpers.providers.brands.amazon import Amazon
from helpers.providers.brands.facebook import Facebook
from helpers.providers.brands.google import Google
from helpers.providers.brands.openid import OpenId
from helpers.providers.faults import faults_for
from tests.cloud.sts_words import ACCOUNT, client, error_of, new_role, policy, statement
from tests.cloud.web_identity.exchange import (
    LIST_BUCKETS,
    NO_JWT,
    NO_KEY,
    NOT_AUTHORIZED,
    WRONG_AUDIENCE,
    exchange,
    refusal,
    trusting_provider,
)
from tests.providers.browser import code_for, redeem, register

UNTRUE = ("InvalidIdentityToken", "Token signature invalid")
OPENID_ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/login.example.org"
# OAuth 2.0 providers: their ProviderId, the key of the app, the key of the user.
SOCIAL = {
    "facebook": ("graph.facebook.com", "app_id", "id"),
    "amazon": ("www.amazon.com", "app_id", "user_id"),
}
# What a provider does wrong in an ID token or in its keys → what STS answers.
ANSWERS = {
    "wrong_audience": WRONG_AUDIENCE,
    "wrong_issuer": (
        "InvalidIdentityToken",
        "No OpenIDConnect provider found in your account for https://attacker.example.net",
    ),
    "issued_in_future": ("InvalidIdentityToken", "Token is not valid yet"),
    "no_subject": ("InvalidIdentityToken", "Missing a required claim: sub"),
    "no_expiry": ("InvalidIdentityToken", "Missing a required claim: exp"),
    "unsigned": NO_JWT,
    "signed_with_public_key": NO_JWT,
    "other_key_same_kid": UNTRUE,
    "unknown_kid": NO_KEY,
    "no_keys": NO_KEY,
    "keys_error": NO_KEY,
    "other_discovery_issuer": NO_KEY,
    "changed_after_signing": UNTRUE,
}
# What the app that signs its user in must notice: STS is not part of that conversation.
FOR_THE_APP = {
    *("wrong_nonce", "no_nonce", "wrong_at_hash", "wrong_state", "no_state", "used_code"),
    *("expired_code", "injected_code", "token_error", "token_html", "token_garbage"),
    *("token_huge", "token_down", "userinfo_error", "userinfo_html", "no_id_token"),
    *("other_userinfo", "no_userinfo_subject", "email_unverified", "no_email"),
}


def token_of(brand: str, app: App, user: str = "alice") -> str:
    """What a person's sign-in brings the app: an ID token, or an access token."""
    answer = redeem(brand, app, code_for(brand, app, user)).json()
    return answer["access_token" if brand in SOCIAL else "id_token"]


def role_for(brand: str, app: App, **more: str) -> str:
    """A role for the users of one app at a provider."""
    if brand in SOCIAL:
        provider, app_key, _ = SOCIAL[brand]
        wanted = {f"{provider}:{app_key}": app.client_id}
    else:
        host = {"google": "accounts.google.com", "openid": "login.example.org"}[brand]
        provider = OPENID_ARN if brand == "openid" else host
        wanted = {f"{host}:aud": app.client_id}
    trusted = trusting_provider(provider, condition={"StringEquals": {**wanted, **more}})
    return new_role(f"{brand}-user", trusted, LIST_BUCKETS)


def register_openid(app: App) -> None:
    boto3.client("iam").create_open_id_connect_provider(
        Url="https://login.example.org", ClientIDList=[app.client_id]
    )


class TestOpenIdProviders:
    @pytest.fixture(params=["google", "openid"])
    def brand(self, request: pytest.FixtureRequest, cloud: lab.Cloud) -> str:
        return request.param

    @pytest.fixture
    def app(self, brand: str) -> App:
        app = register(brand)
        if brand == "openid":
            register_openid(app)
        return app

    @pytest.mark.parametrize("fault", sorted(ANSWERS))
    def test_what_a_provider_does_wrong_is_refused(self, brand: str, app: App, fault: str) -> None:
        role, handle = role_for(brand, app), getattr(providers, brand)()
        handle.misbehave(fault)
        expected = ANSWERS[fault]
        if brand == "google" and fault == "wrong_audience":
            expected = NOT_AUTHORIZED  # built in: the trust policy alone says whose tokens
        assert refusal(token_of(brand, app), role) == expected
        handle.behave()
        assert exchange(token_of(brand, app), role)["Audience"] == app.client_id

    def test_an_access_token_is_no_id_token(self, brand: str, app: App) -> None:
        role = role_for(brand, app)
        answer = redeem(brand, app, code_for(brand, app)).json()
        assert refusal(answer["access_token"], role) == NO_JWT

    def test_another_app_s_token_is_refused(self, brand: str, app: App) -> None:
        role, other = role_for(brand, app), register(brand)
        refused = NOT_AUTHORIZED if brand == "google" else WRONG_AUDIENCE
        assert refusal(token_of(brand, other), role) == refused

    def test_aws_itself_asks_for_the_keys(self, brand: str, app: App, cloud: lab.Cloud) -> None:
        role, token, before = role_for(brand, app), token_of(brand, app), len(cloud.trace)
        exchange(token, role)
        asked = [(one.caller, one.operation) for one in cloud.trace[before:]]
        assert ("AWS", "GET /.well-known/openid-configuration") in asked

    def test_an_expired_token_is_refused(self, brand: str, app: App, cloud: lab.Cloud) -> None:
        role, token = role_for(brand, app), token_of(brand, app)
        cloud.clock.advance(hours=24)
        assert refusal(token, role)[0] == "ExpiredTokenException"
        getattr(providers, brand)().misbehave("expired")
        assert refusal(token_of(brand, app), role)[0] == "ExpiredTokenException"

    def test_the_provider_id_is_for_others(self, brand: str, app: App) -> None:
        role, token = role_for(brand, app), token_of(brand, app)
        for provider_id in ("accounts.google.com", "login.example.org", "https://www.amazon.com"):
            code, _ = refusal(token, role, ProviderId=provider_id)
            assert code == "ValidationError"

    def test_a_token_is_worth_a_session_of_its_user(self, brand: str, app: App) -> None:
        host = "accounts.google.com" if brand == "google" else "login.example.org"
        answer = exchange(token_of(brand, app), role_for(brand, app))
        subject = answer["SubjectFromWebIdentityToken"]
        people = getattr(providers, brand)().people()
        assert subject == next(p["claims"]["sub"] for p in people if p["username"] == "alice")
        assert answer["Provider"] == (OPENID_ARN if brand == "openid" else host)
        client("s3", answer["Credentials"]).list_buckets()


class TestGoogle:
    def test_a_provider_that_was_registered_counts_instead_of_the_built_in_one(
        self, cloud: lab.Cloud
    ) -> None:
        app = register("google")
        role, token = role_for("google", app), token_of("google", app)
        assert exchange(token, role)
        boto3.client("iam").create_open_id_connect_provider(
            Url="https://accounts.google.com", ClientIDList=[app.client_id]
        )
        assert refusal(token, role) == NOT_AUTHORIZED

    def test_the_short_name_of_the_issuer_is_google_s_too(self, cloud: lab.Cloud) -> None:
        assert named("accounts.google.com") == "https://accounts.google.com"
        assert named("accounts.google.com/") != "https://accounts.google.com"


class TestAccessTokens:
    @pytest.fixture(params=sorted(SOCIAL))
    def brand(self, request: pytest.FixtureRequest, cloud: lab.Cloud) -> str:
        return request.param

    @pytest.fixture
    def app(self, brand: str) -> App:
        return register(brand)

    @pytest.fixture
    def exchanged(self, brand: str) -> dict[str, str]:
        return {"ProviderId": SOCIAL[brand][0]}

    def test_of_nobody_are_refused(self, brand: str, app: App, exchanged: dict[str, str]) -> None:
        role = role_for(brand, app)
        assert refusal("EAAnobody", role, **exchanged)[0] == "IDPRejectedClaim"
        assert refusal("at&fields=email", role, **exchanged)[0] == "IDPRejectedClaim"
        assert refusal("not\nplain", role, **exchanged)[0] == "InvalidIdentityToken"
        assert refusal("EAA\u00e9\u00e8", role, **exchanged)[0] == "InvalidIdentityToken"

    def test_of_another_app_are_refused(
        self, brand: str, app: App, exchanged: dict[str, str]
    ) -> None:
        role, other = role_for(brand, app), register(brand)
        assert refusal(token_of(brand, other), role, **exchanged) == NOT_AUTHORIZED
        getattr(providers, brand)().misbehave("token_of_another_app")
        assert refusal(token_of(brand, app), role, **exchanged) == NOT_AUTHORIZED

    def test_of_the_other_provider_are_refused(self, brand: str, app: App) -> None:
        other = "amazon" if brand == "facebook" else "facebook"
        role = role_for(brand, app)
        there = {"ProviderId": SOCIAL[other][0]}
        assert refusal(token_of(brand, app), role, **there)[0] == "IDPRejectedClaim"

    def test_need_a_provider_id(self, brand: str, app: App) -> None:
        assert refusal(token_of(brand, app), role_for(brand, app)) == NO_JWT

    def test_that_have_expired_are_refused(
        self, brand: str, app: App, exchanged: dict[str, str], cloud: lab.Cloud
    ) -> None:
        role, token = role_for(brand, app), token_of(brand, app)
        cloud.clock.advance(days=90)
        assert refusal(token, role, **exchanged)[0] == "IDPRejectedClaim"

    def test_are_worth_a_session_of_their_user(
        self, brand: str, app: App, exchanged: dict[str, str]
    ) -> None:
        provider, _, user_key = SOCIAL[brand]
        people = getattr(providers, brand)().people()
        alice = next(p["claims"][user_key] for p in people if p["username"] == "alice")
        own = {"StringEquals": {f"{provider}:{user_key}": alice}}
        role = role_for(brand, app)
        document = policy(statement("s3:ListAllMyBuckets", Condition=own))
        only_alice = new_role("only-alice", trusting_provider(provider), document)
        answer = exchange(token_of(brand, app), role, **exchanged)
        assert answer["SubjectFromWebIdentityToken"] == alice
        assert (answer["Provider"], answer["Audience"]) == (provider, app.client_id)
        alices = exchange(token_of(brand, app), only_alice, **exchanged)
        client("s3", alices["Credentials"]).list_buckets()
        bobs = exchange(token_of(brand, app, "bob"), only_alice, **exchanged)
        assert error_of(client("s3", bobs["Credentials"]).list_buckets)[0] == "AccessDenied"


def test_facebook_that_does_not_answer_is_told_apart(cloud: lab.Cloud) -> None:
    app = register("facebook")
    role, token = role_for("facebook", app), token_of("facebook", app)
    providers.facebook().misbehave("userinfo_error")
    code, _ = refusal(token, role, ProviderId="graph.facebook.com")
    assert code == "IDPCommunicationError"


def test_every_fault_is_answered_or_is_the_app_s_to_notice() -> None:
    made: dict[str, Any] = {"google": Google, "openid": OpenId}
    made |= {"facebook": Facebook, "amazon": Amazon}
    faults = {name for brand in made.values() for name in faults_for(brand().features | {""})}
    assert faults - set(ANSWERS) - FOR_THE_APP == {"token_of_another_app", "expired"}
