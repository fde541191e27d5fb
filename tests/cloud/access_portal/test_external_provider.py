"""An external SAML identity provider as identity source: people sign in at their company."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import boto3
import lxml.html
import pytest
import requests

from helpers import providers
from helpers.providers.saml.people import PASSWORD
from helpers.providers.saml.tamper import FAULTS
from tests.cloud.access_portal.workforce import Company, portal, refusal, register
from tests.cloud.hosted_ui.site import Browser

SETTINGS = "https://console.aws.amazon.com/singlesignon/identity-source"
SIGN_IN = "https://signin.aws.amazon.com/federation"
# Replayed is what an honest answer becomes; a comment in a name is not part of it.
HARMLESS = frozenset({"comment_in_name_id", "empty_groups", "replayed"})
ADMINISTRATION = ["sso-directory:*"]


@dataclass
class Console:
    """The console of the management account, in the browser of somebody with a role there."""

    browser: Browser

    def upload(self, document: str | bytes, source: str = "external") -> requests.Response:
        """Choose the identity source on the settings page."""
        page = self.browser.get(SETTINGS)
        if page.status_code != 200:
            return page
        form = dict(lxml.html.fromstring(page.text).forms[0].form_values())
        return self.browser.session.post(
            SETTINGS,
            data={**form, "source": source},
            files={"metadata": ("metadata.xml", document)},
        )

    def shown(self, name: str) -> str:
        """An address that the settings page shows."""
        found = re.search(rf'<code id="{name}">([^<]+)</code>', self.browser.get(SETTINGS).text)
        assert found
        return found[1]


def console(*actions: str) -> Console:
    """Somebody in the console who may do this."""
    iam, me = boto3.client("iam"), boto3.client("sts").get_caller_identity()["Account"]
    trust = {"Effect": "Allow", "Principal": {"AWS": me}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName="administrator", AssumeRolePolicyDocument=_document(trust))[
        "Role"
    ]["Arn"]
    may = {"Effect": "Allow", "Action": list(actions) or ["s3:ListBucket"], "Resource": "*"}
    iam.put_role_policy(RoleName="administrator", PolicyName="may", PolicyDocument=_document(may))
    boss = iam.create_user(UserName="boss")["User"]["UserName"]
    key = iam.create_access_key(UserName=boss)["AccessKey"]
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}
    iam.put_user_policy(UserName=boss, PolicyName="may", PolicyDocument=_document(assume))
    given = boto3.client(
        "sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
    ).assume_role(RoleArn=role, RoleSessionName="boss")["Credentials"]
    session = {
        "sessionId": given["AccessKeyId"],
        "sessionKey": given["SecretAccessKey"],
        "sessionToken": given["SessionToken"],
    }
    asked = {"Action": "getSigninToken", "Session": json.dumps(session)}
    token = requests.get(SIGN_IN, params=asked).json()["SigninToken"]
    browser = Browser()
    browser.get(SIGN_IN, Action="login", SigninToken=token, Destination=SETTINGS)
    return Console(browser)


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def directory() -> Any:
    """The company's directory."""
    return providers.company_directory()


@pytest.fixture
def boss(company: Company) -> Console:
    """Who administers the identity source."""
    return console(*ADMINISTRATION)


@pytest.fixture
def outside(company: Company, directory: Any, boss: Console) -> Company:
    """The company whose people sign in at its directory."""
    directory.register(boss.shown("issuer"), boss.shown("acs"), name_id_format="emailAddress")
    assert boss.upload(directory.metadata()).status_code == 200
    return company


def at_directory(company: Company, browser: Browser, who: str = "alice") -> requests.Response:
    """The directory's answer on its way to AWS: the page with the form that posts it."""
    page = browser.get(company.start_url)
    assert page.url.startswith("https://idp.example.com/"), page.url
    return browser.submit(page, username=who, password=PASSWORD)


# --- who may choose the source -------------------------------------------------------------------


def test_nobody_without_a_console_session_sees_the_page(company: Company) -> None:
    assert Browser().get(SETTINGS).url.startswith("https://signin.aws.amazon.com/signin")


def test_who_may_not_see_it_does_not(company: Company, directory: Any) -> None:
    page = console().browser.get(SETTINGS)
    assert page.status_code == 400
    assert "is not authorized to perform: sso-directory:List" in page.text


def test_who_may_only_look_changes_nothing(company: Company, directory: Any) -> None:
    reader = console("sso-directory:List*")
    page = reader.upload(directory.metadata())
    assert "is not authorized to perform: sso-directory:Create" in page.text
    assert "with passwords" in reader.browser.get(SETTINGS).text


def test_a_forged_form_changes_nothing(company: Company, directory: Any) -> None:
    boss = console(*ADMINISTRATION)
    for forged in ({}, {"_csrf": "guess"}):
        files = {"metadata": ("metadata.xml", directory.metadata())}
        form = {"source": "external", **forged}
        assert boss.browser.session.post(SETTINGS, data=form, files=files).status_code == 400
    assert "with passwords" in boss.browser.get(SETTINGS).text


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<EntityDescriptor/>",
        b"\xff\xfe",
        b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>",
        b"a" * 75_001,
    ],
)
def test_what_is_no_metadata_is_refused(company: Company, document: bytes) -> None:
    boss = console(*ADMINISTRATION)
    page = boss.upload(document)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert "with passwords" in boss.browser.get(SETTINGS).text


# --- signing in ----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", sorted(FAULTS.keys() - HARMLESS))
def test_a_spoiled_answer_signs_nobody_in(outside: Company, directory: Any, how: str) -> None:
    directory.misbehave(how)
    browser = Browser()
    page = at_directory(outside, browser)
    forms = lxml.html.fromstring(page.text).forms
    page = browser.submit(page) if forms else page
    assert page.url != outside.start_url
    assert "x-amz-sso_authn" not in browser.session.cookies


@pytest.mark.parametrize("how", sorted(HARMLESS))
def test_what_changes_no_word_is_alice_s_own_sign_in(
    outside: Company, directory: Any, how: str
) -> None:
    directory.misbehave(how)
    browser = Browser()
    page = browser.submit(at_directory(outside, browser))
    assert "Alice Adams" in page.text


def test_an_answer_serves_once(outside: Company) -> None:
    browser = Browser()
    page = at_directory(outside, browser)
    assert browser.submit(page).url == outside.start_url
    again = browser.submit(page)
    assert again.status_code == 400
    assert "Start again" in again.text


def test_an_answer_that_nobody_asked_for_is_refused(outside: Company) -> None:
    browser = Browser()
    page = at_directory(outside, browser)
    for relay_state in ("", "guess"):
        assert browser.submit(page, RelayState=relay_state).status_code == 400


def test_an_answer_of_another_browser_signs_nobody_in(outside: Company) -> None:
    """An attacker who signs in as himself cannot make the victim's browser use his session."""
    attacker, victim = Browser(), Browser()
    page = at_directory(outside, attacker)
    page = victim.submit(page)
    assert page.status_code == 400
    assert "x-amz-sso_authn" not in victim.session.cookies


def test_the_way_back_serves_once(outside: Company) -> None:
    browser = Browser()
    page = at_directory(outside, browser)
    back = browser.submit(page, follow=False).headers["Location"]
    assert browser.get(back).url == outside.start_url
    assert browser.get(back).status_code == 400


def test_a_sign_in_from_before_a_change_leads_nowhere(
    outside: Company, directory: Any, boss: Console
) -> None:
    browsers = [Browser(), Browser()]
    at_acs, on_the_way_back = (at_directory(outside, browser) for browser in browsers)
    back = browsers[1].submit(on_the_way_back, follow=False).headers["Location"]
    assert boss.upload(directory.metadata()).status_code == 200
    assert browsers[0].submit(at_acs).status_code == 400
    assert browsers[1].get(back).status_code == 400


def test_a_name_in_another_format_is_refused(
    outside: Company, directory: Any, boss: Console
) -> None:
    directory.register(boss.shown("issuer"), boss.shown("acs"), name_id_format="unspecified")
    browser = Browser()
    page = browser.submit(at_directory(outside, browser))
    assert page.status_code == 400
    assert "Start again" in page.text


def test_a_name_that_differs_in_case_is_another_one(outside: Company, directory: Any) -> None:
    directory.change("alice", email="Alice@example.com")
    browser = Browser()
    page = browser.submit(at_directory(outside, browser))
    assert page.status_code == 400
    assert "Nobody in the identity store" in page.text


def test_who_is_not_in_the_identity_store_is_refused(outside: Company) -> None:
    browser = Browser()
    page = browser.submit(at_directory(outside, browser, "bob"))
    assert page.status_code == 400
    assert "Nobody in the identity store" in page.text


def test_passwords_of_the_directory_open_nothing_any_more(
    outside: Company,
) -> None:
    assert outside.browser.get(outside.start_url).url.startswith("https://idp.example.com/")
    for path in ("signin", "password", "forgot", "code", "newpassword"):
        told = Browser().session.post(f"{outside.start_url}/{path}", data={"username": "x"})
        assert told.status_code == 405


def test_tokens_from_before_the_change_are_over(company: Company, directory: Any) -> None:
    token = company.access_token(register())
    boss = console(*ADMINISTRATION)
    assert boss.upload(directory.metadata()).status_code == 200
    told = refusal(portal().list_accounts, accessToken=token)
    assert told[0] == "UnauthorizedException"
    # Going back does not bring them to life again.
    boss.upload(b"", source="own")
    assert refusal(portal().list_accounts, accessToken=token) == told


def test_the_company_s_people_sign_in_at_their_directory(outside: Company) -> None:
    page = outside.browser.submit(at_directory(outside, outside.browser))
    assert page.url == outside.start_url
    assert "Photos" in page.text
    token = outside.access_token(register())
    assert portal().list_accounts(accessToken=token)["accountList"][0]["accountName"] == "Photos"


def test_the_way_on_is_remembered(outside: Company) -> None:
    waiting = register().start(outside.start_url)
    browser = Browser()
    page = browser.submit(browser.get(waiting["verificationUriComplete"]))
    page = browser.submit(page, username="alice", password=PASSWORD)
    page = browser.submit(page)
    assert page.url == urljoin(outside.start_url, f"/start/device?user_code={waiting['userCode']}")
    assert "Allow tool to access your data?" in page.text
