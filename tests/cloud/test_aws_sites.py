"""AWS's web sites are reached by their names, and under the loopback address."""

from __future__ import annotations

import pytest
import requests

from helpers import lab

UNKNOWN_PORTAL = "https://d-0000000000.awsapps.com/start"


def test_a_portal_that_nobody_has_is_a_page_that_says_so(cloud: lab.Cloud) -> None:
    page = requests.get(UNKNOWN_PORTAL)
    assert page.status_code == 404
    assert 'role="alert"' in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_gateway_leads_to_the_same_page(cloud: lab.Cloud) -> None:
    address = cloud.in_browser(UNKNOWN_PORTAL)
    assert "/_aws/d-0000000000.awsapps.com/start" in address
    page = requests.get(address)
    assert page.status_code == 404
    assert page.text == requests.get(UNKNOWN_PORTAL).text


@pytest.mark.parametrize("host", ["awsapps.com", "a.b.awsapps.com", "awsapps.com.evil.example"])
def test_other_names_are_no_sites(cloud: lab.Cloud, host: str) -> None:
    with pytest.raises(ValueError):
        cloud.in_browser(f"https://{host}/start")
    assert requests.get(f"{cloud.serve()}/_aws/{host}/start").status_code == 404


def test_every_site_has_the_style_sheet(cloud: lab.Cloud) -> None:
    for host in ("d-0000000000.awsapps.com", "oidc.us-east-1.amazonaws.com"):
        sheet = requests.get(f"https://{host}/style.css")
        assert sheet.headers["Content-Type"] == "text/css; charset=utf-8"
        assert "main" in sheet.text


def test_strange_addresses_end_in_a_page(cloud: lab.Cloud) -> None:
    for path in ("/", "/%00", "/start/%ed%a0%80", "/start?a=1&a=2", "/..%2f..%2fetc/passwd"):
        page = requests.get(f"https://d-0000000000.awsapps.com{path}")
        assert page.status_code in (302, 400, 404), path
