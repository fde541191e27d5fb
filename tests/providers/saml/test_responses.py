"""python3-saml in strict mode accepts what the directory says, and reads it right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpers.providers.saml import uris
from helpers.providers.saml.keys import certificate_text
from helpers.providers.saml.safe_xml import parse, qname, read_instant
from tests.providers.saml.service_provider import (
    ENTITY_ID,
    Browser,
    ServiceProvider,
    own_keys,
    refusal,
)

ENCRYPTION = ("aes128-gcm", "aes256-gcm", "aes128-cbc", "aes256-cbc")


@pytest.mark.parametrize("sign", ["assertion", "response", "both"])
def test_a_sign_in_is_accepted(browser: Browser, sign: str) -> None:
    sp = ServiceProvider(browser, sign=sign)
    auth = sp.arrive(sp.sign_in("alice"))
    assert refusal(auth) == ""
    assert auth.get_nameid() == "alice@example.com"
    assert auth.get_nameid_format() == uris.EMAIL
    said = auth.get_attributes()
    assert said[uris.CLAIM_GROUP] == ["engineering", "managers"]
    assert said[uris.CLAIM_EMAIL] == ["alice@example.com"]
    assert (said[uris.CLAIM_GIVEN_NAME], said[uris.CLAIM_SURNAME]) == (["Alice"], ["Anders"])
    assert said[uris.CLAIM_NAME] == ["Alice Anders"]


@pytest.mark.parametrize("sign", ["assertion", "response", "both"])
@pytest.mark.parametrize("algorithm", ENCRYPTION)
def test_an_encrypted_sign_in_is_accepted(browser: Browser, sign: str, algorithm: str) -> None:
    certificate = certificate_text(own_keys().certificate)
    options = {"encryption_certificate": certificate, "encryption_algorithm": algorithm}
    sp = ServiceProvider(browser, sign=sign, **options)
    page = sp.sign_in("alice")
    assert b"alice" not in page.document
    assert b"<saml:Assertion" not in page.document
    auth = sp.arrive(page)
    assert refusal(auth) == ""
    assert auth.get_nameid() == "alice@example.com"


def test_only_the_assertion_is_signed_unless_told_otherwise(browser: Browser) -> None:
    root = parse(ServiceProvider(browser).sign_in().document)
    parents = [s.getparent().tag for s in root.iter(qname("ds:Signature"))]
    assert parents == [qname("saml:Assertion")]


def test_the_persistent_name_is_opaque_and_stable_and_of_one_app_only() -> None:
    def name(entity_id: str, username: str) -> str:
        browser = Browser()
        sp = ServiceProvider(browser, entity_id=entity_id, name_id_format="persistent")
        page = sp.browser.get("/portal")
        sp.browser.log_in(page, username)
        start = sp.browser.get("/portal")
        answer = sp.browser.post("/portal/start", start.fields | {"app": entity_id})
        return parse(answer.document).findtext(f".//{qname('saml:NameID')}") or ""

    names = {name(ENTITY_ID, "alice"), name(ENTITY_ID, "bob"), name("urn:other", "alice")}
    assert len(names) == 3
    assert name(ENTITY_ID, "alice") in names
    assert not any(word in one for one in names for word in ("alice", "bob", "example"))


@pytest.mark.parametrize(
    ("wanted", "value"),
    [("unspecified", "alice"), ("emailAddress", "alice@example.com"), ("persistent", None)],
)
def test_the_registered_name_id_format_is_used(
    browser: Browser, wanted: str, value: str | None
) -> None:
    sp = ServiceProvider(browser, name_id_format=wanted)
    auth = sp.arrive(sp.sign_in())
    assert refusal(auth) == ""
    assert auth.get_nameid_format() == uris.NAME_ID_FORMATS[wanted]
    assert value is None or auth.get_nameid() == value


def test_a_transient_name_is_another_one_each_time(browser: Browser) -> None:
    sp = ServiceProvider(browser, name_id_format="transient")
    names = {sp.arrive(sp.sign_in()).get_nameid() for _ in range(2)}
    assert len(names) == 2


def test_the_assertion_says_for_whom_for_what_and_for_how_long(browser: Browser) -> None:
    sp = ServiceProvider(browser, one_time_use=True)
    root = parse(sp.sign_in().document)
    data = next(root.iter(qname("saml:SubjectConfirmationData")))
    assert data.get("InResponseTo") == root.get("InResponseTo") == sp.request_id
    assert data.get("Recipient") == root.get("Destination")
    issued = read_instant(root.get("IssueInstant", ""))
    conditions = next(root.iter(qname("saml:Conditions")))
    for until in (data.get("NotOnOrAfter", ""), conditions.get("NotOnOrAfter", "")):
        assert read_instant(until) - issued == timedelta(minutes=5)
    assert [a.text for a in root.iter(qname("saml:Audience"))] == [ENTITY_ID]
    assert conditions.find(qname("saml:OneTimeUse")) is not None
    assert next(root.iter(qname("saml:AuthnStatement"))).get("SessionIndex", "").startswith("_")


def test_ids_are_never_used_twice(browser: Browser) -> None:
    sp = ServiceProvider(browser)
    roots = [parse(sp.sign_in().document) for _ in range(2)]
    ids = [node.get("ID") for root in roots for node in root.iter() if node.get("ID")]
    assert len(ids) == len(set(ids)) == 4


def test_changed_groups_are_in_the_next_assertion(browser: Browser) -> None:
    sp = ServiceProvider(browser)
    browser.control("people", username="bob", claims={"groups": ["finance"]})
    assert sp.arrive(sp.sign_in("bob")).get_attributes()[uris.CLAIM_GROUP] == ["finance"]
