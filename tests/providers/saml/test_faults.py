"""Every way to misbehave, in front of python3-saml in strict mode.

What it refuses, it refuses for the right reason. What it does not check is listed as such: there
the lesson's own service provider has to do better.
"""

from __future__ import annotations

import pytest
from lxml import etree
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml
from signxml import XMLVerifier

from helpers.providers.saml import tamper, uris
from helpers.providers.saml.keys import certificate_text
from helpers.providers.saml.safe_xml import BadXml, parse, qname, text_of
from tests.providers.saml.service_provider import (
    ENTITY_ID,
    Browser,
    Page,
    ServiceProvider,
    own_keys,
    refusal,
)

ONE = "must contain 1 assertion"
REFUSED = {
    "unsigned": "not signed and the SP require it",
    "other_key": "Signature validation failed",
    "hmac_with_certificate": "Signature validation failed",
    "altered": "Signature validation failed",
    "xslt_transform": "Signature validation failed",
    **{f"xsw{n}": ONE for n in range(1, 9)},
    "expired": "expired",
    "not_yet_valid": "not yet valid",
    "subject_confirmation_expired": "valid SubjectConfirmation was not found",
    "wrong_audience": "not a valid audience",
    "wrong_recipient": "valid SubjectConfirmation was not found",
    "wrong_destination": "was received at",
    "wrong_in_response_to": "does not match the ID of the AuthNRequest",
    "wrong_issuer": "Invalid issuer",
    "status_not_success": "was not Success",
    "no_assertion": ONE,
    "two_assertions": ONE,
    "rsa_sha1": "Deprecated signature algorithm",
    "sha1_digest": "Deprecated digest algorithm",
}
# It stops at these with an exception instead of a refusal.
RAISES = {"external_entity", "entity_expansion", "no_name_id", "encrypted_for_stranger"}
# python3-saml does not look for these. It keeps no list of what it has seen, an InResponseTo and
# an Audience may be missing, any transform is run, and no attribute is required.
NOT_CHECKED = {"replayed", "no_in_response_to", "no_audience", "empty_groups", "xpath_transform"}
# Not a fault for those who read the whole name: it does.
HARMLESS = {"comment_in_name_id"}
XSW = [f"xsw{n}" for n in range(1, 9)]


@pytest.fixture(scope="module")
def browser() -> Browser:
    """One directory for all faults: keys take time."""
    return Browser()


def spoiled(browser: Browser, how: str, sign: str = "assertion", **options: str) -> tuple:
    """A service provider that asks for what is signed, and what reaches it with a fault."""
    browser.control("fault", how=None)
    sp = ServiceProvider(browser, sign=sign, **options)
    sp.sign_in()
    assert browser.control("fault", how=how).status_code == 200
    page = sp.sign_in()
    sp.sign = tamper.signature_for(how, sign)
    return sp, page


def test_every_fault_is_in_one_of_the_lists() -> None:
    assert {*REFUSED} | RAISES | NOT_CHECKED | HARMLESS == {*tamper.FAULTS}


@pytest.mark.parametrize("sign", ["assertion", "response", "both"])
@pytest.mark.parametrize("how", REFUSED)
def test_python3_saml_refuses(browser: Browser, how: str, sign: str) -> None:
    sp, page = spoiled(browser, how, sign)
    auth = sp.arrive(page)
    assert not auth.is_authenticated()
    assert REFUSED[how] in refusal(auth)


@pytest.mark.parametrize("how", sorted(RAISES))
def test_python3_saml_cannot_read(browser: Browser, how: str) -> None:
    sp, page = spoiled(browser, how)
    with pytest.raises(Exception, match=r"(?i)DTDForbidden|amplification|NameID|decrypt"):
        sp.arrive(page)


@pytest.mark.parametrize("how", sorted(NOT_CHECKED))
def test_python3_saml_accepts_what_it_does_not_check(browser: Browser, how: str) -> None:
    sp, page = spoiled(browser, how)
    if how == "replayed":
        sp.request_id = ""  # the answer to an earlier request; it would see that
    assert refusal(sp.arrive(page)) == ""


def test_an_unsigned_subject_is_anybody_where_xpath_is_run(browser: Browser) -> None:
    sp, page = spoiled(browser, "xpath_transform")
    assert sp.arrive(page).get_nameid() == "bob@example.com"


def test_a_comment_hides_nothing_from_who_reads_on(browser: Browser) -> None:
    sp, page = spoiled(browser, "comment_in_name_id")
    name = parse(page.document).find(f".//{qname('saml:NameID')}")
    assert name is not None and name.text != "alice@example.com"
    auth = sp.arrive(page)
    assert (refusal(auth), auth.get_nameid()) == ("", "alice@example.com")


def test_a_comment_makes_a_careless_reader_see_the_victim(browser: Browser) -> None:
    browser.control("people", username="carol", claims={"email": "bob@example.com.evil.example"})
    browser.control("fault", how="comment_in_name_id")
    sp = ServiceProvider(browser.again())
    root = parse(sp.sign_in("carol").document)
    browser.control("people", username="carol", claims={"email": "carol@example.com"})
    name = root.find(f".//{qname('saml:NameID')}")
    assert name is not None and name.text == "bob@example.com"
    assert text_of(name) == "bob@example.com.evil.example"


def certificate_of(browser: Browser) -> object:
    metadata = browser.get("/saml/metadata").text
    return tamper.Context.from_metadata(metadata).certificate


@pytest.mark.parametrize("how", XSW)
def test_the_signature_of_a_wrapped_response_is_true_and_the_reader_is_fooled(
    browser: Browser, how: str
) -> None:
    """What makes these attacks: the check succeeds, over another element than is read."""
    _, page = spoiled(browser, how)
    checked = XMLVerifier().verify(
        page.document,
        x509_cert=certificate_of(browser),
        validate_schema=how not in ("xsw1", "xsw6"),  # they put a stranger into ds:Signature
    )
    assert checked.signed_xml is not None
    assert _names(checked.signed_xml) == ["alice@example.com"]
    assert "bob@example.com" in _names(parse(page.document))
    assert "administrators" in _groups(parse(page.document))
    assert "administrators" not in _groups(checked.signed_xml)


@pytest.mark.parametrize("how", ["xsw3", "xsw5", "xsw7", "xsw8"])
def test_a_wrapped_response_can_be_valid_by_the_schema(browser: Browser, how: str) -> None:
    _, page = spoiled(browser, how)
    valid = Xml.validate_xml(page.document, "saml-schema-protocol-2.0.xsd")
    assert not isinstance(valid, str), valid


def _names(root: etree._Element) -> list[str]:
    return [text_of(name) for name in root.iter(qname("saml:NameID"))]


def _groups(root: etree._Element) -> list[str]:
    return [
        text_of(value)
        for attribute in root.iter(qname("saml:Attribute"))
        if attribute.get("Name") == uris.CLAIM_GROUP
        for value in attribute
    ]


@pytest.mark.parametrize("how", sorted(tamper.NOT_XML))
def test_a_document_with_a_dtd_is_not_read_here(browser: Browser, how: str) -> None:
    _, page = spoiled(browser, how)
    assert b"<!ENTITY" in page.document
    with pytest.raises(BadXml):
        parse(page.document)


def test_a_replay_is_the_very_same_response(browser: Browser) -> None:
    browser.control("fault", how=None)
    sp = ServiceProvider(browser)
    first = sp.sign_in()
    browser.control("fault", how="replayed")
    assert sp.sign_in().document == first.document


def test_a_replay_before_anything_was_sent_is_an_honest_response() -> None:
    browser = Browser()
    browser.control("fault", how="replayed")
    sp = ServiceProvider(browser)
    assert refusal(sp.arrive(sp.sign_in())) == ""


@pytest.mark.parametrize("how", sorted({*REFUSED} - {"altered", "xslt_transform", *XSW}))
def test_python3_saml_refuses_when_encrypted(browser: Browser, how: str) -> None:
    certificate = certificate_text(own_keys().certificate)
    sp, page = spoiled(browser, how, "both", encryption_certificate=certificate)
    assert refusal(sp.arrive(page))


def test_encrypted_for_a_stranger_is_truly_encrypted(browser: Browser) -> None:
    _, page = spoiled(browser, "encrypted_for_stranger")
    assert b"alice" not in page.document
    assert b"EncryptedAssertion" in page.document


def test_behaving_again_ends_a_fault(browser: Browser) -> None:
    sp, _ = spoiled(browser, "unsigned")
    browser.control("fault", how=None)
    assert refusal(sp.arrive(sp.sign_in())) == ""


@pytest.mark.parametrize("how", sorted(tamper.ATTACKS))
def test_an_attack_needs_only_what_everybody_has(browser: Browser, how: str) -> None:
    browser.control("fault", how=None)
    sign = tamper.signature_for(how, "assertion")
    page: Page = ServiceProvider(browser, sign=sign).sign_in()
    context = tamper.Context.from_metadata(browser.get("/saml/metadata").text)
    forged = tamper.ATTACKS[how](page.document, context)
    assert (forged == page.document) is (how == "replayed")


@pytest.mark.parametrize("how", sorted(tamper.MISTAKES))
def test_a_mistake_needs_the_directorys_own_key(browser: Browser, how: str) -> None:
    browser.control("fault", how=None)
    page = ServiceProvider(browser, sign="both").sign_in()
    context = tamper.Context.from_metadata(browser.get("/saml/metadata").text)
    with pytest.raises(tamper.NotApplicable):
        tamper.MISTAKES[how](page.document, context)


def test_an_attack_that_does_not_fit_says_so(browser: Browser) -> None:
    browser.control("fault", how=None)
    page = ServiceProvider(browser, sign="assertion").sign_in()
    context = tamper.Context.from_metadata(browser.get("/saml/metadata").text)
    with pytest.raises(tamper.NotApplicable, match="Response is not signed"):
        tamper.ATTACKS["xsw1"](page.document, context)


def test_every_fault_has_a_sentence() -> None:
    assert all(len(sentence) > 15 for sentence in tamper.sentences().values())
    assert ENTITY_ID not in str(tamper.sentences())
