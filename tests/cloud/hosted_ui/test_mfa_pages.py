"""The second factor on the pages: before it is proved nobody is signed in, and no app is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import jwt
import lxml.html
import pyotp
import pytest
import requests
from botocore.exceptions import ClientError

from helpers import lab
from tests.cloud.hosted_ui.site import BASE, CALLBACK, Browser, WebApp, answered

PHONE = "+15555550123"
SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "lesson"}
ON = {"Enabled": True, "PreferredMfa": True}
NEW = "An0ther-password!"


def require(app: WebApp, mode: str = "ON", *, sms: bool = False, totp: bool = True) -> None:
    settings: dict[str, Any] = {}
    if sms:
        settings["SmsMfaConfiguration"] = {"SmsConfiguration": SMS}
    if totp:
        settings["SoftwareTokenMfaConfiguration"] = {"Enabled": True}
    boto3.client("cognito-idp").set_user_pool_mfa_config(
        UserPoolId=app.pool_id, MfaConfiguration=mode, **settings
    )


def give_phone(app: WebApp, **preference: dict[str, bool]) -> None:
    idp = boto3.client("cognito-idp")
    alice = {"UserPoolId": app.pool_id, "Username": "alice"}
    phone = [{"Name": "phone_number", "Value": PHONE}]
    idp.admin_update_user_attributes(**alice, UserAttributes=phone)
    if preference:
        idp.admin_set_user_mfa_preference(**alice, **preference)


def secret_on(page: requests.Response) -> str:
    assert page.url.startswith(f"{BASE}/mfaSetup?"), page.url
    return lxml.html.fromstring(page.text).get_element_by_id("secret").text_content()


class Authenticator:
    """alice's phone. The clock moves on before each code, since one is good once."""

    def __init__(self, cloud: lab.Cloud, secret: str) -> None:
        self.cloud, self.secret = cloud, secret

    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.cloud.clock.now())

    def next(self) -> str:
        self.cloud.clock.advance(seconds=30)
        return self.code()

    def wrong(self) -> str:
        app, now = pyotp.TOTP(self.secret), self.cloud.clock.now()
        near = {app.at(now, counter_offset=i) for i in range(-3, 4)}
        return next(c for c in ("000000", "111111", "222222", "333333") if c not in near)


@pytest.fixture
def phone(app: WebApp, cloud: lab.Cloud) -> Authenticator:
    """alice has set up her app on the page, which she can only do while signing in."""
    require(app)
    browser = Browser()
    page = app.sign_in(browser)
    authenticator = Authenticator(cloud, secret_on(page))
    assert "code" in answered(browser.submit(page, code=authenticator.code()))
    return authenticator


def not_signed_in(app: WebApp, browser: Browser) -> bool:
    """Whether a browser is asked for the password again, and holds no session cookie."""
    page = browser.get("/oauth2/authorize", **app.request())
    return "cognito" not in browser.session.cookies and page.url.startswith(f"{BASE}/login")


# --- a code from the app -------------------------------------------------------------------------


def test_a_password_alone_signs_nobody_in(app: WebApp, phone: Authenticator) -> None:
    browser = Browser()
    page = app.sign_in(browser)
    assert page.url.startswith(f"{BASE}/mfa?")
    assert page.status_code == 200
    assert phone.secret not in page.text
    assert not_signed_in(app, browser)


def test_a_wrong_code_leaves_the_page_open(app: WebApp, phone: Authenticator) -> None:
    browser = Browser()
    page = browser.submit(app.sign_in(browser), code=phone.wrong())
    assert (page.status_code, "Invalid code received for user" in page.text) == (400, True)
    assert not_signed_in(app, browser)
    tokens = app.exchange(answered(browser.submit(page, code=phone.next()))["code"]).json()
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert claims["cognito:username"] == "alice"


def test_a_code_that_was_used_is_refused(app: WebApp, phone: Authenticator) -> None:
    first, second, code = Browser(), Browser(), phone.next()
    assert "code" in answered(first.submit(app.sign_in(first), code=code))
    page = second.submit(app.sign_in(second), code=code)
    assert "Your software token has already been used once." in page.text
    assert not_signed_in(app, second)


def test_guesses_are_limited_however_often_the_password_is_typed(
    app: WebApp, phone: Authenticator
) -> None:
    for _ in range(5):
        browser = Browser()
        browser.submit(app.sign_in(browser), code=phone.wrong())
    browser = Browser()
    page = browser.submit(app.sign_in(browser), code=phone.next())
    # The clock has moved on by a step, and the lock was one second.
    assert "code" in answered(page)
    for _ in range(6):
        browser = Browser()
        page = browser.submit(app.sign_in(browser), code=phone.wrong())
    assert "Password attempts exceeded" in page.text
    assert not_signed_in(app, browser)


def test_a_form_of_another_site_is_not_taken(app: WebApp, phone: Authenticator) -> None:
    browser = Browser()
    page = app.sign_in(browser)
    found = lxml.html.fromstring(page.text).forms[0]
    for token in ("", "x" * 43):
        answer = browser.session.post(
            f"{BASE}/{found.action}", data={"_csrf": token, "code": phone.next()}
        )
        assert answer.url.startswith(f"{BASE}/error?")
    assert not_signed_in(app, browser)


@pytest.mark.parametrize("path", ["/mfa", "/mfaSelect", "/mfaSetup"])
def test_the_pages_show_nothing_to_who_has_not_proved_a_password(app: WebApp, path: str) -> None:
    page = Browser().get(path, **app.request())
    assert page.status_code == 400
    assert "Invalid session for the user." in page.text
    assert "password" in lxml.html.fromstring(page.text).forms[-1].fields


@pytest.mark.parametrize("path", ["/mfaSelect", "/mfaSetup"])
def test_a_sign_in_that_waits_for_a_code_opens_no_other_page(
    app: WebApp, phone: Authenticator, path: str
) -> None:
    browser = Browser()
    app.sign_in(browser)
    page = browser.get(path, **app.request())
    assert "Invalid session for the user." in page.text
    assert phone.secret not in page.text


def test_the_wait_ends_after_three_minutes(
    make_app: Callable[..., WebApp], phone: Authenticator, cloud: lab.Cloud
) -> None:
    app = make_app(AuthSessionValidity=15)
    browser = Browser()
    page = app.sign_in(browser)
    cloud.clock.advance(minutes=3)
    page = browser.submit(page, code=phone.code())
    assert "session is expired" in page.text
    assert not_signed_in(app, browser)


def test_a_wait_is_one_clients(
    app: WebApp, make_app: Callable[..., WebApp], phone: Authenticator
) -> None:
    browser = Browser()
    app.sign_in(browser)
    page = browser.get("/mfa", **make_app().request())
    assert "Invalid session for the user." in page.text


def test_a_wait_serves_once(app: WebApp, phone: Authenticator) -> None:
    browser = Browser()
    page = app.sign_in(browser)
    kept = browser.session.cookies["mfa-session"]
    browser.submit(page, code=phone.next())
    assert "mfa-session" not in browser.session.cookies
    thief = Browser()
    thief.session.cookies.set("mfa-session", kept, domain=BASE.removeprefix("https://"))
    assert "can only be used once" in thief.get("/mfa", **app.request()).text


def test_what_begins_on_a_page_does_not_end_at_the_api(app: WebApp, phone: Authenticator) -> None:
    """Else a sign-in for an app's few scopes would end with the tokens of the API."""
    browser = Browser()
    app.sign_in(browser)
    with pytest.raises(ClientError, match=r"Invalid session for the user\."):
        boto3.client("cognito-idp").respond_to_auth_challenge(
            ClientId=app.client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=browser.session.cookies["mfa-session"],
            ChallengeResponses={"USERNAME": "alice", "SOFTWARE_TOKEN_MFA_CODE": phone.next()},
        )


def test_a_user_who_was_disabled_meanwhile(app: WebApp, phone: Authenticator) -> None:
    browser = Browser()
    page = app.sign_in(browser)
    boto3.client("cognito-idp").admin_disable_user(UserPoolId=app.pool_id, Username="alice")
    page = browser.submit(page, code=phone.next())
    assert "User is disabled." in page.text
    assert not page.url.startswith(CALLBACK)


def test_once_proved_the_browser_is_known_for_an_hour(
    app: WebApp, phone: Authenticator, cloud: lab.Cloud
) -> None:
    browser = Browser()
    browser.submit(app.sign_in(browser), code=phone.next())
    assert "code" in answered(browser.get("/oauth2/authorize", **app.request()))
    cloud.clock.advance(hours=1)
    assert browser.get("/oauth2/authorize", **app.request()).url.startswith(f"{BASE}/login")


def test_a_grant_by_fragment_waits_as_well(
    make_app: Callable[..., WebApp], phone: Authenticator
) -> None:
    app = make_app(AllowedOAuthFlows=["implicit"])
    browser = Browser()
    page = app.sign_in(
        browser, response_type="token", code_challenge=None, code_challenge_method=None
    )
    assert page.url.startswith(f"{BASE}/mfa?")
    assert "access_token" not in page.url


def test_neither_secret_nor_code_nor_session_is_recorded(
    app: WebApp, phone: Authenticator, cloud: lab.Cloud
) -> None:
    browser, code = Browser(), phone.next()
    page = app.sign_in(browser)
    session = browser.session.cookies["mfa-session"]
    assert session not in page.text + page.url
    browser.submit(page, code=code)
    recorded = str([entry.as_dict() for entry in cloud.trace])
    assert [s for s in (phone.secret, code, session) if s in recorded] == []


# --- enrolment -----------------------------------------------------------------------------------


def test_who_has_no_factor_sets_one_up_first(app: WebApp, cloud: lab.Cloud) -> None:
    require(app)
    browser = Browser()
    page = app.sign_in(browser)
    authenticator = Authenticator(cloud, secret_on(page))
    assert not_signed_in(app, browser)
    page = browser.submit(page, code=authenticator.wrong())
    assert "Code mismatch" in page.text
    assert secret_on(page) == authenticator.secret
    assert not_signed_in(app, browser)
    assert "code" in answered(browser.submit(page, code=authenticator.code()))


def test_the_address_for_the_app_names_pool_user_and_secret(app: WebApp) -> None:
    require(app)
    page = app.sign_in()
    address = lxml.html.fromstring(page.text).get_element_by_id("address").text_content()
    read = pyotp.parse_uri(address)
    assert (read.issuer, read.name, read.secret) == ("Photos", "alice", secret_on(page))


def test_the_page_needs_nothing_from_elsewhere(app: WebApp) -> None:
    require(app)
    page = app.sign_in()
    document = lxml.html.fromstring(page.text)
    assert document.xpath("//script | //img | //iframe | //style | //*[@style]") == []
    assert "no-store" in page.headers["Cache-Control"]


def test_two_sign_ins_are_given_two_secrets(app: WebApp) -> None:
    require(app)
    assert secret_on(app.sign_in()) != secret_on(app.sign_in())


def test_a_thief_of_the_password_cannot_replace_the_app(app: WebApp, cloud: lab.Cloud) -> None:
    require(app)
    thief, alice = Browser(), Browser()
    early = app.sign_in(thief)
    page = app.sign_in(alice)
    answered(alice.submit(page, code=Authenticator(cloud, secret_on(page)).code()))
    late = thief.submit(early, code=Authenticator(cloud, secret_on(early)).code())
    assert "Invalid session for the user." in late.text
    assert not_signed_in(app, thief)


def test_a_temporary_password_is_changed_before_the_enrolment(app: WebApp) -> None:
    require(app)
    boto3.client("cognito-idp").admin_create_user(
        UserPoolId=app.pool_id, Username="frank", TemporaryPassword="Temp0rary!"
    )
    browser = Browser()
    page = browser.get("/oauth2/authorize", **app.request())
    page = browser.submit(page, username="frank", password="Temp0rary!")
    page = browser.submit(page, password=NEW, again=NEW)
    assert secret_on(page)
    assert not_signed_in(app, browser)


def test_who_can_set_up_nothing_is_told_so(app: WebApp) -> None:
    require(app, sms=True, totp=False)
    page = app.sign_in()
    assert page.status_code == 400
    assert "Ask the administrator" in page.text


# --- text messages, and the choice ---------------------------------------------------------------


def test_a_code_by_text_message(app: WebApp, cloud: lab.Cloud) -> None:
    require(app, "OPTIONAL", sms=True)
    give_phone(app, SMSMfaSettings=ON)
    browser = Browser()
    page = app.sign_in(browser)
    assert "+*******0123" in page.text
    assert PHONE not in page.text
    first = cloud.inbox.latest(PHONE).code or ""
    page = browser.submit(page, form=0, code="000000" if first != "000000" else "111111")
    assert "Invalid code or auth state for the user." in page.text
    page = browser.submit(page, form=1)
    second = cloud.inbox.latest(PHONE).code or ""
    assert second != first
    page = browser.submit(page, form=0, code=first)
    assert page.status_code == 400
    assert not_signed_in(app, browser)
    assert "code" in answered(browser.submit(page, form=0, code=second))


def test_another_message_voids_the_code_before_and_its_session(
    app: WebApp, cloud: lab.Cloud
) -> None:
    require(app, "OPTIONAL", sms=True)
    give_phone(app, SMSMfaSettings=ON)
    browser, old = Browser(), Browser()
    page = app.sign_in(browser)
    first = cloud.inbox.latest(PHONE).code or ""
    for name, value in browser.session.cookies.items():
        old.session.cookies.set(name, value, domain=BASE.removeprefix("https://"))
    browser.submit(page, form=1)
    answer = old.submit(page, form=0, code=first)
    assert "session can only be used once" in answer.text
    assert not_signed_in(app, old)


def test_messages_are_limited(app: WebApp, cloud: lab.Cloud) -> None:
    require(app, "OPTIONAL", sms=True)
    give_phone(app, SMSMfaSettings=ON)
    browser = Browser()
    page = app.sign_in(browser)
    for _ in range(4):
        page = browser.submit(page, form=1)
    code = cloud.inbox.latest(PHONE).code or ""
    page = browser.submit(page, form=1)
    assert "Attempt limit exceeded" in page.text
    assert len(cloud.inbox.to(PHONE)) == 5
    assert "code" in answered(browser.submit(page, form=0, code=code))


def test_another_message_is_not_sent_for_a_form_of_another_site(
    app: WebApp, cloud: lab.Cloud
) -> None:
    require(app, "OPTIONAL", sms=True)
    give_phone(app, SMSMfaSettings=ON)
    browser = Browser()
    page = app.sign_in(browser)
    action = lxml.html.fromstring(page.text).forms[1].action
    answer = browser.session.post(f"{BASE}/{action}", data={"_csrf": "x"})
    assert answer.url.startswith(f"{BASE}/error?")
    assert len(cloud.inbox.to(PHONE)) == 1


def test_an_app_is_sent_no_text_message(app: WebApp, phone: Authenticator) -> None:
    browser = Browser()
    page = app.sign_in(browser)
    action = lxml.html.fromstring(page.text).forms[0].action.replace("mfa?", "mfaResend?")
    form = {"_csrf": browser.session.cookies["XSRF-TOKEN"]}
    assert "Invalid session" in browser.session.post(f"{BASE}/{action}", data=form).text


@pytest.mark.parametrize("chosen", ["SMS_MFA", "SOFTWARE_TOKEN_MFA"])
def test_who_has_two_factors_chooses(
    app: WebApp, phone: Authenticator, cloud: lab.Cloud, chosen: str
) -> None:
    require(app, "OPTIONAL", sms=True)
    give_phone(app, SMSMfaSettings={"Enabled": True})
    browser = Browser()
    page = app.sign_in(browser)
    assert page.url.startswith(f"{BASE}/mfaSelect?")
    assert cloud.inbox.to(PHONE) == []
    page = browser.submit(page, factor=chosen)
    assert page.url.startswith(f"{BASE}/mfa?")
    assert not_signed_in(app, browser)
    code = cloud.inbox.latest(PHONE).code if chosen == "SMS_MFA" else phone.next()
    assert "code" in answered(browser.submit(page, form=0, code=code or ""))


def test_only_what_is_offered_can_be_chosen(app: WebApp, phone: Authenticator) -> None:
    require(app, "OPTIONAL", sms=True)
    give_phone(app, SMSMfaSettings={"Enabled": True})
    browser = Browser()
    page = app.sign_in(browser)
    form = {"_csrf": browser.session.cookies["XSRF-TOKEN"], "factor": "EMAIL_OTP<script>"}
    action = lxml.html.fromstring(page.text).forms[0].action
    answer = browser.session.post(f"{BASE}/{action}", data=form)
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert not_signed_in(app, browser)


@pytest.mark.parametrize("odd", ["", "\x00", "1" * 16_000, "\uff11" * 6, "<b>"])
def test_odd_codes_end_in_a_page(app: WebApp, phone: Authenticator, odd: str) -> None:
    browser = Browser()
    page = app.sign_in(browser)
    form = {"_csrf": browser.session.cookies["XSRF-TOKEN"], "code": odd}
    action = lxml.html.fromstring(page.text).forms[0].action
    answer = browser.session.post(f"{BASE}/{action}", data=form)
    assert answer.status_code == 400
    assert "<b>" not in answer.text
