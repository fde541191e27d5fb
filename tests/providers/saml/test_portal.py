"""/portal: a sign-in that begins at the directory's side."""

from __future__ import annotations

from helpers.providers.saml.safe_xml import parse, qname
from tests.providers.saml.service_provider import (
    ACS_URL,
    ENTITY_ID,
    Browser,
    Page,
    ServiceProvider,
    refusal,
)


def opened(browser: Browser) -> Page:
    """The portal, after signing in as alice."""
    answer = browser.log_in(browser.get("/portal")).answer
    assert (answer.status_code, answer.headers["Location"]) == (303, "../portal")
    return browser.get("/portal")


def test_who_is_not_signed_in_is_asked_first(browser: Browser) -> None:
    ServiceProvider(browser, name="Photos")
    page = browser.get("/portal")
    assert 'name="password"' in page.text
    assert "Photos" not in page.text
    assert 'name="cancel"' not in page.text


def test_an_app_is_started_with_an_unsolicited_response(browser: Browser) -> None:
    state = "identity_provider=Company&client_id=1&redirect_uri=https://a.example&scope=openid"
    sp = ServiceProvider(browser, name="Photos", relay_state=state)
    page = opened(browser)
    assert "Alice Anders" in page.text
    assert "Open Photos" in page.text
    answer = browser.post("/portal/start", page.fields | {"app": ENTITY_ID})
    assert answer.action == ACS_URL
    assert answer.fields["RelayState"] == state
    root = parse(answer.document)
    data = next(root.iter(qname("saml:SubjectConfirmationData")))
    assert root.get("InResponseTo") is data.get("InResponseTo") is None
    auth = sp.arrive(answer)
    assert (refusal(auth), auth.get_nameid()) == ("", "alice@example.com")


def test_a_page_of_another_site_can_start_nothing(browser: Browser) -> None:
    ServiceProvider(browser)
    page = opened(browser)
    for token in ({}, {"token": ""}, {"token": "guess"}, {"token": "é"}):
        assert browser.post("/portal/start", {"app": ENTITY_ID} | token).status == 400
        assert browser.post("/portal/sign-out", token).status == 400
    assert browser.again().post("/portal/start", page.fields | {"app": ENTITY_ID}).status == 400
    assert "Signed in as" in browser.get("/portal").text


def test_an_unknown_app_is_not_started(browser: Browser) -> None:
    page = opened(browser)
    assert "No app is registered yet." in page.text
    assert browser.post("/portal/start", page.fields | {"app": "urn:nobody"}).status == 404


def test_signing_out_ends_the_session(browser: Browser) -> None:
    page = opened(browser)
    assert browser.post("/portal/sign-out", page.fields).status == 303
    assert 'name="password"' in browser.get("/portal").text
