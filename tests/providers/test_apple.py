"""Sign in with Apple: the secret that is a JWT, the form that is posted, the name said once."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import jwt
import pytest
import requests
from lxml import html

from helpers import providers
from tests.providers.browser import (
    AUTHORIZE,
    CALLBACK,
    Browser,
    came_back,
    code_for,
    redeem,
    register,
    request_for,
    secret_of,
    strict_sign_in,
)

pytestmark = pytest.mark.usefixtures("web")
SIX_MONTHS = 15_777_000


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "OTHERTEAM1"},
        {"iss": None},
        {"sub": "com.example.other"},
        {"sub": None},
        {"aud": "https://example.com"},
        {"aud": ["https://appleid.apple.com", "https://example.com"]},
        {"aud": None},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"exp": "soon"},
        {"exp": int(time.time()) + SIX_MONTHS + 3600},
        {"iat": None},
        {"iat": int(time.time()) + 7200},
    ],
    ids=str,
)
def test_a_client_secret_with_a_wrong_claim_is_refused(changes: dict[str, Any]) -> None:
    app = register("apple")
    code = code_for("apple", app)
    answer = redeem("apple", app, code, client_secret=secret_of(app, **changes))
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_client"})
    assert redeem("apple", app, code).status_code == 200


def forged_secrets() -> list[tuple[str, Any]]:
    def claims(app: Any) -> dict[str, Any]:
        now = int(time.time())
        about = {"iss": app.team_id, "sub": app.client_id, "aud": "https://appleid.apple.com"}
        return about | {"iat": now, "exp": now + 300}

    other = "x" * 64
    return [
        ("not a JWT", lambda app, _: "guessed"),
        ("odd characters", lambda app, _: "\u00e9.\u00e9.\u00e9"),
        ("unsigned", lambda app, _: jwt.encode(claims(app), None, "none", {"kid": app.key_id})),
        ("HMAC", lambda app, _: jwt.encode(claims(app), other, "HS256", {"kid": app.key_id})),
        ("no kid", lambda app, _: jwt.encode(claims(app), app.private_key, "ES256")),
        (
            "other kid",
            lambda app, _: jwt.encode(claims(app), app.private_key, "ES256", {"kid": "A" * 10}),
        ),
        ("another team's key", lambda app, mine: secret_of(replace(app, private_key=mine))),
    ]


@pytest.mark.parametrize(("how", "forge"), forged_secrets(), ids=lambda value: str(value)[:20])
def test_a_client_secret_that_is_not_signed_by_the_teams_key_is_refused(
    how: str, forge: Any
) -> None:
    app, attacker = register("apple"), register("apple")
    secret = forge(app, attacker.private_key)
    answer = redeem("apple", app, code_for("apple", app), client_secret=secret)
    assert answer.json() == {"error": "invalid_client"}, how


def test_apple_gives_no_client_secret() -> None:
    app = register("apple")
    assert app.client_secret is None
    assert "PRIVATE KEY" in app.private_key
    assert "PRIVATE" not in repr(app)


@pytest.mark.parametrize("uri", ["http://localhost:8000/", "http://127.0.0.1/callback"])
def test_apple_sends_codes_to_https_only(uri: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        providers.apple().register(uri)


@pytest.mark.parametrize("scope", ["name", "email", "name email"])
@pytest.mark.parametrize("mode", ["query", None])
def test_name_and_email_are_sent_in_a_form_only(scope: str, mode: str | None) -> None:
    asked = request_for("apple", register("apple"), scope=scope, response_mode=mode)
    answer = Browser().get(AUTHORIZE["apple"], **asked)
    assert answer.status_code == 400
    assert "response_mode must be form_post" in answer.text


def test_an_error_comes_back_in_a_form_too() -> None:
    asked = request_for("apple", register("apple"), scope="name everything")
    answer = Browser().get(AUTHORIZE["apple"], **asked)
    assert answer.status_code == 200
    assert came_back(answer)["error"] == "invalid_scope"


def test_the_form_goes_by_itself_or_by_a_button_and_runs_no_other_script() -> None:
    asked = request_for("apple", register("apple"), state='"><script>alert(1)</script>')
    page = Browser().sign_in(AUTHORIZE["apple"], **asked)
    tree = html.fromstring(page.text)
    assert tree.xpath("//script/text()") == ["document.forms[0].submit()"]
    assert tree.forms[0].method == "POST"
    assert tree.xpath("//form//button")
    assert "script-src 'sha256-" in page.headers["Content-Security-Policy"]
    assert came_back(page)["state"] == '"><script>alert(1)</script>'


def test_the_name_is_said_only_at_the_first_sign_in() -> None:
    app = register("apple")
    first = came_back(Browser().sign_in(AUTHORIZE["apple"], **request_for("apple", app)))
    second = came_back(Browser().sign_in(AUTHORIZE["apple"], **request_for("apple", app)))
    assert json.loads(first["user"]) == {
        "name": {"firstName": "Alice", "lastName": "Archer"},
        "email": "alice@example.com",
    }
    assert "user" not in second
    other = request_for("apple", register("apple"), scope="email")
    third = came_back(Browser().sign_in(AUTHORIZE["apple"], **other))
    assert json.loads(third["user"]) == {"email": "alice@example.com"}


def test_without_a_scope_the_code_comes_by_redirect_and_the_token_says_little() -> None:
    app = register("apple")
    asked = request_for("apple", app, scope=None, response_mode=None)
    answer = Browser().sign_in(AUTHORIZE["apple"], **asked)
    assert answer.status_code == 302
    assert "user" not in came_back(answer)
    token = redeem("apple", app, came_back(answer)["code"]).json()
    claims = jwt.decode(token["id_token"], options={"verify_signature": False})
    assert "email" not in claims
    assert "scope" not in token


def test_a_careful_client_gets_apples_claims() -> None:
    app = register("apple")
    claims = strict_sign_in("apple", app)
    parts = claims["sub"].split(".")
    assert [len(part) for part in parts] == [6, 32, 4]
    assert parts[0].startswith("00")
    assert claims["iss"] == "https://appleid.apple.com"
    assert claims["aud"] == app.client_id
    assert claims["email"] == "alice@example.com"
    assert claims["email_verified"] is True
    assert claims["nonce_supported"] is True
    assert not {"name", "given_name", "is_private_email"} & set(claims)


def test_a_person_may_hide_the_email_address() -> None:
    providers.apple().change("bob", is_private_email=True)
    app = register("apple")
    came = came_back(Browser().sign_in(AUTHORIZE["apple"], "bob", **request_for("apple", app)))
    token = redeem("apple", app, came["code"]).json()["id_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["email"].endswith("@privaterelay.appleid.com")
    assert claims["is_private_email"] is True
    assert json.loads(came["user"])["email"] == claims["email"]
    assert "bob" not in claims["email"]


def test_apple_refreshes_and_revokes() -> None:
    app = register("apple")
    token = redeem("apple", app, code_for("apple", app)).json()
    more = {"grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
    assert redeem("apple", app, "", **more).json()["access_token"]
    data = {"client_id": app.client_id, "client_secret": secret_of(app)}
    data["token"] = token["refresh_token"]
    assert requests.post("https://appleid.apple.com/auth/revoke", data=data).status_code == 200
    assert redeem("apple", app, "", **more).json()["error"] == "invalid_grant"


def test_codes_go_to_the_registered_address() -> None:
    page = Browser().sign_in(AUTHORIZE["apple"], **request_for("apple", register("apple")))
    assert html.fromstring(page.text).forms[0].action == CALLBACK
