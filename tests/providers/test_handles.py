"""What a lesson holds in its hand, the remote control behind it, and the photo app."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from lxml import html

from helpers import providers
from helpers.providers.sites import sites
from tests.providers.browser import BRANDS

pytestmark = pytest.mark.usefixtures("web")
LAB = "https://accounts.google.com/_lab"


@pytest.mark.parametrize(
    "uri",
    [
        "http://photos.example.com/callback",
        "photos.example.com/callback",
        "javascript:alert(1)",
        "https://photos.example.com/callback#x",
        "https://alice:secret@photos.example.com/",
        "https://[photos/",
        "https://photos.example.com/a b",
        "https://photos.\u00e9xample.com/",
        "",
    ],
)
def test_an_unfit_redirect_address_is_not_registered(uri: str) -> None:
    with pytest.raises(ValueError):
        providers.google().register(uri)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://attacker.example.net"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_a_web_page_cannot_press_the_controls(headers: dict[str, str]) -> None:
    for method, name in (("GET", "people"), ("POST", "apps"), ("POST", "fault")):
        answer = requests.request(method, f"{LAB}/{name}", json={}, headers=headers)
        assert answer.status_code == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"null", b"\xff"])
@pytest.mark.parametrize("name", ["apps", "people", "fault"])
def test_an_odd_control_is_refused_in_json(name: str, body: bytes) -> None:
    kind = {"Content-Type": "application/json"}
    answer = requests.post(f"{LAB}/{name}", data=body, headers=kind)
    assert answer.status_code == 400
    assert answer.json()["message"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("apps", {}),
        ("apps", {"redirect_uri": 7}),
        ("apps", {"redirect_uri": ["https://photos.example.com/"]}),
        ("people", {"username": "mallory", "claims": {}}),
        ("people", {"username": ["alice"], "claims": {}}),
        ("people", {"username": "alice", "claims": []}),
        ("people", {"username": "alice", "claims": {"sub": None}}),
        ("people", {"username": "alice", "claims": {"email": 7}}),
        ("fault", {"how": 7}),
        ("fault", {"how": ""}),
    ],
)
def test_an_unfit_control_is_refused_with_a_reason(name: str, body: Any) -> None:
    answer = requests.post(f"{LAB}/{name}", json=body)
    assert answer.status_code == 400
    assert answer.json()["message"]


@pytest.mark.parametrize("brand", BRANDS)
def test_alice_bob_and_carol_have_accounts_everywhere(brand: str) -> None:
    people = getattr(providers, brand)().people()
    assert [person["username"] for person in people] == ["alice", "bob", "carol"]
    assert {person["password"] for person in people} == {"Provider-pass1!"}
    assert people[0]["claims"]["email"] == "alice@example.com"


def test_people_are_the_same_whatever_the_seed() -> None:
    from werkzeug.test import Client

    def people(seed: int | None) -> Any:
        every = sites(seed)
        hosts = ("accounts.google.com", "appleid.apple.com", "www.amazon.com", "www.facebook.com")
        return [Client(every[host]).get("/_lab/people").json for host in hosts]

    assert people(7) == people(8) == people(None)


def test_without_a_seed_every_app_is_another() -> None:
    from werkzeug.test import Client

    def app(seed: int | None) -> Any:
        given = {"redirect_uri": "https://photos.example.com/"}
        return Client(sites(seed)["login.example.org"]).post("/_lab/apps", json=given).json

    assert app(7) == app(7)
    assert app(None) != app(None)


def test_a_persons_claims_can_be_changed_and_taken_away() -> None:
    openid = providers.openid()
    openid.change("carol", groups=["editors"], email_verified=None)
    claims = openid.people()[2]["claims"]
    assert claims["groups"] == ["editors"]
    assert "email_verified" not in claims
    with pytest.raises(ValueError, match="alice, bob, carol"):
        openid.change("mallory", groups=[])


def test_secrets_are_not_in_the_text_of_an_app() -> None:
    app = providers.google().register("https://photos.example.com/callback")
    assert app.client_secret not in repr(app)
    assert app.client_id in repr(app)


def test_a_provider_that_cannot_be_reached_says_what_to_do(monkeypatch: Any) -> None:
    def nothing(*_: Any, **__: Any) -> None:
        raise requests.ConnectionError

    monkeypatch.setattr(requests, "request", nothing)
    with pytest.raises(providers.ProviderError, match=r"lab\.start"):
        providers.google().people()


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_photo_app_shows_what_came_back(method: str) -> None:
    given = {"code": "c" * 60, "state": "<b>x</b>"}
    where = {"params": given} if method == "get" else {"data": given}
    answer = getattr(requests, method)("https://photos.example.com/callback", **where)
    tree = html.fromstring(answer.text)
    assert tree.xpath("//th[@scope='row']/code/text()") == ["code", "state"]
    assert tree.xpath("//td/code/text()") == ["c" * 24 + "…", "<b>x</b>"]
    assert tree.xpath("//h1/text()") == ["Back from sign-in"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_the_photo_app_has_a_home_and_a_farewell() -> None:
    assert "<h1>Photos</h1>" in requests.get("https://photos.example.com/").text
    assert "<h1>Signed out</h1>" in requests.get("https://photos.example.com/signed-out").text
    error = {"error": "access_denied"}
    answer = requests.get("https://photos.example.com/callback", params=error)
    assert "<h1>Not signed in</h1>" in answer.text
    nowhere = requests.get("https://photos.example.com/nowhere")
    assert nowhere.status_code == 404
    assert "<h1>No such page</h1>" in nowhere.text
