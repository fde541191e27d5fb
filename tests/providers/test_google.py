"""Google completes its flow with real clients, and has Google's ways."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from helpers import providers
from tests.providers.browser import (
    AUTHORIZE,
    CALLBACK,
    CHALLENGE,
    DISCOVERY,
    TOKEN,
    VERIFIER,
    Browser,
    Refused,
    came_back,
    code_for,
    redeem,
    register,
    request_for,
    strict_sign_in,
)

pytestmark = pytest.mark.usefixtures("web")
USERINFO = "https://openidconnect.googleapis.com/v1/userinfo"


def tokens(**more: Any) -> dict[str, Any]:
    app = register("google")
    return redeem("google", app, code_for("google", app, **more)).json()


def test_without_a_scope_there_is_no_sign_in() -> None:
    asked = request_for("google", register("google"), scope=None)
    answer = came_back(Browser().get(AUTHORIZE["google"], **asked))
    assert answer["error"] == "invalid_request"


def test_an_unknown_scope_is_refused() -> None:
    asked = request_for("google", register("google"), scope="openid everything")
    assert came_back(Browser().get(AUTHORIZE["google"], **asked))["error"] == "invalid_scope"


def test_an_unknown_client_is_error_401_on_googles_page() -> None:
    asked = request_for("google", register("google"), client_id="1.apps.googleusercontent.com")
    answer = Browser().get(AUTHORIZE["google"], **asked)
    assert answer.status_code == 401
    assert "invalid_client" in answer.text


def test_a_foreign_redirect_address_is_a_redirect_uri_mismatch() -> None:
    asked = request_for("google", register("google"), redirect_uri="https://example.net/")
    assert "redirect_uri_mismatch" in Browser().get(AUTHORIZE["google"], **asked).text


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer guessed", "Basic eDp5", "Bearer a b"])
def test_userinfo_wants_a_live_token(header: str) -> None:
    answer = requests.get(USERINFO, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["error"] == "invalid_token"


def test_userinfo_wants_the_openid_scope() -> None:
    token = tokens(scope="email")
    assert "id_token" not in token
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    assert requests.get(USERINFO, headers=bearer).status_code == 401


def test_an_endpoint_answers_only_at_its_own_host() -> None:
    assert requests.post("https://accounts.google.com/token").status_code == 404
    assert requests.get("https://oauth2.googleapis.com/oauth2/v3/certs").status_code == 404


def test_a_careful_client_gets_googles_claims() -> None:
    app = register("google")
    claims = strict_sign_in("google", app)
    assert claims["iss"] == "https://accounts.google.com"
    assert claims["azp"] == claims["aud"] == app.client_id
    assert app.client_id.endswith(".apps.googleusercontent.com")
    assert app.client_secret.startswith("GOCSPX-")
    assert len(claims["sub"]) == 21
    assert claims["sub"].isdigit()
    assert claims["email"] == "alice@example.com"
    assert claims["email_verified"] is True
    assert claims["hd"] == "example.com"
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["picture"].startswith("https://lh3.googleusercontent.com/")
    assert "groups" not in claims


def test_a_private_account_has_no_hd() -> None:
    app = register("google")
    token = redeem("google", app, code_for("google", app, "carol")).json()["id_token"]
    assert "hd" not in jwt.decode(token, options={"verify_signature": False})


def test_claims_follow_the_scope() -> None:
    claims = jwt.decode(tokens(scope="openid")["id_token"], options={"verify_signature": False})
    assert not {"email", "email_verified", "name", "picture"} & set(claims)


def test_the_long_names_of_scopes_work_and_come_back() -> None:
    token = tokens(scope="openid https://www.googleapis.com/auth/userinfo.email")
    claims = jwt.decode(token["id_token"], options={"verify_signature": False})
    assert claims["email"] == "alice@example.com"
    assert tokens(scope="openid email")["scope"] == token["scope"]


def test_a_refresh_token_comes_only_with_offline_access_and_once() -> None:
    app = register("google")
    offline = {"access_type": "offline"}

    def answer(**more: str) -> dict[str, Any]:
        return redeem("google", app, code_for("google", app, **more)).json()

    first = answer(**offline)
    assert "refresh_token" in first
    assert "refresh_token" not in answer()
    assert "refresh_token" not in answer(**offline)
    assert "refresh_token" in answer(**offline, prompt="consent")
    more = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    fresh = redeem("google", app, "", **more).json()
    assert fresh["access_token"] != first["access_token"]
    claims = jwt.decode(fresh["id_token"], options={"verify_signature": False})
    assert "nonce" not in claims


def test_another_app_cannot_use_a_refresh_token() -> None:
    app, thief = register("google"), register("google")
    token = redeem("google", app, code_for("google", app, access_type="offline")).json()
    more = {"grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
    assert redeem("google", thief, "", **more).status_code == 400


def test_a_revoked_token_opens_nothing() -> None:
    token = tokens(access_type="offline")
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    assert requests.get(USERINFO, headers=bearer).status_code == 200
    url = "https://oauth2.googleapis.com/revoke"
    assert requests.post(url, data={"token": token["refresh_token"]}).status_code == 200
    assert requests.get(USERINFO, headers=bearer).status_code == 401
    assert requests.post(url, data={"token": token["refresh_token"]}).status_code == 400


def test_authlibs_own_client_completes_the_flow() -> None:
    app = providers.google().register(CALLBACK)
    found = requests.get(DISCOVERY["google"]).json()
    client = OAuth2Session(
        app.client_id,
        app.client_secret,
        scope="openid email",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
    )
    url, _ = client.create_authorization_url(
        found["authorization_endpoint"], code_verifier=VERIFIER
    )
    assert CHALLENGE in url
    back = Browser().sign_in(url).headers["Location"]
    assert found["token_endpoint"] == TOKEN["google"]
    client.fetch_token(found["token_endpoint"], authorization_response=back, code_verifier=VERIFIER)
    assert client.get(found["userinfo_endpoint"]).json()["email"] == "alice@example.com"


def test_the_same_seed_brings_the_same_app_and_person() -> None:
    assert register("google").client_id.startswith("811939632903-")
    alice = providers.google().people()[0]
    assert alice["claims"]["sub"] == providers.google().people()[0]["claims"]["sub"]


def test_a_strict_client_can_say_no() -> None:
    app = register("google")
    providers.google().misbehave("wrong_state")
    with pytest.raises(Refused):
        strict_sign_in("google", app)
