"""The authorization code grant with PKCE, as AWS's command line does it since 2024."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from helpers import lab
from tests.cloud.access_portal.workforce import Company, Program, decide, refusal, register
from tests.cloud.hosted_ui.site import CHALLENGE, VERIFIER, Browser

REGISTERED = "http://127.0.0.1/oauth/callback"
CALLBACK = "http://127.0.0.1:50123/oauth/callback"
AUTHORIZE = "https://oidc.us-east-1.amazonaws.com/authorize"
INVALID_GRANT = ("InvalidGrantException", "invalid_grant")


@pytest.fixture
def program(company: Company) -> Program:
    """What `aws sso login` registers."""
    return register_for_code(company)


def register_for_code(company: Company, **changes: Any) -> Program:
    usual: dict[str, Any] = {
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": [REGISTERED],
        "issuerUrl": company.start_url,
    }
    return register(**{**usual, **changes})


def url(program: Program, **changes: str | None) -> str:
    usual: dict[str, str | None] = {
        "response_type": "code",
        "client_id": program.client_id,
        "redirect_uri": CALLBACK,
        "state": "state-1",
        "scopes": "sso:account:access",
        "code_challenge_method": "S256",
        "code_challenge": CHALLENGE,
    }
    asked = {name: text for name, text in {**usual, **changes}.items() if text is not None}
    return f"{AUTHORIZE}?{urlencode(asked)}"


def answer(company: Company, program: Program, decision: str = "allow", **changes: str) -> dict:
    """What comes back to the program's address."""
    page = company.browser.get(url(program, **changes))
    assert "Allow tool to access your data?" in page.text, page.text
    sent = decide(company.browser, page, decision, follow=False)
    target = urlsplit(sent.headers["Location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == CALLBACK
    return {name: texts[0] for name, texts in parse_qs(target.query).items()}


def exchange(program: Program, code: str, **changes: str | None) -> dict[str, Any]:
    usual: dict[str, str | None] = {
        "code": code,
        "redirectUri": CALLBACK,
        "codeVerifier": VERIFIER,
    }
    given = {name: text for name, text in {**usual, **changes}.items() if text is not None}
    return program.token("authorization_code", **given)


# --- refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example/oauth/callback",
        "http://127.0.0.1:50123/other",
        "http://127.0.0.1:50123/oauth/callback?more=1",
        "http://127.0.0.1:50123/oauth/callback/",
        "http://localhost:50123/oauth/callback",
        "http://[::1]:50123/oauth/callback",
        "https://127.0.0.1:50123/oauth/callback",
        "http://127.0.0.1:50123@evil.example/oauth/callback",
        "http://127.0.0.1:50123\\@evil.example/oauth/callback",
        "http://127.0.0.1:99999/oauth/callback",
        "http://127.0.0.1:50123/oauth/callback\r\nX-Evil: 1",
        "//127.0.0.1/oauth/callback",
        "",
    ],
)
def test_no_code_goes_to_an_address_that_was_not_registered(
    company: Company, program: Program, redirect_uri: str
) -> None:
    page = company.browser.get(url(program, redirect_uri=redirect_uri), follow=False)
    assert page.status_code == 400
    assert "invalid_redirect_uri" in page.text
    # The portal's page, asked for directly, is as strict.
    portal = url(program, redirect_uri=redirect_uri).replace(
        AUTHORIZE, f"{company.start_url}/authorize"
    )
    assert company.browser.get(portal, follow=False).status_code == 400


def test_an_unknown_client_is_told_nothing(company: Company, program: Program) -> None:
    assert "invalid_client" in company.browser.get(url(program, client_id="nobody")).text


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": CHALLENGE + "="}, "invalid_request"),
        ({"scopes": "sso:account:access everything"}, "invalid_scope"),
    ],
)
def test_a_wrong_request_is_answered_at_the_program_s_address(
    company: Company, program: Program, wrong: dict[str, str | None], error: str
) -> None:
    sent = company.browser.get(url(program, **wrong), follow=False)
    told = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert sent.headers["Location"].startswith(CALLBACK)
    assert (told["error"], told["state"]) == ([error], ["state-1"])


def test_a_program_without_the_grant_gets_no_code(company: Company) -> None:
    device_only = register(redirectUris=[REGISTERED], issuerUrl=company.start_url)
    sent = company.browser.get(url(device_only), follow=False)
    assert "error=unauthorized_client" in sent.headers["Location"]


def test_a_code_is_not_to_be_had_without_a_press_of_the_button(
    company: Company, program: Program
) -> None:
    page = company.browser.get(url(program))
    assert "code=" not in page.url
    for forged in ({}, {"_csrf": "guess"}):
        form = {"decision": "allow", **forged}
        sent = company.browser.session.post(page.url, data=form, allow_redirects=False)
        assert sent.status_code == 400


def test_denied_is_denied(company: Company, program: Program) -> None:
    assert answer(company, program, "deny") == {"error": "access_denied", "state": "state-1"}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"codeVerifier": None}, INVALID_GRANT),
        ({"codeVerifier": VERIFIER[:-1] + "x"}, INVALID_GRANT),
        ({"codeVerifier": CHALLENGE}, INVALID_GRANT),
        ({"codeVerifier": ""}, INVALID_GRANT),
        ({"redirectUri": REGISTERED}, INVALID_GRANT),
        ({"redirectUri": "https://evil.example/"}, INVALID_GRANT),
        ({"redirectUri": None}, ("InvalidRequestException", "invalid_request")),
        ({"code": "guess"}, INVALID_GRANT),
        ({"code": ""}, ("InvalidRequestException", "invalid_request")),
    ],
)
def test_a_code_needs_its_verifier_and_its_address(
    company: Company, program: Program, wrong: dict[str, str | None], error: tuple[str, str]
) -> None:
    code = answer(company, program)["code"]
    assert refusal(exchange, program, **{"code": code, **wrong}) == error


def test_after_a_wrong_verifier_the_right_one_is_too_late(
    company: Company, program: Program
) -> None:
    code = answer(company, program)["code"]
    assert refusal(exchange, program, code, codeVerifier=CHALLENGE) == INVALID_GRANT
    assert refusal(exchange, program, code) == INVALID_GRANT


def test_another_program_s_code_is_unknown(company: Company, program: Program) -> None:
    code = answer(company, program)["code"]
    assert refusal(exchange, register_for_code(company), code) == INVALID_GRANT
    assert exchange(program, code)["accessToken"]


def test_a_code_expires(cloud: lab.Cloud, company: Company, program: Program) -> None:
    code = answer(company, program)["code"]
    cloud.clock.advance(minutes=10)
    assert refusal(exchange, program, code)[0] == "ExpiredTokenException"


def test_a_code_that_comes_twice_ends_what_it_gave(company: Company, program: Program) -> None:
    code = answer(company, program)["code"]
    given = exchange(program, code)
    assert refusal(exchange, program, code) == INVALID_GRANT
    refresh = {"refreshToken": given["refreshToken"]}
    assert refusal(program.token, "refresh_token", **refresh) == INVALID_GRANT


def test_a_portal_where_others_sign_in_lets_nobody_in(company: Company, program: Program) -> None:
    elsewhere = url(program).replace(AUTHORIZE, "https://d-0000000000.awsapps.com/start/authorize")
    assert company.browser.get(elsewhere).status_code == 404


def test_a_client_of_one_grant_has_no_other(company: Company, program: Program) -> None:
    assert refusal(program.start, company.start_url)[1] == "unauthorized_client"
    told = refusal(program.token, "urn:ietf:params:oauth:grant-type:device_code", deviceCode="x")
    assert told == ("UnauthorizedClientException", "unauthorized_client")
    told = refusal(program.token, "client_credentials")
    assert told == ("UnsupportedGrantTypeException", "unsupported_grant_type")


# --- refresh tokens ------------------------------------------------------------------------------


def test_a_refresh_token_that_comes_twice_ends_the_grant(
    company: Company, program: Program
) -> None:
    first = exchange(program, answer(company, program)["code"])["refreshToken"]
    second = program.token("refresh_token", refreshToken=first)["refreshToken"]
    assert refusal(program.token, "refresh_token", refreshToken=first) == INVALID_GRANT
    assert refusal(program.token, "refresh_token", refreshToken=second) == INVALID_GRANT


def test_another_program_s_refresh_token_is_unknown(company: Company, program: Program) -> None:
    given = exchange(program, answer(company, program)["code"])["refreshToken"]
    thief = register_for_code(company)
    assert refusal(thief.token, "refresh_token", refreshToken=given) == INVALID_GRANT
    assert program.token("refresh_token", refreshToken=given)["accessToken"]


def test_an_access_token_refreshes_nothing(company: Company, program: Program) -> None:
    given = exchange(program, answer(company, program)["code"])["accessToken"]
    assert refusal(program.token, "refresh_token", refreshToken=given) == INVALID_GRANT
    assert refusal(program.token, "refresh_token")[1] == "invalid_request"


def test_nothing_is_refreshed_after_the_session(
    cloud: lab.Cloud, company: Company, program: Program
) -> None:
    given = exchange(program, answer(company, program)["code"])
    cloud.clock.advance(hours=7, minutes=30)
    last = program.token("refresh_token", refreshToken=given["refreshToken"])
    assert last["expiresIn"] == 1800
    cloud.clock.advance(minutes=30)
    again = {"refreshToken": last["refreshToken"]}
    assert refusal(program.token, "refresh_token", **again) == INVALID_GRANT


# --- and let in ----------------------------------------------------------------------------------


def test_the_sign_in_leads_back_to_the_request(company: Company, program: Program) -> None:
    browser = Browser()
    page = company.sign_in(browser, browser.get(url(program)))
    sent = decide(browser, page, "allow", follow=False)
    code = parse_qs(urlsplit(sent.headers["Location"]).query)["code"][0]
    assert exchange(program, code)["tokenType"] == "Bearer"


def test_the_served_cloud_leads_its_own_address_to_the_page(
    cloud: lab.Cloud, company: Company, program: Program
) -> None:
    """Where AWS_ENDPOINT_URL is set, the command line opens /authorize of that address."""
    here = url(program).replace("https://oidc.us-east-1.amazonaws.com", cloud.serve())
    page = requests.get(here)
    assert page.status_code == 200
    assert f"/_aws/{company.store_id}.awsapps.com/start/signin" in page.url
    assert "Sign in" in page.text
