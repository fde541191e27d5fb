"""What a user pool accepts from a SAML provider, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree
from signxml import DigestAlgorithm, SignatureMethod
from signxml.algorithms import CanonicalizationMethod

from helpers.cloud.federation import saml
from helpers.cloud.federation.profile import FederationError
from tests.cloud.federation.saml.company import (
    ACS,
    AUDIENCE,
    DS,
    ENTITY,
    NOW,
    SAML,
    SAMLP,
    Company,
    Said,
    assertion,
    certificate,
    posted,
    response,
    without_place,
)

UNREADABLE = "Invalid samlResponse or relayState from identity provider"
SIGNATURE = "Invalid SAML response received: SAML Assertion signature is invalid."
WELL = Said()
Refusal = Callable[..., str]


# --- signatures --------------------------------------------------------------------------------


def test_an_unsigned_response_is_refused(company: Company, refusal: Refusal) -> None:
    assert refusal(company.answer(WELL, "neither")) == SIGNATURE


@pytest.mark.parametrize("which", ["assertion", "response", "both"])
def test_a_signature_by_another_key_is_refused_even_with_its_certificate_in_key_info(
    which: str, stranger: Company, refusal: Refusal
) -> None:
    assert refusal(stranger.answer(WELL, which)) == SIGNATURE


def test_the_company_s_signature_cannot_stand_in_for_the_assertion_s_false_one(
    company: Company, stranger: Company, refusal: Refusal
) -> None:
    inner = stranger.sign(assertion(WELL))
    assert refusal(company.sign(response(WELL, inner))) == SIGNATURE


@pytest.mark.parametrize("which", ["assertion", "response", "both"])
def test_a_changed_name_is_refused(which: str, company: Company, refusal: Refusal) -> None:
    document = etree.tostring(company.answer(WELL, which))
    assert refusal(document.replace(b">alice<", b">admin<")) == SIGNATURE


@pytest.mark.parametrize(
    ("method", "digest"),
    [
        (SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA256),
        (SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA1),
        (SignatureMethod.SHA256_RSA_MGF1, DigestAlgorithm.SHA256),
        (SignatureMethod.RSA_SHA224, DigestAlgorithm.SHA256),
    ],
)
def test_other_algorithms_are_refused(
    method: SignatureMethod, digest: DigestAlgorithm, company: Company, refusal: Refusal
) -> None:
    inner = company.sign(assertion(WELL), method=method, digest=digest)
    assert refusal(without_place(response(WELL, inner))) == SIGNATURE


@pytest.mark.parametrize(
    "c14n",
    [
        CanonicalizationMethod.CANONICAL_XML_1_0,
        CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0_WITH_COMMENTS,
    ],
)
def test_other_canonicalizations_are_refused(
    c14n: CanonicalizationMethod, company: Company, refusal: Refusal
) -> None:
    inner = company.sign(assertion(WELL), c14n=c14n)
    assert refusal(without_place(response(WELL, inner))) == SIGNATURE


def test_an_expired_certificate_signs_nothing(
    company: Company, refusal: Refusal, configured: Callable[..., Any]
) -> None:
    old = certificate(company.key, NOW - timedelta(days=30), days=10)
    provider = configured(MetadataFile=company.metadata([old]))
    assert refusal(company.answer(WELL), provider=provider) == SIGNATURE


def test_a_signature_without_the_company_s_own_id_is_refused(
    company: Company, refusal: Refusal
) -> None:
    signed = company.answer(WELL)
    reference = next(signed.iter(f"{{{DS}}}Reference"))
    reference.set("URI", "")
    assert refusal(signed) == SIGNATURE


def test_a_signature_over_a_whole_document_is_refused(company: Company, refusal: Refusal) -> None:
    """SAML core 5.4.2: the reference names the ID of the element that is signed."""
    inner = company.sign(assertion(WELL), whole=True)
    assert refusal(without_place(response(WELL, inner))) == SIGNATURE


def test_a_signature_with_something_hidden_in_it_is_refused(
    company: Company, refusal: Refusal
) -> None:
    signed = company.answer(WELL)
    etree.SubElement(next(signed.iter(f"{{{DS}}}Signature")), f"{{{DS}}}Object")
    assert refusal(signed) == SIGNATURE


# --- signature wrapping ------------------------------------------------------------------------


def _evil(company: Company) -> tuple[etree._Element, etree._Element]:
    """A true response, and an assertion about somebody else that is not signed."""
    evil = etree.fromstring(assertion(replace(WELL, name_id="admin", assertion_id="_evil")))
    return company.answer(WELL), without_place(evil)


def test_a_second_assertion_before_or_after_the_signed_one_is_refused(
    company: Company, refusal: Refusal
) -> None:
    for place in (0, 2, 3):
        signed, evil = _evil(company)
        signed.insert(place, evil)
        assert refusal(signed) == UNREADABLE


def test_an_assertion_around_the_signed_one_is_refused(company: Company, refusal: Refusal) -> None:
    signed, evil = _evil(company)
    true = signed.find(f"{{{SAML}}}Assertion")
    signed.replace(true, evil)
    evil.append(true)
    assert refusal(signed) == UNREADABLE


def test_a_signed_assertion_moved_into_an_extension_is_refused(
    company: Company, refusal: Refusal
) -> None:
    signed, evil = _evil(company)
    true = signed.find(f"{{{SAML}}}Assertion")
    signed.replace(true, evil)
    evil.append(true.find(f"{{{DS}}}Signature"))
    extensions = etree.SubElement(signed, f"{{{SAMLP}}}Extensions")
    extensions.append(true)
    assert refusal(signed) == UNREADABLE


def test_the_same_id_twice_is_refused(company: Company, refusal: Refusal) -> None:
    signed = company.answer(WELL)
    signed.find(f"{{{SAMLP}}}Status").set("Id", "_assertion")
    assert refusal(signed) == UNREADABLE


# --- text --------------------------------------------------------------------------------------


def test_a_comment_does_not_cut_a_name_short(company: Company, arrive: Callable[..., Any]) -> None:
    for which in ("assertion", "response"):
        said = replace(WELL, name_id="admin@example.com.evil.test", assertion_id=f"_in_{which}")
        document = etree.tostring(company.answer(said, which))
        split = document.replace(b"example.com.evil", b"example.com<!---->.evil")
        assert arrive(split).subject == "admin@example.com.evil.test"


def test_a_document_type_is_refused(company: Company, refusal: Refusal) -> None:
    document = etree.tostring(company.answer(WELL)).decode()
    entity = '<!DOCTYPE x [<!ENTITY a "admin"><!ENTITY b "&a;&a;">]>'
    external = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'
    for doctype in (entity, external, "<!DOCTYPE x>"):
        assert refusal(doctype + document) == UNREADABLE
        assert refusal(doctype + document.replace("alice", "&b;", 1)) == UNREADABLE


@pytest.mark.parametrize("message", ["", "%%%", "YQ", "PGE+", "PGEvPg==", "é", "A" * 100_004])
def test_what_is_no_response_is_refused(
    message: str, pool: Any, configured: Callable[..., Any]
) -> None:
    with pytest.raises(FederationError, match=UNREADABLE):
        saml.arrive(pool, configured(), ACS, message, {"request_id": "_request"})


def test_line_breaks_in_base64_are_read(
    company: Company, pool: Any, configured: Callable[..., Any]
) -> None:
    message = posted(company.answer(WELL))
    lines = "\r\n".join(message[i : i + 76] for i in range(0, len(message), 76))
    secrets = {"request_id": "_request"}
    assert saml.arrive(pool, configured(), ACS, lines, secrets).subject == "alice"


# --- for whom, when, in answer to what ---------------------------------------------------------

_SKEWLESS = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (replace(WELL, issuer="https://other.test"), "Issuer"),
        (replace(WELL, response_issuer="https://other.test"), "Issuer"),
        (replace(WELL, audiences=()), f"does not allow it for {AUDIENCE}"),
        (replace(WELL, audiences=(("urn:amazon:cognito:sp:us-east-1_x",),)), "does not allow"),
        (replace(WELL, audiences=((AUDIENCE,), ("urn:other",))), "does not allow"),
        (replace(WELL, recipient="https://other.test/saml2/idpresponse"), "Recipient"),
        (replace(WELL, destination="https://other.test/saml2/idpresponse"), "Destination"),
        (replace(WELL, request_id="_other"), "InResponseTo"),
        (replace(WELL, request_id=None), "InResponseTo"),
        (replace(WELL, subject_request_id="_other"), "InResponseTo"),
        (replace(WELL, subject_request_id=None), "InResponseTo"),
        (replace(WELL, not_before=NOW + _SKEWLESS), "not yet valid"),
        (replace(WELL, until=NOW), "expired"),
        (replace(WELL, confirmed_until=NOW), "expired"),
        (replace(WELL, session_until=NOW), "expired"),
        (replace(WELL, status="urn:oasis:names:tc:SAML:2.0:status:Responder"), "status"),
        (replace(WELL, method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"), "bearer"),
    ],
)
def test_a_response_for_others_or_for_another_time_is_refused(
    said: Said, reason: str, company: Company, refusal: Refusal
) -> None:
    for which in ("assertion", "response"):
        description = refusal(company.answer(said, which))
        assert description.startswith("Invalid SAML response received: ")
        assert reason in description


@pytest.mark.parametrize(
    "said",
    [
        replace(WELL, confirmed_until=None),
        replace(WELL, confirmation_extra=f' NotBefore="{NOW:%Y-%m-%dT%H:%M:%SZ}"'),
        replace(WELL, name_id=""),
        replace(WELL, conditions_extra="<saml:Condition/>"),
        replace(WELL, assertion_extra="<saml:Conditions/>"),
        replace(WELL, assertion_extra="<saml:Subject/>"),
        replace(WELL, assertion_extra='<saml:Advice><saml:Assertion ID="_x"/></saml:Advice>'),
        replace(WELL, assertion_extra="<saml:EncryptedAssertion/>"),
    ],
)
def test_a_response_of_another_form_is_refused(
    said: Said, company: Company, refusal: Refusal
) -> None:
    assert refusal(company.answer(said)) == UNREADABLE


def test_a_signed_response_must_name_its_destination(company: Company, refusal: Refusal) -> None:
    said = replace(WELL, destination=None)
    assert "Destination" in refusal(company.answer(said, "response"))


def test_an_assertion_is_accepted_once(
    company: Company, arrive: Callable[..., Any], refusal: Refusal, pool: Any
) -> None:
    document = company.answer(WELL)
    assert arrive(document).subject == "alice"
    assert "already been used" in refusal(document)
    again = company.answer(replace(WELL, name_id="bob"), "response")
    assert "already been used" in refusal(again)
    pool.world.clock.advance(minutes=5)
    assert "expired" in refusal(document)


def test_a_replay_is_known_as_long_as_the_longest_confirmation_holds(
    company: Company, arrive: Callable[..., Any], refusal: Refusal, pool: Any
) -> None:
    element = etree.fromstring(assertion(replace(WELL, until=None)))
    subject = element.find(f"{{{SAML}}}Subject")
    longer = etree.fromstring(etree.tostring(subject[1]))
    longer[0].set("NotOnOrAfter", "2026-11-02T10:00:00Z")
    subject.append(longer)
    document = without_place(response(WELL, company.sign(element)))
    arrive(document)
    pool.world.clock.advance(minutes=6)
    assert "already been used" in refusal(document)


# --- begun by the provider ---------------------------------------------------------------------


def test_a_response_nobody_asked_for_is_refused_unless_the_provider_may_begin(
    company: Company, arrive: Callable[..., Any], refusal: Refusal, configured: Callable[..., Any]
) -> None:
    document = company.answer(replace(WELL, request_id=None))
    assert refusal(document, secrets=None) == UNREADABLE
    assert refusal(document, secrets=None, provider=configured(IDPInit="false")) == UNREADABLE
    may_begin = configured(IDPInit="true")
    assert arrive(document, secrets=None, provider=may_begin).subject == "alice"


@pytest.mark.parametrize(
    "said", [WELL, replace(WELL, subject_request_id=None), replace(WELL, request_id="")]
)
def test_an_answer_to_somebody_s_request_does_not_pass_as_begun_by_the_provider(
    said: Said, company: Company, refusal: Refusal, configured: Callable[..., Any]
) -> None:
    provider = configured(IDPInit="true")
    assert "InResponseTo" in refusal(company.answer(said), secrets=None, provider=provider)


# --- what is accepted --------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["assertion", "response", "both"])
def test_a_true_response_says_who_signed_in(
    which: str, company: Company, arrive: Callable[..., Any]
) -> None:
    form = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    said = replace(WELL, name_id_attributes=f' Format="{form}"')
    profile = arrive(company.answer(said, which))
    assert profile.subject == "alice"
    assert profile.claims == {"email": "alice@example.com", "groups": ["staff", "admins"]}
    assert profile.session == {
        "name_id": "alice",
        "issuer": ENTITY,
        "format": form,
        "session_index": "_session",
    }


@pytest.mark.parametrize("method", ["RSA_SHA256", "RSA_SHA384", "RSA_SHA512"])
@pytest.mark.parametrize("digest", ["SHA256", "SHA384", "SHA512"])
def test_rsa_with_sha_2_is_accepted(
    method: str, digest: str, company: Company, arrive: Callable[..., Any]
) -> None:
    inner = company.sign(
        assertion(WELL), method=SignatureMethod[method], digest=DigestAlgorithm[digest]
    )
    assert arrive(without_place(response(WELL, inner))).subject == "alice"


def test_any_signing_certificate_of_the_metadata_will_do(
    company: Company,
    stranger: Company,
    arrive: Callable[..., Any],
    configured: Callable[..., Any],
) -> None:
    both = company.metadata([stranger.certificate, company.certificate], use="")
    assert arrive(company.answer(WELL), provider=configured(MetadataFile=both)).subject == "alice"


def test_an_encryption_certificate_of_the_metadata_verifies_nothing(
    company: Company, refusal: Refusal, configured: Callable[..., Any], stranger: Company
) -> None:
    metadata = company.metadata([company.certificate], use=' use="encryption"')
    signing = stranger.metadata().split("<md:KeyDescriptor")[1].split("<md:SingleLogout")[0]
    mixed = metadata.replace("<md:SingleLogout", f"<md:KeyDescriptor{signing}<md:SingleLogout", 1)
    assert refusal(company.answer(WELL), provider=configured(MetadataFile=mixed)) == SIGNATURE
