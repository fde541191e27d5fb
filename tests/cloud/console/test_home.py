"""The console's page: who is in, and out again."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
import requests
from lxml import html

from helpers import lab
from tests.cloud.aws_saml.directory import Directory, posted
from tests.cloud.console.conftest import HOME, SIGN_IN, Door, come_in, shown
from tests.providers.browser import Browser


def test_who_is_not_signed_in_is_told_how(browser: Browser, cloud: lab.Cloud) -> None:
    answer = browser.get("https://console.aws.amazon.com/iam/home")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{SIGN_IN}/signin")
    assert "You are not signed in" in browser.get(f"{SIGN_IN}/signin").text


def test_a_way_in_serves_once_and_for_a_minute(
    browser: Browser, door: Door, directory: Directory, cloud: lab.Cloud
) -> None:
    way = door(directory.response()).headers["Location"]
    assert come_in(browser, browser.get(way)).status_code == 200
    assert Browser().get(way).status_code == 400
    late = door(directory.response()).headers["Location"]
    cloud.clock.advance(minutes=1)
    assert Browser().get(late).status_code == 400
    for code in ("", "x", "%ff"):
        assert Browser().get(f"{HOME}?isauthcode=true&code={code}").status_code == 400


def test_a_path_leads_to_no_other_host(browser: Browser, door: Door, directory: Directory) -> None:
    relay_state = "https://console.aws.amazon.com//evil.example.net/%0d%0aX:y"
    way = door(directory.response(), RelayState=relay_state).headers["Location"]
    target = browser.get(way).headers["Location"]
    assert target.startswith("https://console.aws.amazon.com/")
    assert "\n" not in target


def test_a_session_ends_at_its_time(
    browser: Browser, door: Door, directory: Directory, cloud: lab.Cloud
) -> None:
    come_in(browser, door(directory.response()))
    cloud.clock.advance(minutes=59, seconds=59)
    assert shown(browser.get(HOME), "ends").endswith("in 1 minutes")
    cloud.clock.advance(seconds=1)
    page = browser.get(HOME)
    assert (page.status_code, "Your session has ended" in page.text) == (403, True)
    assert browser.get(HOME).status_code == 302


def test_who_signs_out_is_out(browser: Browser, door: Door, directory: Directory) -> None:
    page = come_in(browser, door(directory.response()))
    secret = browser.session.cookies["aws-session"]
    assert browser.submit(page).headers["Location"] == f"{SIGN_IN}/signin"
    assert browser.get(HOME).status_code == 302
    stolen = requests.get(HOME, cookies={"aws-session": secret}, allow_redirects=False)
    assert stolen.status_code == 302


def test_no_other_page_signs_anybody_out(
    browser: Browser, door: Door, directory: Directory
) -> None:
    come_in(browser, door(directory.response()))
    out = "https://console.aws.amazon.com/console/logout!doLogout"
    for form in ({}, {"_csrf": ""}, {"_csrf": "x"}):
        assert browser.session.post(out, data=form, allow_redirects=False).status_code == 400
    asked = browser.get(out)
    assert (asked.status_code, browser.get(HOME).status_code) == (200, 200)
    assert browser.submit(asked).status_code == 302
    assert browser.get(HOME).status_code == 302


def test_a_second_sign_in_takes_the_place_of_the_first(
    browser: Browser, door: Door, directory: Directory
) -> None:
    come_in(browser, door(directory.response()))
    first = browser.session.cookies["aws-session"]
    come_in(browser, door(directory.response()))
    assert browser.session.cookies["aws-session"] != first
    old = requests.get(HOME, cookies={"aws-session": first}, allow_redirects=False)
    assert old.status_code == 302


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("url", [f"{SIGN_IN}/saml", f"{SIGN_IN}/federation", HOME])
def test_other_methods_are_refused(method: str, url: str, cloud: lab.Cloud) -> None:
    assert requests.request(method, url, allow_redirects=False).status_code == 405


@pytest.mark.parametrize("path", ["/nowhere", "/saml/", "/saml/acs", "/%ff", "/..%2f"])
def test_there_is_no_other_page(path: str, browser: Browser, cloud: lab.Cloud) -> None:
    assert browser.get(f"{SIGN_IN}{path}").status_code in (404, 400)


def test_a_page_of_any_depth_finds_its_style(
    browser: Browser, door: Door, directory: Directory
) -> None:
    relay_state = "https://console.aws.amazon.com/iam/home/roles/details"
    page = come_in(browser, door(directory.response(), RelayState=relay_state))
    (style,) = html.fromstring(page.text).xpath("//link/@href")
    assert browser.get(urljoin(page.url, style)).status_code == 200


def test_a_browser_of_this_machine_comes_in_through_the_gateway(
    directory: Directory, cloud: lab.Cloud
) -> None:
    base, browser = cloud.serve(), requests.Session()
    page = browser.post(
        f"{base}/_aws/signin.aws.amazon.com/saml",
        data={"SAMLResponse": posted(directory.response())},
    )
    assert page.url == f"{base}/_aws/console.aws.amazon.com/console/home"
    assert re.search(r"assumed-role/Engineer/alice", page.text)
    (form,) = html.fromstring(page.text).forms
    page = browser.post(urljoin(page.url, form.action), data=dict(form.form_values()))
    assert page.url == f"{base}/_aws/signin.aws.amazon.com/signin"
