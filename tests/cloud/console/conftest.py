"""A browser at the doors of the console, and an account that trusts a company directory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from lxml import html

from tests.cloud.aws_saml.conftest import directory, pair, stranger
from tests.cloud.aws_saml.directory import posted
from tests.providers.browser import Browser

__all__ = ["Door", "browser", "directory", "door", "pair", "stranger"]

SIGN_IN = "https://signin.aws.amazon.com"
HOME = "https://console.aws.amazon.com/console/home"

Door = Callable[..., requests.Response]


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def door(browser: Browser) -> Door:
    """Post a SAML response to the sign-in page, as a company's page does."""

    def post(document: bytes | str, address: str = f"{SIGN_IN}/saml", **more: Any) -> Any:
        message = document if isinstance(document, str) else posted(document)
        data = {"SAMLResponse": message, **more}
        return browser.session.post(address, data=data, allow_redirects=False)

    return post


def come_in(browser: Browser, answer: requests.Response) -> requests.Response:
    """Follow the sign-in's redirects into the console."""
    while answer.status_code == 302:
        answer = browser.get(answer.headers["Location"])
    return answer


def shown(page: requests.Response, name: str) -> str:
    """A fact on the console's page."""
    found = html.fromstring(page.text).xpath(f"//dd[@id='{name}']/text()")
    return str(found[0]) if found else ""


def problem(page: requests.Response) -> str:
    """Why a page lets nobody in."""
    return str(html.fromstring(page.text).xpath("string(//p[@role='alert'])"))
