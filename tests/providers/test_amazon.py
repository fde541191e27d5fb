"""Login with Amazon: plain OAuth, so an app must ask whose and which app's a token is."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests
import time_machine
from authlib.integrations.requests_client import OAuth2Session

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
PROFILE = "https://api.amazon.com/user/profile"
INFO = "https://api.amazon.com/auth/o2/tokeninfo"


def token_for(app: App, **more: Any) -> dict[str, Any]:
    return redeem("amazon", app, code_for("amazon", app, **more)).json()


@pytest.mark.parametrize("scope", [None, "", "openid", "profile email"])
def test_a_scope_is_needed_and_must_be_amazons(scope: str | None) -> None:
    asked = request_for("amazon", register("amazon"), scope=scope)
    answer = came_back(Browser().get(AUTHORIZE["amazon"], **asked))
    assert answer["error"] in ("invalid_scope", "invalid_request")


@pytest.mark.parametrize("url", [PROFILE, INFO])
@pytest.mark.parametrize("token", ["", "Atza|guessed"])
def test_a_token_that_is_not_amazons_opens_nothing(url: str, token: str) -> None:
    answer = requests.get(url, params={"access_token": token})
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_token"


def test_a_token_ends_after_an_hour() -> None:
    token = token_for(register("amazon"))
    with time_machine.travel(time.time() + 3601):
        answer = requests.get(PROFILE, params={"access_token": token["access_token"]})
    assert answer.status_code == 400


def test_there_is_no_id_token_and_a_bearer_token_in_amazons_form() -> None:
    token = token_for(register("amazon"))
    assert "id_token" not in token
    assert token["token_type"] == "bearer"
    assert token["expires_in"] == 3600
    assert token["access_token"].startswith("Atza|")
    assert token["refresh_token"].startswith("Atzr|")


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("profile", {"user_id", "name", "email"}),
        ("profile:user_id", {"user_id"}),
        ("postal_code", {"user_id", "postal_code"}),
        ("profile postal_code", {"user_id", "name", "email", "postal_code"}),
    ],
)
def test_the_profile_follows_the_scope(scope: str, names: set[str]) -> None:
    token = token_for(register("amazon"), scope=scope)
    answer = requests.get(PROFILE, params={"access_token": token["access_token"]}).json()
    assert set(answer) == names
    assert answer["user_id"].startswith("amzn1.account.")
    assert len(answer["user_id"]) == len("amzn1.account.") + 28


@pytest.mark.parametrize(
    "headers", [{"Authorization": "bearer {}"}, {"x-amz-access-token": "{}"}], ids=str
)
def test_the_profile_takes_the_token_in_a_header(headers: dict[str, str]) -> None:
    token = token_for(register("amazon"))["access_token"]
    sent = {name: value.format(token) for name, value in headers.items()}
    assert requests.get(PROFILE, headers=sent).json()["email"] == "alice@example.com"


def test_tokeninfo_says_which_app_a_token_is_for() -> None:
    app = register("amazon")
    token = token_for(app)["access_token"]
    said = requests.get(INFO, params={"access_token": token}).json()
    profile = requests.get(PROFILE, params={"access_token": token}).json()
    assert said["aud"] == app.client_id
    assert said["user_id"] == profile["user_id"]
    assert said["iss"] == "https://www.amazon.com"
    assert 3590 <= said["exp"] <= 3600


def test_a_token_of_another_app_has_a_profile_but_another_audience() -> None:
    app = register("amazon")
    providers.amazon().misbehave("token_of_another_app")
    token = token_for(app)["access_token"]
    assert requests.get(PROFILE, params={"access_token": token}).status_code == 200
    said = requests.get(INFO, params={"access_token": token}).json()
    assert said["aud"] != app.client_id


def test_authlibs_own_client_completes_the_flow_and_refreshes() -> None:
    app = register("amazon")
    client = OAuth2Session(app.client_id, app.client_secret, scope="profile")
    client.redirect_uri = CALLBACK
    url, _ = client.create_authorization_url(AUTHORIZE["amazon"])
    back = Browser().sign_in(url).headers["Location"]
    token = client.fetch_token(TOKEN["amazon"], authorization_response=back)
    assert client.get(PROFILE).json()["name"] == "Alice Archer"
    fresh = client.refresh_token(TOKEN["amazon"], token["refresh_token"])
    assert fresh["access_token"] != token["access_token"]
