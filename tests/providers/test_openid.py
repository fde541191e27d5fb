"""The generic provider keeps to the book, and signs out."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from helpers import providers
from helpers.providers import App
from tests.providers.browser import (
    AUTHORIZE,
    CALLBACK,
    CHALLENGE,
    DISCOVERY,
    PASSWORD,
    TOKEN,
    VERIFIER,
    Browser,
    came_back,
    code_for,
    redeem,
    register,
    request_for,
    strict_sign_in,
)

pytestmark = pytest.mark.usefixtures("web")
LOGOUT = "https://login.example.org/oauth2/logout"
REVOKE = "https://login.example.org/oauth2/revoke"
USERINFO = "https://login.example.org/oauth2/userinfo"
OUT = "https://photos.example.com/signed-out"


@pytest.mark.parametrize("method", ["plain", None, "S512"])
def test_only_s256_is_taken_as_pkce_method(method: str | None) -> None:
    asked = request_for(
        "openid", register("openid"), code_challenge=CHALLENGE, code_challenge_method=method
    )
    answer = came_back(Browser().get(AUTHORIZE["openid"], **asked))
    assert answer["error"] == "invalid_request"


def test_a_careful_client_gets_the_claims_and_groups() -> None:
    app = register("openid")
    claims = strict_sign_in("openid", app)
    assert claims["iss"] == "https://login.example.org"
    assert claims["aud"] == app.client_id
    assert claims["groups"] == ["photographers", "editors"]
    assert claims["auth_time"] <= claims["iat"]


def test_an_unknown_scope_is_left_out_and_the_answer_says_so() -> None:
    app = register("openid")
    token = redeem("openid", app, code_for("openid", app, scope="openid everything email"))
    assert token.json()["scope"] == "openid email"


def test_discovery_names_every_endpoint_and_each_answers() -> None:
    found = requests.get(DISCOVERY["openid"]).json()
    assert found["issuer"] == "https://login.example.org"
    for name, url in found.items():
        if name.endswith(("_endpoint", "_uri")):
            assert requests.get(url).status_code != 404, name


@pytest.mark.parametrize("way", ["client_secret_basic", "client_secret_post"])
def test_authlibs_own_client_completes_the_flow(way: str) -> None:
    app = register("openid")
    client = OAuth2Session(
        app.client_id,
        app.client_secret,
        scope="openid email groups",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        token_endpoint_auth_method=way,
    )
    url, _ = client.create_authorization_url(AUTHORIZE["openid"], code_verifier=VERIFIER)
    back = Browser().sign_in(url).headers["Location"]
    token = client.fetch_token(TOKEN["openid"], authorization_response=back, code_verifier=VERIFIER)
    assert client.get(USERINFO).json()["groups"] == ["photographers", "editors"]
    fresh = client.refresh_token(TOKEN["openid"], token["refresh_token"])
    assert fresh["access_token"] != token["access_token"]
    assert client.revoke_token(REVOKE, token["refresh_token"]).status_code == 200
    assert client.get(USERINFO).status_code == 401


@pytest.mark.parametrize("secret", ["guessed", ""])
def test_revocation_wants_the_app_to_prove_itself(secret: str) -> None:
    app = register("openid")
    token = redeem("openid", app, code_for("openid", app)).json()
    data = {"token": token["access_token"], "client_id": app.client_id, "client_secret": secret}
    assert requests.post(REVOKE, data=data).status_code in (400, 401)
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    assert requests.get(USERINFO, headers=bearer).status_code == 200


def test_an_app_cannot_revoke_anothers_token() -> None:
    app, other = register("openid"), register("openid")
    token = redeem("openid", app, code_for("openid", app)).json()
    data = {"token": token["access_token"]}
    answer = requests.post(REVOKE, data=data, auth=(other.client_id, other.client_secret))
    assert answer.status_code == 200
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    assert requests.get(USERINFO, headers=bearer).status_code == 200


def signed_in() -> tuple[Browser, App, dict[str, Any]]:
    app = providers.openid().register(CALLBACK, signed_out_uri=OUT)
    browser = Browser()
    asked = request_for("openid", app)
    code = came_back(browser.sign_in(AUTHORIZE["openid"], **asked))["code"]
    return browser, app, redeem("openid", app, code).json()


def still_signed_in(browser: Browser, app: App) -> bool:
    asked = request_for("openid", app)
    return browser.get(AUTHORIZE["openid"], **asked).status_code == 302


def test_sign_out_without_a_hint_asks_the_person() -> None:
    browser, app, _ = signed_in()
    page = browser.get(LOGOUT, client_id=app.client_id, post_logout_redirect_uri=OUT)
    assert page.status_code == 200
    assert still_signed_in(browser, app)
    done = browser.submit(page)
    assert done.status_code == 200
    assert "Location" not in done.headers
    assert not still_signed_in(browser, app)


def test_a_forged_sign_out_form_signs_nobody_out() -> None:
    browser, app, _ = signed_in()
    browser.session.post(LOGOUT, data={"form": "guessed"})
    assert still_signed_in(browser, app)


@pytest.mark.parametrize("uri", ["https://attacker.example.net/", OUT + "/", OUT + "?x=1"])
def test_sign_out_redirects_only_to_a_registered_address(uri: str) -> None:
    browser, _, token = signed_in()
    answer = browser.get(LOGOUT, id_token_hint=token["id_token"], post_logout_redirect_uri=uri)
    assert answer.status_code == 200
    assert "Location" not in answer.headers


@pytest.mark.parametrize("hint", ["guessed", "a.b.c", "\u00e9.\u00e9.\u00e9"])
def test_a_hint_that_is_not_ours_is_refused(hint: str) -> None:
    browser, app, _ = signed_in()
    answer = browser.get(LOGOUT, id_token_hint=hint, post_logout_redirect_uri=OUT)
    assert answer.status_code == 400
    assert still_signed_in(browser, app)


def test_an_unsigned_hint_is_refused() -> None:
    browser, app, _ = signed_in()
    providers.openid().misbehave("unsigned")
    code = code_for("openid", app)
    hint = redeem("openid", app, code).json()["id_token"]
    answer = browser.get(LOGOUT, id_token_hint=hint, post_logout_redirect_uri=OUT)
    assert answer.status_code == 400
    assert still_signed_in(browser, app)


def test_sign_out_with_a_hint_goes_back_to_the_app() -> None:
    browser, app, token = signed_in()
    answer = browser.get(
        LOGOUT, id_token_hint=token["id_token"], post_logout_redirect_uri=OUT, state="s1"
    )
    assert answer.headers["Location"] == f"{OUT}?state=s1"
    assert not still_signed_in(browser, app)


def test_an_old_session_cookie_is_worth_nothing_after_sign_out() -> None:
    browser, app, token = signed_in()
    kept = dict(browser.session.cookies)
    browser.get(LOGOUT, id_token_hint=token["id_token"])
    thief = Browser()
    thief.session.cookies.update(kept)
    assert not still_signed_in(thief, app)


def test_a_sign_in_gives_the_browser_a_new_session() -> None:
    """Session fixation: a session planted before the sign-in must not become the person's."""
    app, planted = register("openid"), Browser()
    page = planted.get(AUTHORIZE["openid"], **request_for("openid", app))
    victim = Browser()
    victim.session.cookies.update(planted.session.cookies)
    assert victim.submit(page, username="alice", password=PASSWORD).status_code == 302
    assert not still_signed_in(planted, app)
    assert still_signed_in(victim, app)
