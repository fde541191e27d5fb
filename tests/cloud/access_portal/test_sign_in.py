"""The pages of the access portal: first password, sign-in, accounts, keys, console."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import boto3
import lxml.html
import pytest
import requests

from helpers import lab
from tests.cloud.access_portal import workforce
from tests.cloud.access_portal.workforce import PASSWORD, ROLE, Company, register
from tests.cloud.hosted_ui.site import Browser

ALICE = "alice@example.com"


@pytest.fixture
def new_company(cloud: lab.Cloud) -> Company:
    """The company before alice has ever signed in."""
    return workforce.found(cloud)


def typed_name(company: Company, name: str, browser: Browser | None = None) -> requests.Response:
    """The page after the user name."""
    browser = browser or company.browser
    return browser.submit(browser.get(company.start_url), form=0, username=name)


# --- the first password --------------------------------------------------------------------------


def test_a_user_without_a_password_gets_a_code_by_mail(new_company: Company) -> None:
    page = typed_name(new_company, ALICE)
    assert "Verification code" in page.text
    message = new_company.inbox.latest(ALICE)
    assert re.fullmatch(r"\d{6}", message.code)
    assert message.code not in page.text


def test_a_guessed_code_chooses_no_password(new_company: Company) -> None:
    page = typed_name(new_company, ALICE)
    code = new_company.inbox.latest(ALICE).code
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        page = new_company.browser.submit(page, form=0, code=wrong)
        assert page.status_code == 400
    page = new_company.browser.submit(page, form=0, code=code)
    assert "is not right, or has expired" in page.text
    page = new_company.browser.submit(page, form=1)
    page = new_company.browser.submit(page, form=0, code=new_company.inbox.latest(ALICE).code)
    assert "Choose a password" in page.text


def test_a_code_expires(cloud: lab.Cloud, new_company: Company) -> None:
    page = typed_name(new_company, ALICE)
    cloud.clock.advance(minutes=10)
    code = new_company.inbox.latest(ALICE).code
    assert new_company.browser.submit(page, form=0, code=code).status_code == 400


def test_a_code_serves_once_and_only_the_newest(new_company: Company) -> None:
    page = typed_name(new_company, ALICE)
    first = new_company.inbox.latest(ALICE).code
    again = new_company.browser.submit(page, form=1)
    second = new_company.inbox.latest(ALICE).code
    assert first != second
    assert new_company.browser.submit(page, form=0, code=first).status_code == 400
    assert new_company.browser.submit(again, form=0, code=second).status_code == 200
    assert new_company.browser.submit(again, form=0, code=second).status_code == 400


def test_mail_is_not_sent_without_end(new_company: Company) -> None:
    page = typed_name(new_company, ALICE)
    for _ in range(9):
        page = new_company.browser.submit(page, form=1)
    assert len(new_company.inbox.to(ALICE)) == 5


def test_another_user_s_ticket_chooses_no_password(new_company: Company) -> None:
    boto3.client("identitystore").create_user(
        IdentityStoreId=new_company.store_id,
        UserName="mallory@example.com",
        DisplayName="Mallory",
        Name={"GivenName": "Mallory", "FamilyName": "M"},
        Emails=[{"Value": "mallory@example.com", "Primary": True}],
    )
    browser = new_company.browser
    page = typed_name(new_company, "mallory@example.com")
    page = browser.submit(page, form=0, code=new_company.inbox.latest("mallory@example.com").code)
    page = browser.submit(page, form=0, username=ALICE, password=PASSWORD, again=PASSWORD)
    assert page.status_code == 400
    assert "Start again" in page.text


def test_a_ticket_serves_once(new_company: Company) -> None:
    browser = new_company.browser
    page = typed_name(new_company, ALICE)
    page = browser.submit(page, form=0, code=new_company.inbox.latest(ALICE).code)
    assert browser.submit(page, form=0, password=PASSWORD, again=PASSWORD).status_code == 200
    other = "Another-horse-8"
    again = browser.submit(page, form=0, password=other, again=other)
    assert again.status_code == 400
    assert "Start again" in again.text


def test_a_ticket_expires(cloud: lab.Cloud, new_company: Company) -> None:
    browser = new_company.browser
    page = typed_name(new_company, ALICE)
    page = browser.submit(page, form=0, code=new_company.inbox.latest(ALICE).code)
    cloud.clock.advance(minutes=10)
    page = browser.submit(page, form=0, password=PASSWORD, again=PASSWORD)
    assert page.status_code == 400
    assert "Start again" in page.text


@pytest.mark.parametrize(
    "weak", ["Short-1", "no-capitals-7", "NO-SMALL-7", "No-number-x", "NoSymbol77", "Aa1-" * 17]
)
def test_a_weak_password_is_refused(new_company: Company, weak: str) -> None:
    browser = new_company.browser
    page = typed_name(new_company, ALICE)
    page = browser.submit(page, form=0, code=new_company.inbox.latest(ALICE).code)
    page = browser.submit(page, form=0, password=weak, again=weak)
    assert page.status_code == 400
    assert "8 to 64 characters" in page.text
    # The same form still takes a good one.
    page = browser.submit(page, form=0, password=PASSWORD, again=PASSWORD)
    assert page.url == new_company.start_url


def test_two_passwords_that_differ_are_refused(new_company: Company) -> None:
    browser = new_company.browser
    page = typed_name(new_company, ALICE)
    page = browser.submit(page, form=0, code=new_company.inbox.latest(ALICE).code)
    page = browser.submit(page, form=0, password=PASSWORD, again=PASSWORD + "x")
    assert "not the same" in page.text


def test_one_of_the_last_three_passwords_is_refused(company: Company) -> None:
    assert "last three" in company.forget_password(PASSWORD).text
    for number in range(1, 4):
        assert company.forget_password(f"{PASSWORD}{number}").url == company.start_url
    assert company.forget_password(PASSWORD).url == company.start_url


# --- signing in ----------------------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_user_look_the_same(company: Company) -> None:
    told = []
    for name in (ALICE, "nobody@example.com"):
        browser = Browser()
        page = browser.submit(typed_name(company, name, browser), form=0, password="Wrong-horse-7")
        assert page.status_code == 400
        told.append(re.sub(r'name="_csrf" value="[^"]*"', "", page.text.replace(name, "NAME")))
    assert told[0] == told[1]


def test_guessing_is_locked_out_for_known_and_unknown_names(
    cloud: lab.Cloud, company: Company
) -> None:
    for name in (ALICE, "nobody@example.com"):
        page = typed_name(company, name, Browser())
        browser = Browser()
        page = typed_name(company, name, browser)
        for _ in range(5):
            page = browser.submit(page, form=0, password="Wrong-horse-7")
        page = browser.submit(page, form=0, password=PASSWORD)
        assert "Too many attempts" in page.text
    cloud.clock.advance(seconds=2)
    assert company.sign_in(Browser()).url == company.start_url


def test_a_forged_form_signs_nobody_in(company: Company) -> None:
    browser = Browser()
    for path in ("signin", "password", "forgot", "code", "newpassword", "signout", "credentials"):
        answer = browser.session.post(
            f"{company.start_url}/{path}",
            data={"username": ALICE, "password": PASSWORD, "code": "1", "ticket": "x"},
        )
        assert answer.status_code == 400, path
        assert "x-amz-sso_authn" not in browser.session.cookies


def test_a_planted_session_cookie_is_replaced(company: Company) -> None:
    browser = Browser()
    host = f"{company.store_id}.awsapps.com"
    browser.session.cookies.set("x-amz-sso_authn", "planted", domain=host)
    company.sign_in(browser)
    kept = browser.session.cookies.get("x-amz-sso_authn", domain=host)
    assert kept not in (None, "planted")


def test_a_new_sign_in_ends_the_session_before(company: Company) -> None:
    host, name = f"{company.store_id}.awsapps.com", "x-amz-sso_authn"
    before = company.browser.session.cookies.get(name, domain=host)
    company.sign_in(page=company.browser.get(f"{company.start_url}/signin"))
    assert company.browser.session.cookies.get(name, domain=host) != before
    old = Browser()
    old.session.cookies.set(name, str(before), domain=host)
    assert old.get(company.start_url).url.endswith("/signin")


def test_the_session_ends_after_eight_hours(cloud: lab.Cloud, company: Company) -> None:
    assert company.browser.get(company.start_url).url == company.start_url
    cloud.clock.advance(hours=8)
    assert company.browser.get(company.start_url).url.endswith("/signin")


def test_the_way_on_is_never_another_host(company: Company) -> None:
    for to in ("https://evil.example/", "//evil.example/", "../../evil", "credentials"):
        browser = Browser()
        page = browser.get(f"{company.start_url}/signin", to=to)
        page = browser.submit(page, form=0, username=ALICE)
        page = browser.submit(page, form=0, password=PASSWORD)
        assert page.url == company.start_url


def test_cookies_and_pages_are_closed_to_scripts_and_strangers(company: Company) -> None:
    browser = Browser()
    page = browser.submit(typed_name(company, ALICE, browser), form=0, follow=False)
    page = browser.submit(
        typed_name(company, ALICE, browser), form=0, follow=False, password=PASSWORD
    )
    cookie = page.headers["Set-Cookie"]
    assert "x-amz-sso_authn=" in cookie
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert attribute in cookie
    page = browser.get(company.start_url)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.text


# --- the portal ----------------------------------------------------------------------------------


def press(company: Company, action: str, **changes: str) -> requests.Response:
    """Press a button of the portal."""
    page = company.browser.get(company.start_url)
    forms = lxml.html.fromstring(page.text).forms
    number = next(n for n, form in enumerate(forms) if form.action.endswith(action))
    return company.browser.submit(page, form=number, **changes)


def test_access_keys_of_a_role_that_is_not_the_user_s_are_refused(company: Company) -> None:
    for changes in ({"role_name": "Administrator"}, {"account_id": "123456789012"}):
        page = press(company, "credentials", **changes)
        assert page.status_code == 400
        assert "No access" in page.text
        assert "AWS_SECRET_ACCESS_KEY" not in page.text


def test_access_keys_work(company: Company) -> None:
    page = press(company, "credentials")
    shown = lxml.html.fromstring(page.text).text_content()
    given = dict(re.findall(r'export AWS_(\w+)="([^"]+)"', shown))
    who = boto3.client(
        "sts",
        aws_access_key_id=given["ACCESS_KEY_ID"],
        aws_secret_access_key=given["SECRET_ACCESS_KEY"],
        aws_session_token=given["SESSION_TOKEN"],
    ).get_caller_identity()
    assert who["Account"] == company.account


def test_a_role_leads_into_the_console(company: Company) -> None:
    page = press(company, "console")
    assert urlsplit(page.url).hostname == "console.aws.amazon.com"
    assert company.account in page.text.replace("-", "")
    assert "AWSReservedSSO_Reader_" in page.text


def test_who_has_no_account_is_told_so(company: Company) -> None:
    boto3.client("sso-admin").delete_account_assignment(**company.assignment())
    page = company.browser.get(company.start_url)
    assert "not been given access" in page.text
    assert ROLE not in page.text


def test_the_whole_way_through_the_gateway(cloud: lab.Cloud, company: Company) -> None:
    """As a browser on this machine goes it: sign in, allow a program, see the accounts."""
    program, browser = register(), Browser()
    waiting = program.start(company.start_url)
    page = browser.get(cloud.in_browser(waiting["verificationUriComplete"]))
    page = browser.submit(page)
    page = company.sign_in(browser, page)
    assert urlsplit(page.url).hostname in ("127.0.0.1", "localhost")
    assert waiting["userCode"] in page.text
    page = workforce.decide(browser, page, "allow")
    assert "Request approved" in page.text
    assert program.poll(waiting)["accessToken"]
    page = browser.get(cloud.in_browser(company.start_url))
    assert "Photos" in page.text
    style = lxml.html.fromstring(page.text).xpath("//link/@href")[0]
    assert browser.session.get(urljoin(page.url, style)).status_code == 200


def test_a_browser_of_this_machine_comes_to_the_accounts(
    company: Company, cloud: lab.Cloud
) -> None:
    browser = Browser()
    page = browser.get(cloud.in_browser(company.start_url))
    page = company.sign_in(browser, page)
    assert page.url == cloud.in_browser(company.start_url)
    assert "AWS accounts" in page.text
