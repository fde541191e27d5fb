"""/oauth2/token, /oauth2/userInfo and /oauth2/revoke, as an app meets them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import boto3
import jwt
import pytest
import requests

from helpers import lab, providers
from tests.cloud.hosted_ui.site import (
    BASE,
    CALLBACK,
    VERIFIER,
    Browser,
    WebApp,
    answered,
)

TOKEN, USER_INFO, REVOKE = (f"{BASE}/oauth2/{name}" for name in ("token", "userInfo", "revoke"))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def basic(client_id: str, secret: str) -> dict[str, str]:
    pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_id": None}, "invalid_request"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_secret": "guess"}, "invalid_client"),
        ({"code": None}, "invalid_request"),
        ({"code": "no-such-code"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"redirect_uri": CALLBACK + "/"}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_grant"),
        ({"code_verifier": VERIFIER[:-1] + "8"}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_grant"),
        ({"code_verifier": "ü" * 50}, "invalid_grant"),
    ],
)
def test_a_code_alone_is_not_enough(
    app: WebApp, changes: dict[str, str | None], error: str
) -> None:
    refused = app.exchange(app.code(), **changes)
    assert refused.status_code == 400
    assert refused.json() == {"error": error}
    assert refused.headers["Cache-Control"] == "no-store"


def test_a_verifier_for_a_code_without_challenge_is_refused(app: WebApp) -> None:
    code = app.code(code_challenge=None, code_challenge_method=None)
    assert app.exchange(code).json() == {"error": "invalid_grant"}


def test_a_code_of_another_client_is_refused(make_app: Callable[..., WebApp]) -> None:
    code = make_app().code()
    assert make_app().exchange(code).json() == {"error": "invalid_grant"}


def test_a_code_serves_once_and_its_second_use_ends_the_first(app: WebApp) -> None:
    code = app.code()
    tokens = app.exchange(code).json()
    assert requests.get(USER_INFO, headers=bearer(tokens["access_token"])).status_code == 200
    assert app.exchange(code).json() == {"error": "invalid_grant"}
    assert requests.get(USER_INFO, headers=bearer(tokens["access_token"])).status_code == 401
    form = {"grant_type": "refresh_token", "client_id": app.client_id}
    again = requests.post(TOKEN, data={**form, "refresh_token": tokens["refresh_token"]})
    assert again.json() == {"error": "invalid_grant"}


def test_a_code_of_a_user_who_was_disabled_meanwhile(app: WebApp) -> None:
    code = app.code()
    boto3.client("cognito-idp").admin_disable_user(UserPoolId=app.pool_id, Username="alice")
    assert app.exchange(code).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize("way", ["none", "wrong", "both", "garbled", "other client"])
def test_a_client_with_a_secret_must_prove_it(make_app: Callable[..., WebApp], way: str) -> None:
    app = make_app(GenerateSecret=True)
    form = {"grant_type": "authorization_code", "code": app.code(), "redirect_uri": CALLBACK}
    form |= {"code_verifier": VERIFIER, "client_id": app.client_id}
    headers: dict[str, str] = {}
    if way == "wrong":
        headers = basic(app.client_id, "wrong")
    elif way == "both":
        headers = basic(app.client_id, app.secret)
        form["client_secret"] = app.secret
    elif way == "garbled":
        headers = {"Authorization": "Basic %%%"}
    elif way == "other client":
        headers = basic(make_app(GenerateSecret=True).client_id, app.secret)
    refused = requests.post(TOKEN, data=form, headers=headers)
    assert refused.status_code == 400
    assert refused.json()["error"] in ("invalid_client", "invalid_request")


@pytest.mark.parametrize("way", ["basic", "post"])
def test_a_secret_in_either_place_is_taken(make_app: Callable[..., WebApp], way: str) -> None:
    app = make_app(GenerateSecret=True)
    form = {"grant_type": "authorization_code", "code": app.code(), "redirect_uri": CALLBACK}
    form |= {"code_verifier": VERIFIER}
    headers = basic(app.client_id, app.secret) if way == "basic" else {}
    if way == "post":
        form |= {"client_id": app.client_id, "client_secret": app.secret}
    assert requests.post(TOKEN, data=form, headers=headers).status_code == 200


def test_the_endpoint_takes_a_form_and_nothing_else(app: WebApp) -> None:
    for refused in (
        requests.post(TOKEN, json={"grant_type": "authorization_code"}),
        requests.post(TOKEN, data=b"\xff\xfe", headers={"Content-Type": "text/plain"}),
        requests.post(f"{TOKEN}?grant_type=refresh_token", data={"client_id": app.client_id}),
        requests.post(TOKEN, data=[("grant_type", "a"), ("grant_type", "b")]),
    ):
        assert (refused.status_code, refused.json()) == (400, {"error": "invalid_request"})


# --- refresh ------------------------------------------------------------------------------------


def refresh(app: WebApp, token: str) -> requests.Response:
    form = {"grant_type": "refresh_token", "client_id": app.client_id, "refresh_token": token}
    return requests.post(TOKEN, data=form)


def test_a_refresh_token_of_another_client_is_refused(make_app: Callable[..., WebApp]) -> None:
    theirs = make_app().tokens()["refresh_token"]
    assert refresh(make_app(), theirs).json() == {"error": "invalid_grant"}


def test_refresh_gives_new_tokens_but_no_new_refresh_token(app: WebApp, cloud: lab.Cloud) -> None:
    first = app.tokens()
    cloud.clock.advance(minutes=61)
    second = refresh(app, first["refresh_token"]).json()
    assert set(second) == {"id_token", "access_token", "expires_in", "token_type"}
    claims = jwt.decode(second["id_token"], options={"verify_signature": False})
    assert "nonce" not in claims and "at_hash" in claims


def test_a_client_without_the_refresh_flow(make_app: Callable[..., WebApp]) -> None:
    app = make_app(ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH"])
    token = app.tokens()["refresh_token"]
    assert refresh(app, token).json() == {"error": "unauthorized_client"}


def test_rotation_gives_a_new_refresh_token_and_retires_the_old(
    make_app: Callable[..., WebApp],
) -> None:
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    app = make_app(RefreshTokenRotation=rotation, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])
    first = app.tokens()["refresh_token"]
    second = refresh(app, first).json()["refresh_token"]
    assert second != first
    assert refresh(app, first).json() == {"error": "invalid_grant"}


# --- client credentials -------------------------------------------------------------------------


@pytest.fixture
def machine(cloud: lab.Cloud, make_app: Callable[..., WebApp]) -> WebApp:
    boto3.client("cognito-idp").create_resource_server(
        UserPoolId=cloud.scene.user_pool_id,
        Identifier="albums",
        Name="Albums",
        Scopes=[
            {"ScopeName": "read", "ScopeDescription": "look"},
            {"ScopeName": "write", "ScopeDescription": "change"},
        ],
    )
    return make_app(
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["albums/read"],
    )


def ask_for_itself(app: WebApp, **form: str) -> requests.Response:
    usual = {"grant_type": "client_credentials"}
    return requests.post(TOKEN, data={**usual, **form}, headers=basic(app.client_id, app.secret))


@pytest.mark.parametrize("scope", ["albums/write", "openid", "albums/read openid", "none"])
def test_a_machine_gets_only_its_own_scopes(machine: WebApp, scope: str) -> None:
    assert ask_for_itself(machine, scope=scope).json() == {"error": "invalid_scope"}


def test_a_machine_without_its_secret(machine: WebApp) -> None:
    form = {"grant_type": "client_credentials", "client_id": machine.client_id}
    assert requests.post(TOKEN, data=form).json() == {"error": "invalid_client"}


def test_an_app_for_people_gets_no_token_for_itself(make_app: Callable[..., WebApp]) -> None:
    app = make_app(GenerateSecret=True)
    assert ask_for_itself(app).json() == {"error": "unauthorized_client"}


def test_a_machine_token_names_the_app_and_no_user(machine: WebApp) -> None:
    answer = ask_for_itself(machine, scope="albums/read").json()
    assert set(answer) == {"access_token", "expires_in", "token_type"}
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert claims["sub"] == claims["client_id"] == machine.client_id
    assert claims["scope"] == "albums/read"
    assert "username" not in claims
    assert requests.get(USER_INFO, headers=bearer(answer["access_token"])).status_code == 401


# --- userInfo -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"Authorization": "Bearer"}, 400, "invalid_request"),
        ({"Authorization": "Basic YTpi"}, 400, "invalid_request"),
        ({"Authorization": "Bearer garbage"}, 401, "invalid_token"),
        ({"Authorization": "Bearer a.b.c"}, 401, "invalid_token"),
    ],
)
def test_user_info_needs_an_access_token(
    app: WebApp, header: dict[str, str], status: int, error: str
) -> None:
    refused = requests.get(USER_INFO, headers=header)
    assert refused.status_code == status
    assert f'error="{error}"' in refused.headers["WWW-Authenticate"]


def test_user_info_refuses_an_id_token_and_a_token_without_openid(
    app: WebApp, cloud: lab.Cloud
) -> None:
    tokens = app.tokens()
    assert requests.get(USER_INFO, headers=bearer(tokens["id_token"])).status_code == 401
    narrow = app.tokens(scope="aws.cognito.signin.user.admin")["access_token"]
    refused = requests.get(USER_INFO, headers=bearer(narrow))
    assert refused.status_code == 401
    assert "openid scope" in refused.json()["error_description"]
    cloud.clock.advance(minutes=61)
    assert requests.get(USER_INFO, headers=bearer(tokens["access_token"])).status_code == 401


def test_user_info_says_what_the_scopes_let_through(app: WebApp) -> None:
    shown = requests.get(USER_INFO, headers=bearer(app.tokens()["access_token"])).json()
    assert shown["email"] == "alice@example.com"
    assert shown["email_verified"] == "true"
    assert shown["username"] == "alice"
    bare = app.tokens(scope="openid profile")["access_token"]
    assert "email" not in requests.get(USER_INFO, headers=bearer(bare)).json()


def test_user_info_of_somebody_from_outside(
    make_app: Callable[..., WebApp], cloud: lab.Cloud
) -> None:
    known = providers.openid().register(f"{BASE}/oauth2/idpresponse")
    boto3.client("cognito-idp").create_identity_provider(
        UserPoolId=cloud.scene.user_pool_id,
        ProviderName="Example",
        ProviderType="OIDC",
        ProviderDetails={
            "client_id": known.client_id,
            "client_secret": known.client_secret,
            "oidc_issuer": "https://login.example.org",
            "authorize_scopes": "openid",
            "attributes_request_method": "GET",
        },
    )
    app, browser = make_app(SupportedIdentityProviders=["Example"]), Browser()
    page = browser.get("/oauth2/authorize", **app.request(scope="openid profile"))
    back = browser.submit(page, username="bob", password="Provider-pass1!")
    tokens = app.exchange(answered(back)["code"]).json()
    shown = requests.get(USER_INFO, headers=bearer(tokens["access_token"])).json()
    (account,) = json.loads(shown["identities"])
    assert (account["providerName"], account["primary"]) == ("Example", True)
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert claims["identities"][0]["primary"] == "true"


# --- revoke -------------------------------------------------------------------------------------


def revoke(**form: Any) -> requests.Response:
    return requests.post(REVOKE, data=form)


def test_what_cannot_be_revoked(app: WebApp, make_app: Callable[..., WebApp]) -> None:
    tokens = app.tokens()
    other = make_app()
    for form, status, error in (
        ({"client_id": app.client_id}, 400, "invalid_request"),
        ({"client_id": "nobody", "token": "x"}, 401, "invalid_client"),
        (
            {"client_id": app.client_id, "token": tokens["access_token"]},
            400,
            "unsupported_token_type",
        ),
        ({"client_id": other.client_id, "token": tokens["refresh_token"]}, 401, "invalid_client"),
    ):
        refused = revoke(**form)
        assert (refused.status_code, refused.json()) == (status, {"error": error})
    assert refresh(app, tokens["refresh_token"]).status_code == 200


def test_revoking_ends_the_refresh_token_and_its_access_tokens(app: WebApp) -> None:
    tokens = app.tokens()
    done = revoke(client_id=app.client_id, token=tokens["refresh_token"])
    assert (done.status_code, done.content) == (200, b"")
    assert refresh(app, tokens["refresh_token"]).json() == {"error": "invalid_grant"}
    assert requests.get(USER_INFO, headers=bearer(tokens["access_token"])).status_code == 401
    assert revoke(client_id=app.client_id, token="never-issued").status_code == 200
