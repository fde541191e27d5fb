"""Facebook Login: fields, proofs and whose app a token is for."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
import requests

from helpers import providers
from helpers.providers import App
from tests.providers.browser import (
    AUTHORIZE,
    CALLBACK,
    TOKEN,
    Browser,
    came_back,
    code_for,
    redeem,
    register,
    request_for,
)

pytestmark = pytest.mark.usefixtures("web")
GRAPH = "https://graph.facebook.com/v21.0"


def token_for(app: App, **more: Any) -> str:
    return redeem("facebook", app, code_for("facebook", app, **more)).json()["access_token"]


def proof(secret: str, token: str) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def debug(app: App, token: str, asker: str | None = None) -> Any:
    asker = asker or f"{app.client_id}|{app.client_secret}"
    asked = {"input_token": token, "access_token": asker}
    return requests.get(f"{GRAPH}/debug_token", params=asked)


def test_an_unknown_permission_is_named_on_facebooks_page() -> None:
    asked = request_for("facebook", register("facebook"), scope="public_profile,everything")
    answer = Browser().get(AUTHORIZE["facebook"], **asked)
    assert answer.status_code == 400
    assert "Invalid Scopes: everything" in answer.text


@pytest.mark.parametrize("token", ["", "EAAguessed"])
def test_me_wants_a_live_token(token: str) -> None:
    answer = requests.get(f"{GRAPH}/me", params={"access_token": token})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == 190
    assert answer.json()["error"]["type"] == "OAuthException"


def test_a_wrong_code_is_an_oauth_exception() -> None:
    answer = redeem("facebook", register("facebook"), "guessed").json()
    assert answer["error"]["type"] == "OAuthException"
    assert answer["error"]["code"] == 100


@pytest.mark.parametrize("made_with", ["0" * 32, "token", ""])
def test_a_wrong_appsecret_proof_is_refused(made_with: str) -> None:
    token = token_for(register("facebook"))
    asked = {"access_token": token, "appsecret_proof": proof(made_with, token)}
    answer = requests.get(f"{GRAPH}/me", params=asked)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("Invalid appsecret_proof")
    asked["appsecret_proof"] = ""
    assert requests.get(f"{GRAPH}/me", params=asked).status_code == 400


def test_a_right_appsecret_proof_is_taken() -> None:
    app = register("facebook")
    token = token_for(app)
    asked = {"access_token": token, "appsecret_proof": proof(app.client_secret, token)}
    assert requests.get(f"{GRAPH}/me", params=asked).json()["name"] == "Alice Archer"


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        (None, {"id", "name"}),
        ("id", {"id"}),
        ("email", {"id", "email"}),
        ("first_name,last_name", {"id", "first_name", "last_name"}),
        ("id, name, email, picture", {"id", "name", "email", "picture"}),
    ],
)
def test_only_the_fields_asked_for_come(fields: str | None, names: set[str]) -> None:
    token = token_for(register("facebook"))
    asked = {"access_token": token} | ({"fields": fields} if fields else {})
    assert set(requests.get(f"{GRAPH}/me", params=asked).json()) == names


def test_a_field_that_does_not_exist_is_an_error() -> None:
    asked = {"access_token": token_for(register("facebook")), "fields": "id,password"}
    answer = requests.get(f"{GRAPH}/me", params=asked).json()
    assert "(#100) Tried accessing nonexisting field (password)" in answer["error"]["message"]


def test_without_the_email_permission_there_is_no_email() -> None:
    token = token_for(register("facebook"), scope="public_profile")
    asked = {"access_token": token, "fields": "id,name,email"}
    assert set(requests.get(f"{GRAPH}/me", params=asked).json()) == {"id", "name"}


@pytest.mark.parametrize("asker", ["guessed", "1|guessed", "{id}|guessed", "{id}"])
def test_debug_token_answers_only_an_app_that_proves_itself(asker: str) -> None:
    app = register("facebook")
    answer = debug(app, token_for(app), asker.format(id=app.client_id))
    assert answer.status_code == 400


def test_debug_token_says_which_app_a_token_is_for() -> None:
    app = register("facebook")
    token = token_for(app)
    data = debug(app, token).json()["data"]
    assert data["is_valid"] is True
    assert data["app_id"] == app.client_id
    assert data["scopes"] == ["public_profile", "email"]
    me = requests.get(f"{GRAPH}/me", params={"access_token": token}).json()
    assert data["user_id"] == me["id"]
    assert debug(app, "EAAguessed").json()["data"]["is_valid"] is False


def test_a_token_of_another_app_is_told_by_debug_token_and_by_the_proof() -> None:
    app = register("facebook")
    providers.facebook().misbehave("token_of_another_app")
    token = token_for(app)
    assert requests.get(f"{GRAPH}/me", params={"access_token": token}).status_code == 200
    assert debug(app, token).json()["data"]["is_valid"] is False
    asked = {"access_token": token, "appsecret_proof": proof(app.client_secret, token)}
    assert requests.get(f"{GRAPH}/me", params=asked).status_code == 400


@pytest.mark.parametrize("version", ["v2.0/", "v12.0/", "v23.0/", ""])
def test_any_version_is_taken_and_token_parameters_may_be_in_the_address(version: str) -> None:
    app = register("facebook")
    asked = request_for("facebook", app, response_type=None)
    dialog = f"https://www.facebook.com/{version}dialog/oauth"
    code = came_back(Browser().sign_in(dialog, **asked))["code"]
    sent = {"client_id": app.client_id, "client_secret": app.client_secret}
    sent |= {"redirect_uri": CALLBACK, "code": code}
    url = f"https://graph.facebook.com/{version}oauth/access_token"
    token = requests.get(url, params=sent).json()
    assert token["token_type"] == "bearer"
    assert "refresh_token" not in token
    assert "id_token" not in token
    me = f"https://graph.facebook.com/{version}me"
    assert requests.get(me, params={"access_token": token["access_token"]}).json()["id"].isdigit()


@pytest.mark.parametrize("version", ["vX.0/", "21/", "v21.5/"])
def test_what_is_no_version_is_not_found(version: str) -> None:
    assert requests.get(f"https://graph.facebook.com/{version}me").status_code == 404


def test_cancel_is_told_in_facebooks_four_parameters() -> None:
    browser = Browser()
    asked = request_for("facebook", register("facebook"))
    page = browser.get(AUTHORIZE["facebook"], **asked)
    answer = came_back(browser.submit(page, button="cancel"))
    assert answer["error_reason"] == "user_denied"
    assert answer["error_code"] == "200"
    assert TOKEN["facebook"].startswith(GRAPH)
