"""Two companies have two portals: nobody and nothing of the one gets in at the other.

Source: IAM Identity Center User Guide, "Using the AWS access portal".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.cloud.access_portal.test_authorization_code import register_for_code, url
from tests.cloud.access_portal.workforce import PASSWORD, Company, Program, refusal
from tests.cloud.accounts import stranger
from tests.cloud.hosted_ui.site import Browser

BOB = "bob@example.net"


@dataclass
class Neighbour:
    """Another account with an instance of its own, and bob, who is signed in there."""

    host: str
    browser: Browser = field(default_factory=Browser)

    def address(self, path: str) -> str:
        """A page of its portal."""
        return f"https://{self.host}{path}"


@pytest.fixture
def neighbour(company: Company) -> Neighbour:
    theirs = stranger()
    theirs.client("sso-admin").create_instance()
    store_id = theirs.client("identitystore").list_identity_stores()["IdentityStores"][0]
    made: dict[str, Any] = {
        "UserName": BOB,
        "DisplayName": "Bob Brown",
        "Name": {"GivenName": "Bob", "FamilyName": "Brown"},
        "Emails": [{"Value": BOB, "Primary": True}],
    }
    theirs.client("identitystore").create_user(IdentityStoreId=store_id["IdentityStoreId"], **made)
    neighbour = Neighbour(f"{store_id['IdentityStoreId']}.awsapps.com")
    browser = neighbour.browser
    page = browser.submit(browser.get(neighbour.address("/start")), form=0, username=BOB)
    page = browser.submit(page, form=0, code=company.inbox.latest(BOB).code)
    page = browser.submit(page, form=0, password=PASSWORD, again=PASSWORD)
    assert page.url == neighbour.address("/start")
    return neighbour


def test_the_cookie_of_one_portal_is_none_of_the_other(
    company: Company, neighbour: Neighbour
) -> None:
    browser, ours = Browser(), f"{company.store_id}.awsapps.com"
    cookie = neighbour.browser.session.cookies.get("x-amz-sso_authn", domain=neighbour.host)
    browser.session.cookies.set("x-amz-sso_authn", str(cookie), domain=ours)
    assert browser.get(company.start_url).url.endswith("/start/signin")


def test_nobody_of_the_other_signs_in_here(company: Company, neighbour: Neighbour) -> None:
    browser = Browser()
    page = browser.submit(browser.get(company.start_url), form=0, username=BOB)
    page = browser.submit(page, form=0, password=PASSWORD)
    assert page.status_code == 400
    assert "verify your sign-in credentials" in page.text


def test_a_device_code_for_this_portal_is_unknown_at_the_other(
    company: Company, neighbour: Neighbour, program: Program
) -> None:
    waiting = program.start(company.start_url)
    page = neighbour.browser.get(
        neighbour.address("/start/device"), user_code=str(waiting["userCode"])
    )
    assert page.status_code == 400
    assert "not right" in page.text
    assert refusal(program.poll, waiting)[1] == "authorization_pending"


def test_a_program_of_this_portal_is_not_let_in_at_the_other(
    company: Company, neighbour: Neighbour
) -> None:
    query = url(register_for_code(company)).partition("?")[2]
    page = neighbour.browser.get(f"{neighbour.address('/start/authorize')}?{query}")
    assert page.status_code == 400
    assert "sign in elsewhere" in page.text
