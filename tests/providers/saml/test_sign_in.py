"""/saml/sso and the login page: what is refused, and what is answered."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
import time_machine
from lxml import html

from helpers.providers.saml import uris
from helpers.providers.saml.bindings import redirect_url
from helpers.providers.saml.keys import KeyPair, certificate_text
from helpers.providers.saml.safe_xml import element, instant, parse, qname, serialize
from helpers.providers.saml.signing import signed
from tests.providers.saml.service_provider import (
    ACS_URL,
    ENTITY_ID,
    PASSWORD,
    Browser,
    Page,
    ServiceProvider,
    foreign_keys,
    own_keys,
    refusal,
)


def request(issuer: str = ENTITY_ID, **attributes: str | None) -> Any:
    """An AuthnRequest; None leaves an attribute out."""
    given: dict[str, str | None] = {"ID": "_request1", "Version": "2.0"}
    given |= {"IssueInstant": instant(datetime.now(UTC)), "Destination": uris.SSO_URL}
    root = element(None, "samlp:AuthnRequest", **(given | attributes))
    element(root, "saml:Issuer", issuer)
    return root


def address(root: Any, **more: str) -> str:
    packed = zlib.compress(serialize(root))[2:-4]
    return f"/saml/sso?{urlencode({'SAMLRequest': base64.b64encode(packed).decode()} | more)}"


def status_codes(page: Page) -> list[str]:
    return [code.get("Value", "") for code in parse(page.document).iter(qname("samlp:StatusCode"))]


def is_login_page(page: Page) -> bool:
    return page.status == 200 and 'name="password"' in page.text


def is_refused(page: Page, words: str) -> bool:
    """A page of the directory itself: an untrusted sender gets nothing back."""
    return page.status == 400 and words in page.text and "<form" not in page.text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (partial(request, issuer="urn:stranger"), "not registered"),
        (partial(request, Version="1.1"), "Version"),
        (partial(request, ID="9 lives"), "ID is missing"),
        (partial(request, ID=None), "ID is missing"),
        (partial(request, Destination="https://evil.example.net/"), "Destination"),
        (
            partial(request, AssertionConsumerServiceURL="https://evil.example.net/"),
            "AssertionConsumer",
        ),
        (partial(request, AssertionConsumerServiceURL=f"{ACS_URL}/../evil"), "AssertionConsumer"),
        (partial(request, IssueInstant=None), "IssueInstant"),
        (partial(request, IssueInstant="yesterday"), "IssueInstant"),
        (partial(request, IssueInstant="2020-01-01T00:00:00Z"), "IssueInstant"),
        (partial(request, IssueInstant="9999-12-31T23:59:59Z"), "IssueInstant"),
        (partial(request, ForceAuthn="perhaps"), "ForceAuthn"),
        (partial(element, None, "samlp:LogoutRequest"), "not registered"),
    ],
)
def test_a_request_that_cannot_be_trusted_ends_here(
    browser: Browser, asked: Callable[[], Any], words: str
) -> None:
    ServiceProvider(browser)
    assert is_refused(browser.get(address(asked())), words)


def test_a_message_of_another_kind_is_no_sign_in(browser: Browser) -> None:
    ServiceProvider(browser)
    root = element(None, "samlp:LogoutRequest", ID="_a")
    element(root, "saml:Issuer", ENTITY_ID)
    assert is_refused(browser.get(address(root)), "not a AuthnRequest")


def test_a_request_leads_to_the_login_page_and_then_back(browser: Browser) -> None:
    sp = ServiceProvider(browser)
    page = browser.get(sp.departure("a&b=<c>"))
    assert is_login_page(page)
    back = browser.log_in(page)
    assert back.action == ACS_URL
    assert back.fields["RelayState"] == "a&b=<c>"
    assert refusal(sp.arrive(back)) == ""


def test_a_request_by_post_is_answered_too(browser: Browser) -> None:
    ServiceProvider(browser)
    message = base64.b64encode(serialize(request())).decode()
    page = browser.post("/saml/sso", {"SAMLRequest": message, "RelayState": "here"})
    assert browser.log_in(page).fields["RelayState"] == "here"


def test_without_a_relay_state_none_is_sent(browser: Browser) -> None:
    ServiceProvider(browser)
    assert set(browser.log_in(browser.get(address(request()))).fields) == {"SAMLResponse"}


# --- signed requests ---------------------------------------------------------------------------


@pytest.fixture
def careful(browser: Browser) -> ServiceProvider:
    """A service provider that has registered its certificate."""
    return ServiceProvider(browser, signing_certificate=certificate_text(own_keys().certificate))


def signed_address(pair: KeyPair, root: Any, relay_state: str | None = "here") -> str:
    return redirect_url(uris.SSO_URL, "SAMLRequest", serialize(root), relay_state, pair)


def test_a_signed_request_is_answered(careful: ServiceProvider) -> None:
    auth = careful.arrive(careful.sign_in())
    assert refusal(auth) == ""


def test_an_unsigned_request_is_refused(browser: Browser, careful: ServiceProvider) -> None:
    assert is_refused(browser.get(address(request())), "signed with rsa-sha256")


def test_a_request_signed_by_another_key_is_refused(
    browser: Browser, careful: ServiceProvider
) -> None:
    url = signed_address(foreign_keys(), request())
    assert is_refused(browser.get(url), "signature is missing or not true")


@pytest.mark.parametrize("name", ["SAMLRequest", "RelayState", "Signature"])
def test_a_changed_part_breaks_the_signature(
    browser: Browser, careful: ServiceProvider, name: str
) -> None:
    url = signed_address(own_keys(), request())
    other = signed_address(own_keys(), request(ID="_request2"), "there")
    values = {n: v[0] for n, v in parse_qs(urlsplit(url).query).items()}
    values[name] = parse_qs(urlsplit(other).query)[name][0]
    query = "&".join(f"{n}={quote(v, safe='')}" for n, v in values.items())
    assert is_refused(browser.get(f"/saml/sso?{query}"), "signature is missing or not true")


def test_a_relay_state_that_is_taken_away_breaks_the_signature(
    browser: Browser, careful: ServiceProvider
) -> None:
    url = re.sub("&RelayState=[^&]*", "", signed_address(own_keys(), request()))
    assert is_refused(browser.get(url), "signature is missing or not true")


@pytest.mark.parametrize("name", ["SAMLRequest", "RelayState", "SigAlg", "Signature"])
def test_a_part_that_comes_twice_is_refused(
    browser: Browser, careful: ServiceProvider, name: str
) -> None:
    url = signed_address(own_keys(), request())
    assert is_refused(browser.get(f"{url}&{name}=x"), "more than once")


def test_a_weaker_algorithm_is_refused(browser: Browser, careful: ServiceProvider) -> None:
    url = signed_address(own_keys(), request())
    weak = url.replace(quote(uris.RSA_SHA256, safe=""), quote(f"{uris.DS}rsa-sha1", safe=""))
    assert is_refused(browser.get(weak), "rsa-sha256")


def test_a_signed_request_must_say_where_it_goes(
    browser: Browser, careful: ServiceProvider
) -> None:
    url = signed_address(own_keys(), request(Destination=None))
    assert is_refused(browser.get(url), "Destination")


def test_a_post_is_signed_inside(browser: Browser, careful: ServiceProvider) -> None:
    def post(root: Any) -> Page:
        message = base64.b64encode(serialize(root)).decode()
        return browser.post("/saml/sso", {"SAMLRequest": message})

    assert is_login_page(post(signed(request(), own_keys())))
    assert is_refused(post(request()), "signature")
    assert is_refused(post(signed(request(), foreign_keys())), "signature")
    changed = signed(request(), own_keys())
    changed.set("ForceAuthn", "true")
    assert is_refused(post(changed), "signature")


def test_a_post_signed_in_another_part_only_is_refused(
    browser: Browser, careful: ServiceProvider
) -> None:
    outer = request(ID="_evil")
    outer.append(signed(request(), own_keys()))
    message = base64.b64encode(serialize(outer)).decode()
    assert is_refused(browser.post("/saml/sso", {"SAMLRequest": message}), "signature")


# --- the login page ----------------------------------------------------------------------------


def test_a_wrong_password_says_so_in_a_way_that_everybody_can_perceive(browser: Browser) -> None:
    page = browser.get(ServiceProvider(browser).departure())
    wrong = browser.log_in(page, "alice", "guess")
    assert wrong.status == 403
    tree = html.fromstring(wrong.text)
    (alert,) = tree.xpath("//*[@role='alert']")
    assert "Incorrect username or password." in alert.text_content()
    for name in ("username", "password"):
        (field,) = tree.xpath(f"//input[@name='{name}']")
        assert field.get("aria-describedby") == alert.get("id")
        assert tree.xpath(f"//label[@for='{field.get('id')}']")
    assert tree.get("lang") == "en"
    assert tree.findtext(".//title", "").startswith("Error")
    assert "guess" not in wrong.text
    assert browser.log_in(wrong).action == ACS_URL


@pytest.mark.parametrize("username", ["nobody", "", "ALICE\x00", "'><script>alert(1)</script>"])
def test_an_unknown_name_reads_like_a_wrong_password(browser: Browser, username: str) -> None:
    page = browser.get(ServiceProvider(browser).departure())
    wrong = browser.log_in(page, username)
    assert wrong.status == 403
    assert "Incorrect username or password." in wrong.text
    assert "<script>" not in wrong.text


def test_an_e_mail_address_is_a_user_name_too(browser: Browser) -> None:
    page = browser.get(ServiceProvider(browser).departure())
    assert browser.log_in(page, "Alice@Example.com").action == ACS_URL


def test_a_form_of_another_browser_is_refused(browser: Browser) -> None:
    page = browser.get(ServiceProvider(browser).departure())
    other = browser.again()
    other.get("/portal")
    assert is_refused(other.log_in(page), "began elsewhere")


def test_a_form_without_the_cookie_or_without_its_token_is_refused(browser: Browser) -> None:
    page = browser.get(ServiceProvider(browser).departure())
    assert is_refused(browser.again().log_in(page), "began elsewhere")
    data = {"username": "alice", "password": PASSWORD}
    assert is_refused(browser.post("/saml/login", data), "began elsewhere")


def test_a_form_serves_once_and_ten_minutes(browser: Browser) -> None:
    sp = ServiceProvider(browser)
    page = browser.get(sp.departure())
    browser.log_in(page)
    assert is_refused(browser.log_in(page), "too old")
    later = browser.again()
    page = later.get(sp.departure())
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        assert is_refused(later.log_in(page), "too old")


def test_the_session_gets_a_new_id_that_scripts_cannot_read(browser: Browser) -> None:
    page = browser.get(ServiceProvider(browser).departure())
    first = browser.log_in(page).answer.headers["Set-Cookie"]
    assert all(word in first for word in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/"))
    again = browser.get(address(request(ForceAuthn="true")))
    second = browser.log_in(again).answer.headers["Set-Cookie"]
    assert first != second


def test_who_is_signed_in_is_not_asked_again(browser: Browser) -> None:
    sp = ServiceProvider(browser)
    sp.sign_in()
    page = browser.get(sp.departure())
    assert refusal(sp.arrive(page)) == ""


def test_a_session_ends_after_a_working_day(browser: Browser) -> None:
    sp = ServiceProvider(browser)
    sp.sign_in()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=8, minutes=1)):
        assert is_login_page(browser.get(sp.departure()))


def test_force_authn_asks_for_the_password_again(browser: Browser) -> None:
    sp = ServiceProvider(browser)
    sp.sign_in("alice")
    page = browser.get(sp.departure(force_authn=True))
    assert is_login_page(page)
    assert sp.arrive(browser.log_in(page, "bob")).get_nameid() == "bob@example.com"


def test_cancel_tells_the_app(browser: Browser) -> None:
    sp = ServiceProvider(browser, sign="both")
    page = browser.get(sp.departure("here"))
    assert 'name="cancel"' in page.text
    back = browser.post(page.action, page.fields | {"cancel": "true"})
    assert status_codes(back) == [uris.RESPONDER, uris.AUTHN_FAILED]
    assert back.fields["RelayState"] == "here"
    assert "Responder" in refusal(sp.arrive(back))


def test_a_hint_fills_in_the_name(browser: Browser) -> None:
    sp = ServiceProvider(browser)
    page = browser.get(f"{sp.departure()}&login_hint=bob%40example.com")
    assert page.fields["username"] == "bob@example.com"


# --- wishes ------------------------------------------------------------------------------------


def test_a_passive_request_shows_no_page(browser: Browser) -> None:
    sp = ServiceProvider(browser)
    page = browser.get(sp.departure(is_passive=True))
    assert status_codes(page) == [uris.RESPONDER, uris.NO_PASSIVE]
    sp.sign_in()
    assert refusal(sp.arrive(browser.get(sp.departure(is_passive=True)))) == ""


def _with(name: str, text: str | None = None, **attributes: str) -> Any:
    root = request()
    parent = root
    for part in name.split("/"):
        parent = element(parent, part)
    parent.text = text
    for key, value in attributes.items():
        parent.set(key, value)
    return root


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (
            partial(request, ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"),
            [uris.RESPONDER, uris.UNSUPPORTED_BINDING],
        ),
        (
            partial(_with, "samlp:NameIDPolicy", Format="urn:example:kerberos"),
            [uris.REQUESTER, uris.INVALID_NAME_ID_POLICY],
        ),
        (
            partial(
                _with,
                "samlp:RequestedAuthnContext/saml:AuthnContextClassRef",
                "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken",
            ),
            [uris.RESPONDER, uris.NO_AUTHN_CONTEXT],
        ),
    ],
)
def test_what_the_directory_does_not_do_is_told_to_the_app(
    browser: Browser, asked: Callable[[], Any], codes: list[str]
) -> None:
    ServiceProvider(browser)
    page = browser.get(address(asked()))
    assert status_codes(page) == codes
    assert parse(page.document).find(qname("ds:Signature")) is not None


def test_a_wanted_name_id_format_is_used(browser: Browser) -> None:
    ServiceProvider(browser, name_id_format="persistent")
    page = browser.log_in(browser.get(address(_with("samlp:NameIDPolicy", Format=uris.EMAIL))))
    assert parse(page.document).findtext(f".//{qname('saml:NameID')}") == "alice@example.com"


def test_a_named_subject_must_be_the_one_who_signs_in(browser: Browser) -> None:
    sp = ServiceProvider(browser)
    sp.sign_in("alice")
    page = browser.get(address(_with("saml:Subject/saml:NameID", "bob@example.com")))
    assert page.fields["username"] == "bob@example.com"
    back = browser.log_in(page, "alice")
    assert status_codes(back) == [uris.RESPONDER, uris.UNKNOWN_PRINCIPAL]
