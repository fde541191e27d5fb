"""A user pool is an OpenID provider too: IAM can know it without any identity pool."""

from __future__ import annotations

import jwt
import pytest

from helpers import lab
from tests.cloud.federation.stranger import rsa_key
from tests.cloud.identity_pools.app import App
from tests.cloud.sts_words import ACCOUNT, client, new_role
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


@pytest.fixture
def app(cloud: lab.Cloud) -> App:
    """alice may sign in at a user pool that IAM knows as an OpenID provider."""
    made = App(cloud)
    made.user_pool_id = made.idp.create_user_pool(PoolName="users")["UserPool"]["Id"]
    made.client_id = made.new_client()
    made.new_user("alice")
    made.iam.create_open_id_connect_provider(
        Url=f"https://{made.provider}", ClientIDList=[made.client_id]
    )
    return made


@pytest.fixture
def role(app: App) -> str:
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{app.provider}"
    wanted = {"StringEquals": {f"{app.provider}:aud": app.client_id}}
    return new_role("pool-user", trusting_provider(arn, condition=wanted), LIST_BUCKETS)


def test_an_access_token_is_no_id_token(app: App, role: str) -> None:
    missing = ("InvalidIdentityToken", "Missing a required claim: aud")
    assert refusal(app.tokens("alice")["AccessToken"], role) == missing
    assert refusal(app.tokens("alice")["RefreshToken"], role) == NO_JWT


def test_a_token_for_another_client_is_refused(app: App, role: str) -> None:
    other = app.new_client("other")
    assert refusal(app.tokens("alice", other)["IdToken"], role) == WRONG_AUDIENCE


def test_a_token_of_another_pool_is_refused(app: App, role: str) -> None:
    other = App(app.cloud)
    other.user_pool_id = other.idp.create_user_pool(PoolName="others")["UserPool"]["Id"]
    other.client_id = other.new_client()
    other.new_user("mallory")
    token = other.tokens("mallory")["IdToken"]
    text = f"No OpenIDConnect provider found in your account for https://{other.provider}"
    assert refusal(token, role) == ("InvalidIdentityToken", text)
    app.iam.create_open_id_connect_provider(
        Url=f"https://{other.provider}", ClientIDList=[other.client_id]
    )
    assert refusal(token, role) == NOT_AUTHORIZED


@pytest.mark.parametrize("kid", ["of the pool", "another"])
def test_a_token_signed_with_another_key_is_refused(app: App, role: str, kid: str) -> None:
    true = app.tokens("alice")["IdToken"]
    claims = jwt.decode(true, options={"verify_signature": False})
    named = jwt.get_unverified_header(true)["kid"] if kid == "of the pool" else kid
    forged = jwt.encode(claims, rsa_key(), "RS256", {"kid": named})
    assert refusal(forged, role) == ("InvalidIdentityToken", "Token signature invalid")
    assert refusal(jwt.encode(claims, None, "none", {"kid": named}), role) == NO_JWT
    assert refusal(jwt.encode(claims, "s" * 32, "HS256", {"kid": named}), role) == NO_JWT


def test_an_expired_token_is_refused(app: App, role: str) -> None:
    token = app.tokens("alice")["IdToken"]
    app.cloud.clock.advance(minutes=61)
    assert refusal(token, role)[0] == "ExpiredTokenException"


def test_a_pool_that_is_gone_publishes_no_keys(app: App, role: str) -> None:
    token = app.tokens("alice")["IdToken"]
    app.idp.delete_user_pool(UserPoolId=app.user_pool_id)
    assert refusal(token, role) == NO_KEY


def test_a_user_gets_a_session_without_an_identity_pool(app: App, role: str) -> None:
    token = app.tokens("alice")["IdToken"]
    answer = exchange(token, role)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert answer["SubjectFromWebIdentityToken"] == claims["sub"]
    assert answer["Audience"] == app.client_id
    client("s3", answer["Credentials"]).list_buckets()
