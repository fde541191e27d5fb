"""/saml/slo: single logout."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils

from helpers.providers.saml import uris
from helpers.providers.saml.bindings import redirect_url
from helpers.providers.saml.keys import certificate_text
from helpers.providers.saml.safe_xml import element, instant, parse, qname, serialize
from helpers.providers.saml.signing import signed
from tests.providers.saml.service_provider import (
    ENTITY_ID,
    LOGOUT_URL,
    Browser,
    Page,
    ServiceProvider,
    foreign_keys,
    own_keys,
)


def registered(browser: Browser, **options: str) -> ServiceProvider:
    certificate = certificate_text(own_keys().certificate)
    given = {"slo_url": LOGOUT_URL, "signing_certificate": certificate}
    return ServiceProvider(browser, **(given | options))


def request(name_id: str = "alice@example.com", **attributes: str | None) -> Any:
    given: dict[str, str | None] = {"ID": "_logout1", "Version": "2.0"}
    given |= {"IssueInstant": instant(datetime.now(UTC)), "Destination": uris.SLO_URL}
    root = element(None, "samlp:LogoutRequest", **(given | attributes))
    element(root, "saml:Issuer", ENTITY_ID)
    element(root, "saml:NameID", name_id, Format=uris.EMAIL)
    return root


def address(root: Any, pair: Any = None) -> str:
    return redirect_url(uris.SLO_URL, "SAMLRequest", serialize(root), "bye", pair or own_keys())


def codes(page: Page) -> list[str]:
    return [code.get("Value", "") for code in parse(page.document).iter(qname("samlp:StatusCode"))]


def is_signed_by(page: Page, certificate: str) -> bool:
    pem = Utils.format_cert(certificate)
    where = "/samlp:LogoutResponse/ds:Signature"
    return bool(Utils.validate_sign(page.document, pem, xpath=where))


def is_signed_in(browser: Browser) -> bool:
    return "Signed in as" in browser.get("/portal").text


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (lambda: address(request(), foreign_keys()), "signature"),
        (lambda: address(request()).partition("&SigAlg")[0], "rsa-sha256"),
        (lambda: address(request(Destination=uris.SSO_URL)), "Destination"),
        (lambda: address(request(Destination=None)), "Destination"),
        (lambda: address(request(NotOnOrAfter="2020-01-01T00:00:00Z")), "expired"),
        (lambda: address(request(NotOnOrAfter="soon")), "NotOnOrAfter"),
        (lambda: address(request(IssueInstant="2020-01-01T00:00:00Z")), "IssueInstant"),
    ],
)
def test_a_logout_that_cannot_be_trusted_ends_nothing(
    browser: Browser, url: Any, words: str
) -> None:
    registered(browser).sign_in()
    page = browser.get(url())
    assert (page.status, words in page.text) == (400, True)
    assert is_signed_in(browser)


def test_an_app_without_an_address_for_logout_gets_no_answer(browser: Browser) -> None:
    registered(browser, slo_url="").sign_in()
    assert browser.get(address(request())).status == 400
    assert is_signed_in(browser)


def test_python3_saml_signs_out_by_redirect(browser: Browser) -> None:
    sp = registered(browser, slo_binding="redirect")
    auth = sp.arrive(sp.sign_in())
    url = sp.logout_url(auth.get_nameid(), auth.get_session_index())
    answer = browser.get(url).answer
    assert answer.status_code == 302
    parts = urlsplit(answer.headers["Location"])
    assert f"https://{parts.netloc}{parts.path}" == LOGOUT_URL
    back = sp.auth(query=parts.query, path="/saml2/logout")
    back.process_slo(keep_local_session=True, request_id=sp.request_id)
    assert back.get_errors() == [], back.get_last_error_reason()
    assert not is_signed_in(browser)


def test_the_answer_by_post_is_signed_inside(browser: Browser) -> None:
    sp = registered(browser)
    sp.sign_in()
    page = browser.get(address(request()))
    assert page.action == LOGOUT_URL
    assert page.fields["RelayState"] == "bye"
    root = parse(page.document)
    assert root.tag == qname("samlp:LogoutResponse")
    assert (root.get("InResponseTo"), root.get("Destination")) == ("_logout1", LOGOUT_URL)
    assert is_signed_by(page, sp.settings()["idp"]["x509cert"])
    assert not is_signed_by(page, certificate_text(own_keys().certificate))
    assert codes(page) == [uris.SUCCESS]
    assert not is_signed_in(browser)


def test_a_logout_by_post_is_signed_inside(browser: Browser) -> None:
    def post(root: Any) -> Page:
        message = base64.b64encode(serialize(root)).decode()
        return browser.post("/saml/slo", {"SAMLRequest": message})

    registered(browser).sign_in()
    assert post(request()).status == 400
    assert post(signed(request(), foreign_keys())).status == 400
    assert is_signed_in(browser)
    assert codes(post(signed(request(), own_keys()))) == [uris.SUCCESS]
    assert not is_signed_in(browser)


def test_another_name_or_another_session_ends_nothing(browser: Browser) -> None:
    registered(browser).sign_in("alice")
    assert codes(browser.get(address(request("nobody@example.com")))) == [
        uris.REQUESTER,
        uris.UNKNOWN_PRINCIPAL,
    ]
    other = browser.again()
    assert codes(other.get(address(request("bob@example.com")))) == [uris.SUCCESS]
    root = request()
    element(root, "samlp:SessionIndex", "_another")
    other.get(address(root))
    assert is_signed_in(browser)


def test_an_app_that_takes_no_part_cannot_end_a_session(browser: Browser) -> None:
    registered(browser)
    ServiceProvider(browser, entity_id="urn:other")
    page = browser.get("/portal")
    browser.log_in(page)
    portal = browser.get("/portal")
    browser.post("/portal/start", portal.fields | {"app": "urn:other"})
    browser.again().get(address(request()))
    assert is_signed_in(browser)


def test_other_apps_are_not_told_and_the_answer_says_so(browser: Browser) -> None:
    registered(browser).sign_in()
    ServiceProvider(browser, entity_id="urn:other", name_id_format="emailAddress")
    portal = browser.get("/portal")
    browser.post("/portal/start", portal.fields | {"app": "urn:other"})
    assert codes(browser.get(address(request()))) == [uris.SUCCESS, uris.PARTIAL_LOGOUT]
    assert not is_signed_in(browser)
