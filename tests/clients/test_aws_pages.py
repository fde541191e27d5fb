"""Every page of AWS's own web sites, read by axe-core in a real browser, in two windows.

LAB_PICTURES=<folder> also keeps a photo of each of them, wide and narrow; the folder is made.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from helpers import lab
from tests.clients import company as companies
from tests.clients.node import run
from tests.clients.tls import TlsFront
from tests.cloud.access_portal import workforce
from tests.cloud.access_portal.test_authorization_code import register_for_code, url

NEWCOMER = "newcomer@example.com"
WRONG = "This did not work"
PAGES = """
device code, wrong device code, username, verification code, wrong verification code,
choose password, passwords differ, allow device, approved, denied, consent,
accounts, access keys, console home, sign out of the console, not in the console,
password, wrong password, no accounts,
company sign-in, company apps, choose a role, console home of a company,
identity source, no metadata, not signed in, console session over,
no portal, no page, no client, no SAML response
"""


@pytest.fixture
def settings(live_cloud: lab.Cloud, tls: TlsFront, chromium: str) -> dict[str, Any]:
    """What the script needs, after everything has been built that its pages show."""
    company = workforce.found(live_cloud)
    companies.assign_long_names(company)
    companies.employ_newcomer(company, NEWCOMER)
    program = workforce.register(clientName="Photo backup")
    return {
        "chromium": chromium,
        "tls_port": tls.port,
        "served": live_cloud.serve(),
        "pictures": os.environ.get("LAB_PICTURES"),
        "start": company.start_url,
        "username": "alice@example.com",
        "newcomer": NEWCOMER,
        "password": workforce.PASSWORD,
        "device": "https://device.sso.us-east-1.amazonaws.com/",
        "codes": [program.start(company.start_url)["userCode"] for _ in range(2)],
        "authorize": url(register_for_code(company, clientName="aws-cli")),
        "console": companies.CONSOLE,
        "company": companies.offer_roles("Engineer", "Auditor-of-the-customer-data-warehouse"),
        "provider_password": "Provider-pass1!",
        "administrator": companies.link_into_the_console(),
        "problems": {
            "no portal": ("https://d-0000000000.awsapps.com/start", WRONG),
            "no page": (f"{company.start_url}/nowhere", WRONG),
            "no client": ("https://oidc.us-east-1.amazonaws.com/authorize?client_id=x", WRONG),
            "no SAML response": (f"{companies.SIGN_IN}/saml", "Not signed in"),
        },
    }


def test_the_pages_keep_the_accessibility_guidelines(node: Path, settings: dict[str, Any]) -> None:
    names = [name.strip() for name in PAGES.split(",")]
    assert run(node, "aws_pages.mjs", settings) == {name: {"value": []} for name in names}
