"""Whatever is sent, the answer is a page in plain words."""

from __future__ import annotations

import base64
import zlib
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.providers.saml.service_provider import Browser, ServiceProvider


def packed(document: bytes) -> str:
    return quote(base64.b64encode(zlib.compress(document)[2:-4]).decode(), safe="")


BOMB = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
ODD = {
    "no query": "/saml/sso",
    "empty": "/saml/sso?SAMLRequest=",
    "not base64": "/saml/sso?SAMLRequest=%00%ff",
    "not deflated": f"/saml/sso?SAMLRequest={quote(base64.b64encode(b'<a/>').decode())}",
    "not XML": f"/saml/sso?SAMLRequest={packed(b'hello')}",
    "cut off": f"/saml/sso?SAMLRequest={packed(b'<a/>' * 100)[:12]}",
    "a DTD": f"/saml/sso?SAMLRequest={packed(BOMB)}",
    "too long": f"/saml/sso?SAMLRequest={packed(b'<a>' + b' ' * 5_000_000 + b'</a>')}",
    "deep": f"/saml/sso?SAMLRequest={packed(b'<a>' * 20_000)}",
    "another encoding": f"/saml/sso?SAMLEncoding=x&SAMLRequest={packed(b'<a/>')}",
    "an instruction": f"/saml/slo?SAMLRequest={packed(b'<?go on?><a/>')}",
    "a response": f"/saml/slo?SAMLResponse={packed(b'<a/>')}",
    "nobody's page": "/saml/../etc/passwd",
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_address_is_refused_in_plain_words(browser: Browser, name: str) -> None:
    page = browser.get(ODD[name])
    assert page.status in (400, 404)
    assert 'role="alert"' in page.text
    assert "Traceback" not in page.text
    assert "root:" not in page.text


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=300), path=st.sampled_from(["/saml/sso", "/saml/slo"]))
def test_no_bytes_make_it_stumble(browser: Browser, data: bytes, path: str) -> None:
    for document in (data, b"<a>" + data + b"</a>"):
        message = base64.b64encode(document).decode()
        assert browser.post(path, {"SAMLRequest": message}).status == 400
        assert browser.get(f"{path}?SAMLRequest={packed(document)}").status == 400


@pytest.mark.parametrize("path", ["/saml/login", "/portal/start", "/portal/sign-out", "/saml/sso"])
def test_an_empty_or_strange_form_is_refused(browser: Browser, path: str) -> None:
    for data in ({}, {"flow_token": "\x00", "token": "é", "SAMLRequest": "é", "app": "\x00"}):
        assert browser.post(path, data).status == 400


@pytest.mark.parametrize("body", ["", "[]", "null", "7", "{", '"x"', "[" * 5000])
@pytest.mark.parametrize("name", ["apps", "people", "fault"])
def test_an_odd_body_is_refused(browser: Browser, name: str, body: str) -> None:
    answer = browser.client.post(f"/_lab/{name}", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert "JSON object" in answer.json["message"]


def test_a_body_of_megabytes_is_refused(browser: Browser) -> None:
    assert browser.post("/saml/sso", {"SAMLRequest": "A" * 3_000_000}).status == 413


def test_a_wrong_method_is_refused(browser: Browser) -> None:
    assert browser.get("/saml/login").status == 405
    assert browser.client.delete("/saml/metadata").status_code == 405


def test_cookies_of_somebody_elses_making_are_worth_nothing(browser: Browser) -> None:
    sp = ServiceProvider(browser)
    browser.client.set_cookie("directory_session", "é;'<>", domain="idp.example.com")
    assert 'name="password"' in browser.get(sp.departure()).text


@pytest.mark.parametrize("path", ["/saml/sso", "/portal", "/saml/metadata", "/nowhere"])
def test_every_answer_forbids_foreign_scripts_and_frames(browser: Browser, path: str) -> None:
    headers = browser.get(path).answer.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "form-action" not in policy
    assert "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers
