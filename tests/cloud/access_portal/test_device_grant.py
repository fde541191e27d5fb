"""The device authorization grant: a program waits, a browser decides."""

from __future__ import annotations

import boto3
import pytest
import requests

from helpers import lab
from tests.cloud.access_portal import workforce
from tests.cloud.access_portal.workforce import Company, Program, refusal, register
from tests.cloud.hosted_ui.site import Browser

PENDING = ("AuthorizationPendingException", "authorization_pending")
INVALID_GRANT = ("InvalidGrantException", "invalid_grant")


# --- the device code -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "start_url",
    [
        "https://d-0000000000.awsapps.com/start",
        "https://evil.example/start",
        "http://{store}.awsapps.com/start",
        "https://{store}.awsapps.com.evil.example/start",
        "",
        "\ud800",
    ],
)
def test_a_portal_that_is_not_there_is_refused(
    company: Company, program: Program, start_url: str
) -> None:
    url = start_url.format(store=company.store_id)
    assert refusal(program.start, url)[1] == "invalid_request"


def test_the_portal_s_address_is_known_in_each_spelling(company: Company, program: Program) -> None:
    for tail in ("", "/", "#", "/#/"):
        assert program.start(company.start_url + tail)["userCode"]


def test_a_program_in_another_region_is_refused(company: Company) -> None:
    client = boto3.client("sso-oidc", region_name="eu-west-1")
    made = client.register_client(clientName="tool", clientType="public")
    proof = {"clientId": made["clientId"], "clientSecret": made["clientSecret"]}
    wrong = {**proof, "startUrl": company.start_url}
    assert refusal(client.start_device_authorization, **wrong)[1] == "invalid_request"


def test_nobody_has_decided_yet(cloud: lab.Cloud, company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    assert refusal(program.poll, waiting) == PENDING
    cloud.clock.advance(seconds=waiting["interval"])
    assert refusal(program.poll, waiting) == PENDING


def test_who_asks_again_and_again_is_slowed_down(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    told = {refusal(program.poll, waiting) for _ in range(10)}
    assert told == {PENDING, ("SlowDownException", "slow_down")}
    # Once it is allowed, nothing is in the way any more.
    company.allow(waiting)
    assert program.poll(waiting)["tokenType"] == "Bearer"


def test_a_device_code_expires(cloud: lab.Cloud, company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    cloud.clock.advance(seconds=waiting["expiresIn"])
    assert refusal(program.poll, waiting) == ("ExpiredTokenException", "expired_token")
    page = company.browser.submit(company.browser.get(waiting["verificationUriComplete"]))
    assert page.status_code == 400
    assert "has expired" in page.text


def test_a_program_whose_registration_ends_waits_in_vain(
    cloud: lab.Cloud, company: Company, program: Program
) -> None:
    cloud.clock.advance(days=90, seconds=-60)
    waiting = program.start(company.start_url)
    cloud.clock.advance(seconds=120)
    for _ in ("ended", "forgotten"):
        page = company.browser.submit(company.browser.get(waiting["verificationUriComplete"]))
        assert page.status_code == 400
        assert "has expired" in page.text
        register()  # makes the cloud drop registrations that have ended


def test_denied_is_denied(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    assert "Request denied" in company.allow(waiting, "deny").text
    assert refusal(program.poll, waiting) == ("AccessDeniedException", "access_denied")


def test_no_decision_is_no_consent(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    company.allow(waiting, "")
    assert refusal(program.poll, waiting)[1] == "access_denied"


def test_another_program_s_device_code_is_unknown(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    company.allow(waiting)
    assert refusal(register(clientName="thief").poll, waiting) == INVALID_GRANT
    assert program.poll(waiting)["accessToken"]


def test_a_device_code_serves_once(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    company.allow(waiting)
    program.poll(waiting)
    assert refusal(program.poll, waiting) == INVALID_GRANT


def test_the_user_code_is_no_device_code(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    company.allow(waiting)
    guessed = {"deviceCode": waiting["userCode"]}
    assert refusal(program.poll, guessed) == INVALID_GRANT


def test_who_signs_out_before_the_program_asks_lets_nobody_in(
    company: Company, program: Program
) -> None:
    waiting = program.start(company.start_url)
    company.allow(waiting)
    company.browser.submit(company.browser.get(company.start_url), form=0)
    assert refusal(program.poll, waiting)[1] == "access_denied"


# --- the page with the code ----------------------------------------------------------------------


def test_a_guessed_code_leads_nowhere_and_guessing_is_stopped(
    cloud: lab.Cloud, company: Company, program: Program
) -> None:
    waiting = program.start(company.start_url)
    browser = Browser()
    for _ in range(5):
        page = browser.get(waiting["verificationUri"])
        page = browser.submit(page, user_code="BBBB-BBBB")
        assert page.status_code == 400
        assert "is not right" in page.text
    # Now even the right one is not heard, in whatever browser.
    other = Browser()
    page = other.submit(other.get(waiting["verificationUriComplete"]))
    assert "Too many wrong codes" in page.text
    cloud.clock.advance(seconds=2)
    page = other.submit(other.get(waiting["verificationUriComplete"]))
    assert page.url.startswith(f"{company.start_url}/signin?to=device&user_code=")


def test_the_portal_s_page_counts_guesses_too(company: Company, program: Program) -> None:
    program.start(company.start_url)
    pages = [
        company.browser.get(f"{company.start_url}/device?user_code=BBBB-BBB{last}")
        for last in "BCDFGH"
    ]
    assert [page.status_code for page in pages] == [400] * 6
    assert "Too many wrong codes" in pages[-1].text


def test_a_form_of_another_site_allows_nothing(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    page = f"{company.start_url}/device?user_code={waiting['userCode']}"
    for forged in ({}, {"_csrf": ""}, {"_csrf": "guess"}):
        answer = company.browser.session.post(page, data={"decision": "allow", **forged})
        assert answer.status_code == 400
    assert refusal(program.poll, waiting) == PENDING


def test_a_form_token_of_another_browser_allows_nothing(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    attacker = Browser()
    attacker.get(f"{company.start_url}/signin")
    theirs = attacker.session.cookies.get("XSRF-TOKEN", domain=f"{company.store_id}.awsapps.com")
    page = f"{company.start_url}/device?user_code={waiting['userCode']}"
    form = {"decision": "allow", "_csrf": theirs}
    assert company.browser.session.post(page, data=form).status_code == 400
    assert refusal(program.poll, waiting) == PENDING


def test_who_is_not_signed_in_is_asked_to(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    browser = Browser()
    page = browser.submit(browser.get(waiting["verificationUriComplete"]))
    assert page.url.startswith(f"{company.start_url}/signin?")
    page = company.sign_in(browser, page)
    assert waiting["userCode"] in page.text
    assert "Allow tool to access your data?" in page.text
    workforce.decide(browser, page, "allow")
    assert program.poll(waiting)["accessToken"]


def test_small_letters_and_no_hyphen_do_as_well(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    typed = waiting["userCode"].replace("-", " ").lower()
    page = company.browser.get(waiting["verificationUri"])
    page = company.browser.submit(page, user_code=typed)
    assert waiting["userCode"] in page.text


def test_a_program_s_name_is_text_and_nothing_else(company: Company) -> None:
    evil = register(clientName="<script>alert(1)</script>")
    waiting = evil.start(company.start_url)
    page = company.browser.submit(company.browser.get(waiting["verificationUriComplete"]))
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


def test_the_code_is_of_the_region_whose_page_asks(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    page = company.browser.get("https://device.sso.eu-west-1.amazonaws.com/")
    page = company.browser.submit(page, user_code=waiting["userCode"])
    assert page.status_code == 400


# --- what comes of it ----------------------------------------------------------------------------


def test_tokens_last_an_hour_and_are_refreshed(company: Company, program: Program) -> None:
    waiting = program.start(company.start_url)
    company.allow(waiting)
    given = program.poll(waiting)
    assert given["expiresIn"] == 3600
    again = program.token("refresh_token", refreshToken=given["refreshToken"])
    assert again["accessToken"] != given["accessToken"]


def test_without_the_scope_a_token_lasts_as_long_as_the_session(company: Company) -> None:
    old = register(scopes=[])
    waiting = old.start(company.start_url)
    company.allow(waiting)
    given = old.poll(waiting)
    assert given["expiresIn"] == 8 * 3600
    assert "refreshToken" not in given


def test_the_answer_is_json_as_programs_without_an_sdk_read_it(
    cloud: lab.Cloud, company: Company, program: Program
) -> None:
    waiting = program.start(company.start_url)
    body = {**program.proof(), "grantType": workforce.DEVICE_GRANT}
    body["deviceCode"] = waiting["deviceCode"]
    for base in ("https://oidc.us-east-1.amazonaws.com", cloud.serve()):
        told = requests.post(f"{base}/token", json=body)
        assert told.status_code == 400
        assert told.json()["error"] == "authorization_pending"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"clientId": 1}', b'{"clientId": {}}', b"\xff", b"{" * 9999]
)
def test_nonsense_is_refused_cleanly(cloud: lab.Cloud, body: bytes) -> None:
    for path in ("/client/register", "/device_authorization", "/token"):
        told = requests.post(
            f"https://oidc.us-east-1.amazonaws.com{path}",
            data=body,
            headers={"Content-Type": "application/json"},
        )
        assert 400 <= told.status_code < 500, (path, told.text)
