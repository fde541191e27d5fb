"""https://signin.aws.amazon.com/federation: a custom broker's way into the console."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
import requests

from helpers import lab
from tests.cloud.console.conftest import HOME, SIGN_IN, come_in, problem, shown
from tests.cloud.sts_words import (
    ACCOUNT,
    assume,
    client,
    new_role,
    new_user,
    policy,
    statement,
    trusting,
    user_arn,
)
from tests.providers.browser import Browser

FEDERATION = f"{SIGN_IN}/federation"
Ask = Callable[..., requests.Response]


def session(credentials: dict[str, Any], **changed: Any) -> str:
    """The session string that brokers send."""
    parts = {
        "sessionId": credentials["AccessKeyId"],
        "sessionKey": credentials["SecretAccessKey"],
        "sessionToken": credentials["SessionToken"],
    }
    return json.dumps(parts | changed)


@pytest.fixture
def broker(cloud: lab.Cloud) -> dict[str, str]:
    return new_user(
        "broker", policy(statement("sts:AssumeRole", "sts:GetFederationToken", "sts:TagSession"))
    )


@pytest.fixture
def credentials(broker: dict[str, str]) -> dict[str, Any]:
    """Credentials of a role session that the broker began for its user."""
    role = new_role("Support", trusting(user_arn("broker")))
    return assume(broker, role, RoleSessionName="alice")["Credentials"]


@pytest.fixture
def token(browser: Browser) -> Ask:
    """Ask for a sign-in token."""

    def ask(sent: str, **more: str) -> requests.Response:
        return browser.get(FEDERATION, Action="getSigninToken", Session=sent, **more)

    return ask


@pytest.fixture
def login(browser: Browser) -> Ask:
    """Follow the link that a broker makes."""

    def ask(signin_token: str, destination: str = HOME, **more: str) -> requests.Response:
        sent = {"SigninToken": signin_token, "Destination": destination, **more}
        return browser.get(FEDERATION, Action="login", **sent)

    return ask


# --- the sign-in token -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    ["", "x", "[]", "7", "null", '"x"', "{}", "[" * 5000, '{"sessionId": "x"}', '{"a": NaN}'],
)
def test_what_is_no_session_gets_no_token(sent: str, token: Ask, cloud: lab.Cloud) -> None:
    assert token(sent).status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"sessionId": "ASIAUNKNOWN"},
        {"sessionKey": "wrong"},
        {"sessionToken": "wrong"},
        {"sessionKey": ""},
        {"sessionToken": "\ud800"},
        {"sessionToken": None},
        {"sessionKey": ["x"]},
        {"sessionId": {"a": 1}},
    ],
)
def test_credentials_that_are_not_true_get_no_token(
    changed: dict[str, Any], token: Ask, credentials: dict[str, Any]
) -> None:
    page = token(session(credentials, **changed))
    assert page.status_code == 400
    assert credentials["SecretAccessKey"] not in page.text


def test_credentials_that_have_expired_get_no_token(
    token: Ask, credentials: dict[str, Any], cloud: lab.Cloud
) -> None:
    cloud.clock.advance(hours=1)
    assert token(session(credentials)).status_code == 400


def test_a_user_s_own_credentials_get_no_token(token: Ask, broker: dict[str, str]) -> None:
    own = client("sts", broker).get_session_token()["Credentials"]
    assert token(session(own)).status_code == 400


@pytest.mark.parametrize("seconds", ["899", "43201", "-900", "1e3", "", "٩٠٠", "9" * 5000])
def test_a_session_of_another_length_is_refused(
    seconds: str, token: Ask, credentials: dict[str, Any]
) -> None:
    assert token(session(credentials), SessionDuration=seconds).status_code == 400


def test_a_chained_session_takes_no_session_duration(
    token: Ask, credentials: dict[str, Any]
) -> None:
    iam = boto3.client("iam")
    text = json.dumps(policy(statement("sts:AssumeRole")))
    iam.put_role_policy(RoleName="Support", PolicyName="own", PolicyDocument=text)
    other = new_role("Other", trusting(f"arn:aws:iam::{ACCOUNT}:role/Support"))
    chained = assume(credentials, other)["Credentials"]
    assert token(session(chained), SessionDuration="900").status_code == 400
    assert token(session(chained)).status_code == 200


def test_a_federated_user_takes_no_session_duration(token: Ask, broker: dict[str, str]) -> None:
    made = client("sts", broker).get_federation_token(Name="alice")["Credentials"]
    assert token(session(made), SessionDuration="900").status_code == 400
    assert token(session(made)).status_code == 200


def test_the_trace_shows_no_secret(
    token: Ask, credentials: dict[str, Any], cloud: lab.Cloud
) -> None:
    made = token(session(credentials)).json()["SigninToken"]
    written = json.dumps([entry.as_dict() for entry in cloud.trace])
    assert credentials["SessionToken"] not in written
    assert made not in written


# --- the link ----------------------------------------------------------------------------------


def test_a_broker_s_user_is_in_for_as_long_as_the_broker_says(
    token: Ask, login: Ask, browser: Browser, credentials: dict[str, Any]
) -> None:
    made = token(session(credentials), SessionDuration="43200").json()["SigninToken"]
    page = come_in(browser, login(made))
    assert shown(page, "arn") == f"arn:aws:sts::{ACCOUNT}:assumed-role/Support/alice"
    assert shown(page, "ends").endswith("in 720 minutes")


def test_a_federated_user_is_in_by_name(
    token: Ask, login: Ask, browser: Browser, broker: dict[str, str]
) -> None:
    made = client("sts", broker).get_federation_token(Name="alice")["Credentials"]
    page = come_in(browser, login(token(session(made)).json()["SigninToken"]))
    assert shown(page, "arn") == f"arn:aws:sts::{ACCOUNT}:federated-user/alice"
    assert shown(page, "role") == ""


@pytest.mark.parametrize("sent", ["", "x", "\ud800".encode("utf-8", "replace").decode(), "é" * 99])
def test_a_token_that_was_never_made_opens_nothing(sent: str, login: Ask, cloud: lab.Cloud) -> None:
    assert login(sent).status_code == 400


def test_a_link_serves_once_and_for_fifteen_minutes(
    token: Ask, login: Ask, credentials: dict[str, Any], cloud: lab.Cloud
) -> None:
    first, second = (token(session(credentials)).json()["SigninToken"] for _ in range(2))
    assert login(first).status_code == 302
    assert login(first).status_code == 400
    cloud.clock.advance(minutes=15)
    assert "not valid, or no longer" in problem(login(second))


@pytest.mark.parametrize(
    "destination",
    [
        "https://evil.example.net/",
        "http://console.aws.amazon.com/",
        "https://console.aws.amazon.com:8443/",
        "https://user@console.aws.amazon.com/",
        "https://@console.aws.amazon.com/",
        "https://console.aws.amazon.com:/",
        "https://console.aws.amazon.com./",
        "https://[console.aws.amazon.com/",
        "https://console.aws.amazon.com\\.evil.example.net/",
        "//console.aws.amazon.com/",
        "/console/home",
        "",
    ],
)
def test_a_link_leads_only_into_the_console(
    destination: str, token: Ask, login: Ask, credentials: dict[str, Any]
) -> None:
    made = token(session(credentials)).json()["SigninToken"]
    assert login(made, destination).status_code == 400
    # Nor has the token been spent.
    assert login(made).status_code == 302


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?region=eu-west-1&isauthcode=false", "?region=eu-west-1"),
        ("?code=x&code=y", ""),
        ("?a=1&a=2&b", "?a=1&a=2&b="),
    ],
)
def test_a_destination_keeps_its_query_but_brings_no_code(
    query: str, kept: str, token: Ask, login: Ask, browser: Browser, credentials: dict[str, Any]
) -> None:
    page = come_in(browser, login(token(session(credentials)).json()["SigninToken"], HOME + query))
    assert (page.url, shown(page, "role")) == (HOME + kept, "Support")


def test_after_the_end_the_console_leads_back_to_the_broker(
    token: Ask, login: Ask, browser: Browser, credentials: dict[str, Any], cloud: lab.Cloud
) -> None:
    for issuer, leads_to in [
        ("https://broker.example.com/login", "https://broker.example.com/login"),
        ("javascript:alert(1)", f"{SIGN_IN}/signin"),
    ]:
        made = token(session(credentials), SessionDuration="900").json()["SigninToken"]
        come_in(browser, login(made, Issuer=issuer))
        cloud.clock.advance(minutes=15)
        page = browser.get(HOME)
        assert (page.status_code, f'href="{leads_to}"' in page.text) == (403, True)


@pytest.mark.parametrize("query", ["", "Action=", "Action=logout", "Action=login&Action=login"])
def test_an_unknown_action_is_refused(query: str, browser: Browser, cloud: lab.Cloud) -> None:
    assert browser.get(f"{FEDERATION}?{query}").status_code == 400
