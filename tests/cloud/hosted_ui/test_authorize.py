"""/oauth2/authorize and /login: who is sent back to the app, and who is not."""

from __future__ import annotations

from collections.abc import Callable

import boto3
import jwt
import pytest
import requests

from helpers import lab
from tests.cloud.hosted_ui.site import (
    BASE,
    CALLBACK,
    PREFIX,
    Browser,
    WebApp,
    answered,
    new_app,
)


def error_shown(page: requests.Response) -> str:
    assert page.url.startswith(f"{BASE}/error?"), page.url
    assert page.status_code == 400
    return page.text


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example.com/callback",
        CALLBACK + "/",
        CALLBACK + "?x=1",
        CALLBACK + ".evil.example.com",
        "http://photos.example.com/callback",
        "https://photos.example.com/callback/../other",
        "https://photos.example.com@evil.example.com/callback",
        "HTTPS://photos.example.com/callback",
        "",
    ],
)
def test_an_address_that_is_not_registered_is_never_sent_anything(
    app: WebApp, redirect_uri: str
) -> None:
    page = Browser().get("/oauth2/authorize", **app.request(redirect_uri=redirect_uri))
    expected = "redirect_mismatch" if redirect_uri else "redirect_uri"
    assert expected in error_shown(page)


@pytest.mark.parametrize("client_id", [None, "", "nobody", "x" * 5000, "<script>"])
def test_an_unknown_client_sees_an_error_page(app: WebApp, client_id: str | None) -> None:
    page = Browser().get("/oauth2/authorize", **app.request(client_id=client_id))
    assert "<script>" not in error_shown(page)


def test_a_client_that_may_not_use_the_domain(cloud: lab.Cloud, app: WebApp) -> None:
    request = app.request(client_id=cloud.scene.client_id)
    page = Browser().get("/oauth2/authorize", **request)
    assert "Client is not enabled for OAuth2.0 flows." in error_shown(page)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "id_token"}, "invalid_request"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"scope": "openid phone"}, "invalid_scope"),
        ({"scope": "openid  email"}, "invalid_scope"),
        ({"scope": "email"}, "invalid_scope"),
        ({"scope": "no-such"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"identity_provider": "Google"}, "invalid_request"),
        ({"idp_identifier": "example.com"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_other_mistakes_are_told_to_the_app_with_its_state(
    app: WebApp, changes: dict[str, str | None], error: str
) -> None:
    page = Browser().get(app.url(**changes), follow=False)
    assert page.status_code == 302
    location = page.headers["Location"]
    assert location.startswith(CALLBACK)
    assert f"error={error}" in location
    assert "state=state-1" in location


def test_a_parameter_given_twice_is_refused(app: WebApp) -> None:
    page = Browser().get(app.url() + "&redirect_uri=https%3A%2F%2Fevil.example.com")
    assert "invalid_request" in error_shown(page)


def test_a_domain_that_nobody_has(app: WebApp) -> None:
    page = requests.get(app.url().replace("photo-app", "nobody-has-this"))
    assert page.status_code == 404
    assert "Login pages unavailable" in page.text


def test_an_unknown_page_and_a_wrong_method(app: WebApp) -> None:
    assert requests.get(f"{BASE}/nothing").status_code == 404
    refused = requests.post(f"{BASE}/oauth2/authorize")
    assert refused.status_code == 405
    assert "GET" in refused.headers["Allow"]


@pytest.mark.parametrize(
    ("username", "password"), [("alice", "wrong"), ("nobody", "wrong"), ("", ""), ("alice", "")]
)
def test_a_wrong_password_stays_on_the_page(app: WebApp, username: str, password: str) -> None:
    browser = Browser()
    page = browser.submit(
        browser.get("/oauth2/authorize", **app.request()), username=username, password=password
    )
    assert page.status_code == 400
    assert "Incorrect username or password." in page.text


def test_a_form_from_another_browser_is_refused(app: WebApp) -> None:
    mallory, alice = Browser(), Browser()
    page = mallory.get("/oauth2/authorize", **app.request())
    after = alice.submit(page, username="alice", password=app.password)
    assert after.url.startswith(f"{BASE}/error?")
    assert "cognito" not in alice.session.cookies


def test_a_form_without_its_token_is_refused(app: WebApp) -> None:
    browser = Browser()
    page = browser.get("/oauth2/authorize", **app.request())
    after = browser.submit(page, username="alice", password=app.password, _csrf="")
    assert after.url.startswith(f"{BASE}/error?")


def test_a_password_leads_back_to_the_app_with_a_code_and_its_state(app: WebApp) -> None:
    answer = answered(app.sign_in())
    assert set(answer) == {"code", "state"}
    assert answer["state"] == "state-1"


def test_the_tokens_of_a_domain(app: WebApp) -> None:
    tokens = app.tokens()
    assert set(tokens) == {
        "id_token",
        "access_token",
        "refresh_token",
        "expires_in",
        "token_type",
    }
    identity = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    access = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert identity["nonce"] == "nonce-1"
    assert identity["aud"] == access["client_id"] == app.client_id
    assert len(identity["at_hash"]) == 22
    assert access["scope"] == "openid email"
    assert access["version"] == 2
    assert "nonce" not in access


def test_without_openid_there_is_no_id_token(app: WebApp) -> None:
    tokens = app.tokens(scope="aws.cognito.signin.user.admin")
    assert "id_token" not in tokens


def test_no_scope_means_all_of_the_clients(app: WebApp) -> None:
    access = jwt.decode(app.tokens(scope=None)["access_token"], options={"verify_signature": False})
    assert set(access["scope"].split()) == set(
        boto3.client("cognito-idp").describe_user_pool_client(
            UserPoolId=app.pool_id, ClientId=app.client_id
        )["UserPoolClient"]["AllowedOAuthScopes"]
    )


def test_a_scope_whose_resource_server_is_gone_is_no_longer_granted(
    make_app: Callable[..., WebApp],
) -> None:
    idp, app = boto3.client("cognito-idp"), make_app()
    server = {"UserPoolId": app.pool_id, "Identifier": "albums"}
    scopes = [{"ScopeName": "read", "ScopeDescription": "look"}]
    idp.create_resource_server(**server, Name="Albums", Scopes=scopes)
    app = make_app(AllowedOAuthScopes=["openid", "albums/read"])
    assert "code" in answered(app.sign_in(scope="openid albums/read"))
    idp.delete_resource_server(**server)
    refused = Browser().get(app.url(scope="openid albums/read"), follow=False)
    assert "error=invalid_scope" in refused.headers["Location"]
    access = jwt.decode(app.tokens(scope=None)["access_token"], options={"verify_signature": False})
    assert access["scope"] == "openid"


def test_a_second_sign_in_needs_no_password_for_an_hour(app: WebApp, cloud: lab.Cloud) -> None:
    browser = Browser()
    app.sign_in(browser)
    assert "code" in answered(browser.get("/oauth2/authorize", **app.request()))
    assert "code" in answered(browser.get("/oauth2/authorize", **app.request(prompt="none")))
    again = browser.get("/oauth2/authorize", **app.request(prompt="login"))
    assert again.url.startswith(f"{BASE}/login")
    cloud.clock.advance(minutes=61)
    later = browser.get("/oauth2/authorize", **app.request())
    assert later.url.startswith(f"{BASE}/login")


def test_the_classic_pages_do_not_heed_prompt(app: WebApp) -> None:
    boto3.client("cognito-idp").update_user_pool_domain(
        UserPoolId=app.pool_id, Domain=PREFIX, ManagedLoginVersion=1
    )
    browser = Browser()
    nobody_yet = browser.get("/oauth2/authorize", **app.request(prompt="none"))
    assert nobody_yet.url.startswith(f"{BASE}/login")
    app.sign_in(browser)
    assert "code" in answered(browser.get("/oauth2/authorize", **app.request(prompt="login")))


def test_a_disabled_user_has_no_session_any_more(app: WebApp, cloud: lab.Cloud) -> None:
    browser = Browser()
    app.sign_in(browser)
    boto3.client("cognito-idp").admin_disable_user(UserPoolId=app.pool_id, Username="alice")
    page = browser.get("/oauth2/authorize", **app.request())
    assert page.url.startswith(f"{BASE}/login")


def test_a_user_who_is_enabled_again_begins_anew(app: WebApp) -> None:
    browser = Browser()
    code = app.code(browser)
    idp, alice = boto3.client("cognito-idp"), {"UserPoolId": app.pool_id, "Username": "alice"}
    idp.admin_disable_user(**alice)
    idp.admin_enable_user(**alice)
    assert app.exchange(code).json() == {"error": "invalid_grant"}
    page = browser.get("/oauth2/authorize", **app.request())
    assert page.url.startswith(f"{BASE}/login")
    assert "code" in answered(browser.submit(page, username="alice", password=app.password))


def test_an_address_with_letters_of_any_language(make_app: Callable[..., WebApp]) -> None:
    address = "https://photos.example.com/callback/łódź?ort=köln"
    app = make_app(CallbackURLs=[address])
    page = Browser().get(app.url(redirect_uri=address, scope="no-such"), follow=False)
    place = "https://photos.example.com/callback/%C5%82%C3%B3d%C5%BA?ort=k%C3%B6ln&error="
    assert page.headers["Location"].startswith(place)


def test_a_session_of_one_pool_is_nothing_in_another(app: WebApp, cloud: lab.Cloud) -> None:
    browser = Browser()
    app.sign_in(browser)
    value = browser.session.cookies["cognito"]
    idp = boto3.client("cognito-idp")
    other = idp.create_user_pool(PoolName="other")["UserPool"]["Id"]
    idp.create_user_pool_domain(UserPoolId=other, Domain="other-app")
    stranger = new_app(other, "")
    url = stranger.url().replace("photo-app", "other-app")
    page = requests.get(url, cookies={"cognito": value})
    assert "/login" in page.url


def test_the_implicit_grant_answers_in_the_fragment(make_app: Callable[..., WebApp]) -> None:
    app = make_app(AllowedOAuthFlows=["implicit"])
    page = app.sign_in(response_type="token", code_challenge=None, code_challenge_method=None)
    target = page.history[-1].headers["Location"]
    address, _, fragment = target.partition("#")
    assert address == CALLBACK
    assert {p.split("=")[0] for p in fragment.split("&")} == {
        "id_token",
        "access_token",
        "token_type",
        "expires_in",
        "state",
    }


@pytest.mark.parametrize("path", ["/login", "/signup", "/confirm", "/forgotPassword"])
def test_every_page_checks_the_request_again(app: WebApp, path: str) -> None:
    bad = app.request(redirect_uri="https://evil.example.com")
    assert "redirect_mismatch" in error_shown(Browser().get(path, **bad))


def test_what_pages_say_about_themselves(app: WebApp) -> None:
    page = Browser().get("/oauth2/authorize", **app.request())
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*" in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.text
    assert "http://" not in page.text
    for cookie in page.raw.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie and "Secure" in cookie and "SameSite=" in cookie


def test_nothing_secret_is_in_the_trace(app: WebApp, cloud: lab.Cloud) -> None:
    tokens = app.tokens()
    recorded = str([entry.as_dict() for entry in cloud.trace])
    for secret in (
        app.password,
        *[v for v in tokens.values() if isinstance(v, str) and len(v) > 9],
    ):
        assert secret not in recorded
    hops = [e for e in cloud.trace if e.service == "hosted-ui"]
    assert [h.operation for h in hops] == [
        "GET /oauth2/authorize",
        "GET /login",
        "POST /login",
        "POST /oauth2/token",
    ]
    assert hops[0].location == "photo-app.auth.us-east-1.amazoncognito.com/login"
    assert hops[2].location == "photos.example.com/callback"


def test_a_code_dies_after_five_minutes(app: WebApp, cloud: lab.Cloud) -> None:
    code = app.code()
    cloud.clock.advance(minutes=5)
    assert app.exchange(code).json() == {"error": "invalid_grant"}
