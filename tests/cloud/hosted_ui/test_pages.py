"""Sign-up, confirmation, forgotten and temporary passwords, sign-out: through the pages."""

from __future__ import annotations

from collections.abc import Callable

import boto3
import lxml.html
import pytest
import requests

from helpers import lab
from tests.cloud.hosted_ui.site import BASE, SIGNED_OUT, Browser, WebApp, answered

NEW = "An0ther-password!"


def link(page: requests.Response, words: str) -> str:
    found = list(lxml.html.fromstring(page.text, base_url=page.url).iter("a"))
    (href,) = [a.get("href") for a in found if words in a.text_content()]
    return requests.compat.urljoin(page.url, href)


def start(app: WebApp, browser: Browser) -> requests.Response:
    return browser.get("/oauth2/authorize", **app.request())


def sign_up(app: WebApp, browser: Browser, **typed: str) -> requests.Response:
    form = {
        "username": "dave",
        "userAttributes__email": "dave@example.com",
        "password": NEW,
        "again": NEW,
    }
    page = browser.get(link(start(app, browser), "Sign up"))
    return browser.submit(page, **{**form, **typed})


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"username": "alice"}, "User already exists"),
        ({"password": "short", "again": "short"}, "Password not long enough"),
        ({"again": "different"}, "not the same"),
        ({"userAttributes__email": "no-address"}, "email"),
        ({"username": " "}, "username"),
    ],
)
def test_a_sign_up_that_does_not_do_says_why(
    app: WebApp, typed: dict[str, str], problem: str
) -> None:
    page = sign_up(app, Browser(), **typed)
    assert page.status_code == 400
    assert problem in page.text


def test_sign_up_confirm_sign_in(app: WebApp, cloud: lab.Cloud) -> None:
    browser = Browser()
    page = sign_up(app, browser)
    assert page.url.startswith(f"{BASE}/confirm?")
    assert "d***@e***" in page.text
    wrong = browser.submit(page, form=0, code="000000")
    assert "Invalid verification code provided" in wrong.text
    code = cloud.inbox.latest("dave@example.com").code
    login = browser.submit(page, form=0, code=code or "")
    assert login.url.startswith(f"{BASE}/login")
    assert "Your account is confirmed." in login.text
    assert "code" in answered(browser.submit(login, username="dave", password=NEW))


def test_who_is_not_confirmed_is_led_to_the_code_and_may_have_another(
    app: WebApp, cloud: lab.Cloud
) -> None:
    browser = Browser()
    sign_up(app, browser)
    page = browser.submit(start(app, browser), username="dave", password=NEW)
    assert page.url.startswith(f"{BASE}/confirm?")
    first = cloud.inbox.latest("dave@example.com").code
    again = browser.submit(page, form=1)
    assert "A code was sent to" in again.text
    assert cloud.inbox.latest("dave@example.com").code != first


def test_a_pool_where_only_administrators_make_users_offers_no_sign_up(
    app: WebApp, cloud: lab.Cloud
) -> None:
    boto3.client("cognito-idp").update_user_pool(
        UserPoolId=app.pool_id, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True}
    )
    assert "Sign up" not in start(app, Browser()).text
    page = Browser()
    form = page.get("/signup", **app.request())
    refused = page.submit(form, username="eve", password=NEW, again=NEW)
    assert "SignUp is not permitted for this user pool" in refused.text


def test_a_forgotten_password(app: WebApp, cloud: lab.Cloud) -> None:
    browser = Browser()
    page = browser.get(link(start(app, browser), "Forgot"))
    page = browser.submit(page, username="alice")
    assert page.url.startswith(f"{BASE}/confirmForgotPassword?")
    wrong = browser.submit(page, code="000000", password=NEW, again=NEW)
    assert wrong.status_code == 400
    code = cloud.inbox.latest("alice@example.com").code or ""
    login = browser.submit(page, code=code, password=NEW, again=NEW)
    assert login.url.startswith(f"{BASE}/login")
    assert "Your password is changed." in login.text
    assert "code" in answered(browser.submit(login, username="alice", password=NEW))


def test_a_temporary_password_must_be_changed_first(app: WebApp, cloud: lab.Cloud) -> None:
    boto3.client("cognito-idp").admin_create_user(
        UserPoolId=app.pool_id, Username="frank", TemporaryPassword="Temp0rary!"
    )
    browser = Browser()
    page = browser.submit(start(app, browser), username="frank", password="Temp0rary!")
    assert "cognito" not in browser.session.cookies
    assert "temporary" in page.text
    weak = browser.submit(page, password="short", again="short")
    assert "Password not long enough" in weak.text
    for_somebody_else = browser.submit(weak, username="alice", password=NEW, again=NEW)
    assert not for_somebody_else.url.startswith("https://photos")
    done = browser.submit(weak, password=NEW, again=NEW)
    assert "code" in answered(done)


def test_a_client_with_a_secret_signs_people_up_too(make_app: Callable[..., WebApp]) -> None:
    page = sign_up(make_app(GenerateSecret=True), Browser())
    assert page.url.startswith(f"{BASE}/confirm?")


def test_text_of_a_visitor_is_never_markup(app: WebApp) -> None:
    browser = Browser()
    nasty = '"><script>alert(1)</script>'
    page = browser.submit(start(app, browser), username=nasty, password="x")
    assert "<script>" not in page.text
    for path in ("/confirm", "/confirmForgotPassword"):
        page = browser.get(path, **app.request(), username=nasty, sent=nasty)
        assert "<script>" not in page.text
    page = browser.get("/error", error=nasty)
    assert "<script>" not in page.text


# --- sign-out -----------------------------------------------------------------------------------


@pytest.mark.parametrize("logout_uri", ["https://evil.example.com", SIGNED_OUT + "/x", None])
def test_sign_out_leads_only_where_the_app_has_registered(
    app: WebApp, logout_uri: str | None
) -> None:
    query = {"client_id": app.client_id} | ({"logout_uri": logout_uri} if logout_uri else {})
    page = Browser().get("/logout", **query)
    assert page.url.startswith(f"{BASE}/error?")


def test_sign_out_ends_the_browsers_session_and_not_the_tokens(app: WebApp) -> None:
    browser = Browser()
    tokens = app.exchange(app.code(browser)).json()
    page = browser.get("/logout", client_id=app.client_id, logout_uri=SIGNED_OUT)
    assert page.url == SIGNED_OUT
    assert start(app, browser).url.startswith(f"{BASE}/login")
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert requests.get(f"{BASE}/oauth2/userInfo", headers=headers).status_code == 200


def test_sign_out_and_sign_in_as_somebody_else(app: WebApp) -> None:
    browser = Browser()
    app.sign_in(browser)
    page = browser.get("/logout", **app.request())
    assert page.url.startswith(f"{BASE}/login")
