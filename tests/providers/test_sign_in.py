"""The sign-in page and what comes before and after it, at every brand."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests
import time_machine
from lxml import html

from tests.providers.browser import (
    AUTHORIZE,
    BRANDS,
    CALLBACK,
    CHALLENGE,
    OPENID,
    PASSWORD,
    TOKEN,
    VERIFIER,
    Browser,
    came_back,
    code_for,
    redeem,
    register,
    request_for,
)

pytestmark = pytest.mark.usefixtures("web")
each = pytest.mark.parametrize("brand", BRANDS)
PKCE = ("google", "amazon", "facebook", "openid")


def problem_of(answer: requests.Response) -> str:
    assert answer.status_code in (400, 401), answer.text
    assert "Location" not in answer.headers
    return html.fromstring(answer.text).text_content()


@each
@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": CALLBACK + "/"},
        {"redirect_uri": CALLBACK + "?next=/"},
        {"redirect_uri": "https://attacker.example.net/callback"},
        {"redirect_uri": 'https://photos.example.com/callback"><script>'},
        {"redirect_uri": [CALLBACK, "https://attacker.example.net/"]},
        {"response_mode": "fragment"},
        {"state": ["one", "two"]},
    ],
    ids=str,
)
def test_a_request_that_cannot_be_trusted_ends_on_the_providers_own_page(
    brand: str, wrong: dict[str, Any]
) -> None:
    asked = request_for(brand, register(brand), **wrong)
    answer = Browser().get(AUTHORIZE[brand], **asked)
    assert "Access blocked" in problem_of(answer)
    assert "<script>" not in answer.text


@each
@pytest.mark.parametrize("kind", ["token", "id_token", 'co"de', "code token"])
def test_another_response_type_is_refused_at_the_app(brand: str, kind: str) -> None:
    asked = request_for(brand, register(brand), response_type=kind)
    answer = came_back(Browser().get(AUTHORIZE[brand], **asked))
    assert answer["error"] in ("unsupported_response_type", "invalid_request")
    assert answer["state"] == "the-state"
    assert "code" not in answer


@pytest.mark.parametrize("brand", OPENID)
@pytest.mark.parametrize("name", ["request", "request_uri"])
def test_a_request_object_is_refused_rather_than_ignored(brand: str, name: str) -> None:
    asked = request_for(brand, register(brand), **{name: "https://example.net/"})
    answer = came_back(Browser().get(AUTHORIZE[brand], **asked))
    assert answer["error"] == f"{name}_not_supported"


@each
def test_a_wrong_password_is_said_on_the_page(brand: str) -> None:
    asked = request_for(brand, register(brand))
    answer = Browser().sign_in(AUTHORIZE[brand], password="Wrong-pass1!", **asked)
    page = html.fromstring(answer.text)
    (alert,) = page.xpath("//*[@role='alert']")
    field = page.xpath("//input[@name='password']")[0]
    assert answer.status_code == 400
    assert alert.text == "Wrong user name or password. Try again."
    assert field.get("aria-describedby") == alert.get("id")
    assert field.get("aria-invalid") == "true"
    assert "Wrong-pass1!" not in answer.text
    assert page.xpath("//input[@name='username']/@value") == ["alice"]


@each
def test_an_unknown_person_is_refused_in_the_same_words(brand: str) -> None:
    asked = request_for(brand, register(brand))
    answer = Browser().sign_in(AUTHORIZE[brand], user="mallory", **asked)
    assert "Wrong user name or password." in answer.text


@each
@pytest.mark.parametrize("form", ["", "guessed"])
def test_a_form_that_this_browser_was_not_shown_signs_nobody_in(brand: str, form: str) -> None:
    """Login CSRF: another site posts its own account's password into a victim's browser."""
    asked = request_for(brand, register(brand))
    data = {"username": "bob", "password": PASSWORD, "form": form}
    answer = requests.post(AUTHORIZE[brand], params=asked, data=data, allow_redirects=False)
    assert "open for too long" in problem_of(answer)


@each
def test_the_form_of_one_browser_is_no_use_in_another(brand: str) -> None:
    asked = request_for(brand, register(brand))
    page = Browser().get(AUTHORIZE[brand], **asked)
    answer = Browser().submit(page, username="bob", password=PASSWORD)
    assert "open for too long" in problem_of(answer)


@each
def test_cancel_tells_the_app(brand: str) -> None:
    browser = Browser()
    page = browser.get(AUTHORIZE[brand], **request_for(brand, register(brand)))
    answer = came_back(browser.submit(page, button="cancel"))
    expected = "user_cancelled_authorize" if brand == "apple" else "access_denied"
    assert answer["error"] == expected
    assert answer["state"] == "the-state"
    assert "code" not in answer


@each
def test_the_right_password_brings_a_code_and_the_state(brand: str) -> None:
    asked = request_for(brand, register(brand), state="a b&c=\u00e9")
    answer = came_back(Browser().sign_in(AUTHORIZE[brand], **asked))
    assert answer["code"]
    assert answer["state"] == "a b&c=\u00e9"


@each
def test_the_email_address_serves_as_user_name(brand: str) -> None:
    asked = request_for(brand, register(brand))
    assert came_back(Browser().sign_in(AUTHORIZE[brand], "Alice@example.com", **asked))["code"]


@each
def test_a_second_sign_in_needs_no_password(brand: str) -> None:
    browser, app = Browser(), register(brand)
    first = came_back(browser.sign_in(AUTHORIZE[brand], **request_for(brand, app)))
    second = came_back(browser.get(AUTHORIZE[brand], **request_for(brand, app)))
    assert second["code"] not in ("", first["code"])


@each
def test_prompt_login_asks_again(brand: str) -> None:
    browser, app = Browser(), register(brand)
    browser.sign_in(AUTHORIZE[brand], **request_for(brand, app))
    page = browser.get(AUTHORIZE[brand], **request_for(brand, app, prompt="login"))
    assert html.fromstring(page.text).forms[0].fields["password"] in (None, "")
    assert came_back(browser.submit(page, username="bob", password=PASSWORD))["code"]


@pytest.mark.parametrize("brand", ["google", "openid"])
def test_prompt_none_shows_no_page(brand: str) -> None:
    browser, app = Browser(), register(brand)
    asked = request_for(brand, app, prompt="none")
    assert came_back(browser.get(AUTHORIZE[brand], **asked))["error"] == "login_required"
    browser.sign_in(AUTHORIZE[brand], **request_for(brand, app))
    assert came_back(browser.get(AUTHORIZE[brand], **asked))["code"]


@pytest.mark.parametrize("brand", OPENID)
def test_a_sign_in_older_than_max_age_is_done_again(brand: str) -> None:
    browser, app = Browser(), register(brand)
    browser.sign_in(AUTHORIZE[brand], **request_for(brand, app))
    asked = request_for(brand, app, max_age="600")
    assert came_back(browser.get(AUTHORIZE[brand], **asked))["code"]
    with time_machine.travel(time.time() + 700):
        page = browser.get(AUTHORIZE[brand], **asked)
        assert "password" in html.fromstring(page.text).forms[0].fields


@each
def test_the_login_hint_is_filled_in(brand: str) -> None:
    asked = request_for(brand, register(brand), login_hint='al"ice@example.com')
    page = Browser().get(AUTHORIZE[brand], **asked)
    assert html.fromstring(page.text).forms[0].fields["username"] == 'al"ice@example.com'


@each
def test_an_authorization_request_may_be_posted(brand: str) -> None:
    session = requests.Session()
    page = session.post(AUTHORIZE[brand], data=request_for(brand, register(brand)))
    assert page.request.method == "GET"
    assert html.fromstring(page.text).forms[0].fields["username"] == ""


@each
def test_pages_may_run_no_script_and_be_framed_only_from_this_machine(brand: str) -> None:
    page = Browser().get(AUTHORIZE[brand], **request_for(brand, register(brand)))
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "form-action" not in policy
    assert "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cache-Control"] == "no-store"
    cookie = page.headers["Set-Cookie"].lower()
    assert "; httponly" in cookie
    assert "; path=/;" in cookie + ";"
    assert "; samesite=lax" in cookie
    assert "domain=" not in cookie
    assert "; secure" not in cookie


@each
def test_every_field_of_the_page_has_a_label(brand: str) -> None:
    page = Browser().get(AUTHORIZE[brand], **request_for(brand, register(brand)))
    tree = html.fromstring(page.text)
    fields = tree.xpath("//input[not(@type='hidden')]/@id")
    assert fields == ["username", "password"]
    assert tree.xpath("//label/@for") == fields
    assert tree.get("lang") == "en"
    assert tree.xpath("//main//h1")
    assert not tree.xpath("//*[@src or @href or @style]")


@each
def test_a_code_serves_once_and_its_second_use_takes_the_tokens_back(brand: str) -> None:
    app = register(brand)
    code = code_for(brand, app)
    token = redeem(brand, app, code)
    assert token.status_code == 200, token.text
    again = redeem(brand, app, code)
    assert again.status_code == 400
    assert "access_token" not in again.text
    if refresh := token.json().get("refresh_token"):
        more = {"grant_type": "refresh_token", "refresh_token": refresh}
        assert redeem(brand, app, code, **more).status_code == 400


@each
@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "guessed"},
        {"code": None},
        {"redirect_uri": "https://photos.example.com/"},
        {"redirect_uri": None},
        {"client_secret": "guessed"},
        {"client_secret": None},
        {"client_id": "nobody"},
        {"client_id": 'no"body'},
        {"grant_type": "password"},
        {"grant_type": 'pass"word'},
        {"grant_type": "client_credentials"},
    ],
    ids=str,
)
def test_the_token_endpoint_refuses(brand: str, wrong: dict[str, Any]) -> None:
    app = register(brand)
    answer = redeem(brand, app, **{"code": code_for(brand, app), **wrong})
    assert answer.status_code in (400, 401), answer.text
    assert "error" in answer.json()
    assert "access_token" not in answer.json()


@each
def test_another_app_cannot_use_a_code_nor_use_it_up(brand: str) -> None:
    app, thief = register(brand), register(brand)
    code = code_for(brand, app)
    assert redeem(brand, thief, code).status_code == 400
    assert redeem(brand, app, code).status_code == 200


@each
def test_a_code_does_not_last(brand: str) -> None:
    app = register(brand)
    code = code_for(brand, app)
    with time_machine.travel(time.time() + 601):
        assert redeem(brand, app, code).status_code == 400


@pytest.mark.parametrize("brand", PKCE)
@pytest.mark.parametrize("verifier", [None, "w" * 43, CHALLENGE, "short"])
def test_a_code_is_bound_to_the_pkce_challenge(brand: str, verifier: str | None) -> None:
    app = register(brand)
    pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    wrong = redeem(brand, app, code_for(brand, app, **pkce), code_verifier=verifier)
    assert wrong.status_code == 400
    right = redeem(brand, app, code_for(brand, app, **pkce), code_verifier=VERIFIER)
    assert right.status_code == 200


@pytest.mark.parametrize("brand", PKCE)
def test_a_verifier_without_a_challenge_is_refused(brand: str) -> None:
    """RFC 9700 section 4.8.2: somebody took the challenge out of the request."""
    app = register(brand)
    answer = redeem(brand, app, code_for(brand, app), code_verifier=VERIFIER)
    assert answer.status_code == 400


@each
def test_a_get_at_the_token_endpoint_or_elsewhere_is_no_traceback(brand: str) -> None:
    host = TOKEN[brand].split("/")[2]
    for url in (TOKEN[brand], f"https://{host}/nowhere", f"https://{host}/_lab/nowhere"):
        assert requests.get(url).status_code in (400, 404, 405)
    assert requests.post(TOKEN[brand], data=b"\xff\x00=%ff").status_code in (400, 401)
    odd = {"Authorization": "Basic !!!"}
    assert requests.post(TOKEN[brand], headers=odd).status_code in (400, 401)
    big = requests.post(TOKEN[brand], data={"code": "x" * 2_000_000})
    assert big.status_code in (400, 413)
