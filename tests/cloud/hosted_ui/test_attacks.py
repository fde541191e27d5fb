"""Attacks on a domain's pages and endpoints, and what they must not get."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
import requests

from helpers import lab
from helpers.cloud.hosted_ui.state import HostedUiState
from tests.cloud.hosted_ui.site import BASE, CALLBACK, SIGNED_OUT, Browser, WebApp, answered

OTHER_PASSWORD = "An0ther-password!"


def leads_to(app: WebApp, browser: Browser, **changes: str | None) -> str:
    """Where /oauth2/authorize sends a browser at first."""
    page = browser.get("/oauth2/authorize", follow=False, **app.request(**changes))
    return page.headers["Location"]


def signed_in(app: WebApp) -> Browser:
    """A browser with a live session, which needs no password any more."""
    browser = Browser()
    app.sign_in(browser)
    assert leads_to(app, browser).startswith(CALLBACK)
    return browser


def administer(app: WebApp, operation: str, **params: Any) -> None:
    """An administrator does something to alice."""
    call = getattr(boto3.client("cognito-idp"), operation)
    call(UserPoolId=app.pool_id, Username="alice", **params)


# --- a session that was taken over, or that outlives its reason ---------------------------------


def test_a_stolen_session_ends_when_the_password_is_changed(app: WebApp) -> None:
    thief = signed_in(app)
    administer(app, "admin_set_user_password", Password=OTHER_PASSWORD, Permanent=True)
    assert leads_to(app, thief).startswith("/login")


def test_a_stolen_session_ends_when_the_password_must_be_reset(app: WebApp) -> None:
    thief = signed_in(app)
    administer(
        app,
        "admin_update_user_attributes",
        UserAttributes=[
            {"Name": "email", "Value": "alice@example.com"},
            {"Name": "email_verified", "Value": "true"},
        ],
    )
    administer(app, "admin_reset_user_password")
    assert leads_to(app, thief).startswith("/login")


def test_global_sign_out_leaves_the_browsers_session_as_aws_does(app: WebApp) -> None:
    browser = signed_in(app)
    administer(app, "admin_user_global_sign_out")
    assert leads_to(app, browser).startswith(CALLBACK)


def test_a_session_opens_no_client_that_does_not_take_passwords(
    app: WebApp, make_app: Callable[..., WebApp]
) -> None:
    browser = signed_in(app)
    closed = make_app(SupportedIdentityProviders=[])
    assert leads_to(closed, browser).startswith("/login")
    assert "error=login_required" in leads_to(closed, browser, prompt="none")


def test_a_planted_session_cookie_is_replaced_at_sign_in(app: WebApp) -> None:
    thief, victim = Browser(), Browser()
    app.sign_in(thief)
    planted = thief.session.cookies["cognito"]
    victim.session.cookies.set("cognito", planted, domain=BASE.split("/")[2])
    page = victim.get("/login", **app.request())
    victim.submit(page, username="alice", password=app.password)
    assert planted not in [c.value for c in victim.session.cookies if c.name == "cognito"]
    assert leads_to(app, thief).startswith("/login")


# --- codes --------------------------------------------------------------------------------------


def update(app: WebApp, **settings: Any) -> None:
    usual = {
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email"],
        "CallbackURLs": [CALLBACK],
        "SupportedIdentityProviders": ["COGNITO"],
    }
    boto3.client("cognito-idp").update_user_pool_client(
        UserPoolId=app.pool_id, ClientId=app.client_id, **{**usual, **settings}
    )


@pytest.mark.parametrize(
    "change",
    [
        {"CallbackURLs": ["https://photos.example.com/"]},
        {"AllowedOAuthFlows": ["implicit"]},
        {"AllowedOAuthFlowsUserPoolClient": False},
    ],
)
def test_a_code_dies_with_what_it_was_sent_by(app: WebApp, change: dict[str, Any]) -> None:
    code = app.code()
    update(app, **change)
    refused = app.exchange(code)
    assert refused.status_code == 400
    assert refused.json()["error"] in ("invalid_grant", "unauthorized_client")


def test_a_code_dies_with_its_client_and_its_user(app: WebApp, make_app: Any) -> None:
    idp, gone = boto3.client("cognito-idp"), make_app()
    code, other = gone.code(), app.code()
    idp.delete_user_pool_client(UserPoolId=gone.pool_id, ClientId=gone.client_id)
    assert gone.exchange(code).json() == {"error": "invalid_client"}
    administer(app, "admin_delete_user")
    assert app.exchange(other).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("callback", "target"),
    [
        ("myapp:///callback", "myapp:///callback?code="),
        ("myapp://", "myapp://?code="),
        (
            "https://photos.example.com/callback?a=1",
            "https://photos.example.com/callback?a=1&code=",
        ),
        ("https://photos.example.com/callback?", "https://photos.example.com/callback?code="),
    ],
)
def test_a_code_goes_to_the_registered_address_letter_by_letter(
    make_app: Callable[..., WebApp], callback: str, target: str
) -> None:
    app, browser = make_app(CallbackURLs=[callback]), Browser()
    page = browser.get("/oauth2/authorize", **app.request(redirect_uri=callback))
    hop = browser.submit(page, follow=False, username="alice", password=app.password)
    assert hop.headers["Location"].startswith(target)


# --- what is written down, and how much ---------------------------------------------------------


def test_a_password_typed_twice_is_not_in_the_trace(app: WebApp, cloud: lab.Cloud) -> None:
    browser = Browser()
    page = browser.get("/signup", **app.request())
    typed = {"username": "dave", "userAttributes__email": "dave@example.com"}
    browser.submit(page, **typed, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
    recorded = [entry.as_dict() for entry in cloud.trace]
    assert "/signup" in str(recorded)
    assert OTHER_PASSWORD not in str(recorded)


def test_a_long_parameter_is_cut_short_in_the_trace(app: WebApp, cloud: lab.Cloud) -> None:
    before = len(cloud.trace)
    requests.get(f"{BASE}/error", params={"error": "x" * 100_000})
    assert all(len(str(entry.as_dict())) < 10_000 for entry in cloud.trace[before:])


def test_abandoned_sign_ins_are_forgotten(app: WebApp, cloud: lab.Cloud) -> None:
    kept = cloud._app.world.room(HostedUiState)  # type: ignore[attr-defined]
    for _ in range(3):
        app.code()
    cloud.clock.advance(days=1)
    app.code()
    assert (len(kept.codes), len(kept.sessions)) == (1, 1)


# --- odd requests -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/login", "/oauth2/token", "/oauth2/idpresponse", "/saml2/idpresponse", "/saml2/logout"],
)
def test_a_form_of_two_thousand_parts_is_no_server_error(app: WebApp, path: str) -> None:
    parts = {f"part{n}": (None, "x") for n in range(2000)}
    refused = requests.post(f"{BASE}{path}?client_id={app.client_id}", files=parts)
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "sent", ["you. Now call 555 0100", "<b>", "evil.example.com", "a***@e*** x"]
)
def test_a_link_cannot_put_words_into_the_pages_mouth(app: WebApp, sent: str) -> None:
    page = Browser().get("/confirm", **app.request(), sent=sent)
    assert "A code was sent" not in page.text


@pytest.mark.parametrize(
    "state", ["a\r\nSet-Cookie: x=y", "a&code=other", "a#code=other", "\u20ac", "a?b"]
)
def test_a_state_adds_nothing_to_the_answer(app: WebApp, state: str) -> None:
    page = app.sign_in(state=state)
    assert set(answered(page)) == {"code", "state"}
    assert answered(page)["state"] == state
    assert "x" not in page.cookies


def test_a_sign_out_link_is_no_way_to_elsewhere(app: WebApp) -> None:
    for target in (f"{SIGNED_OUT}@evil.example.com", "//evil.example.com", f"{SIGNED_OUT}\\@x"):
        page = Browser().get("/logout", client_id=app.client_id, logout_uri=target)
        assert page.url.startswith(f"{BASE}/error?")
