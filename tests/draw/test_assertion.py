"""The anatomy of a SAML response shows what is signed, whatever an attacker moved around."""

from __future__ import annotations

import base64

import matplotlib.pyplot as plt
import pytest

from helpers import draw
from helpers.draw.style import NO_MARK, OK_MARK

SPACES = (
    'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" '
    'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
    'xmlns:ds="http://www.w3.org/2000/09/xmldsig#" '
    'xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"'
)
ENVELOPE = "; the envelope is outside every signature.\n"


def signature(over: str, inside: str = "") -> str:
    method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    info = f'<ds:SignatureMethod Algorithm="{method}"/><ds:Reference URI="{over}"/>'
    return f"<ds:Signature><ds:SignedInfo>{info}</ds:SignedInfo>{inside}</ds:Signature>"


def assertion(name: str, name_id: str, seal: str = "") -> str:
    return (
        f'<saml:Assertion ID="{name}"><saml:Issuer>idp</saml:Issuer>{seal}'
        f"<saml:Subject><saml:NameID>{name_id}</saml:NameID><saml:SubjectConfirmation>"
        '<saml:SubjectConfirmationData Recipient="https://sp/acs" InResponseTo="_q" '
        'NotOnOrAfter="2026-01-15T12:05:00Z"/></saml:SubjectConfirmation></saml:Subject>'
        '<saml:Conditions NotOnOrAfter="2026-01-15T12:05:00Z"><saml:AudienceRestriction>'
        "<saml:Audience>sp</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        '<saml:AttributeStatement><saml:Attribute Name="http://claims/Group">'
        "<saml:AttributeValue>a</saml:AttributeValue><saml:AttributeValue>b</saml:AttributeValue>"
        "</saml:Attribute></saml:AttributeStatement></saml:Assertion>"
    )


def response(*parts: str, seal: str = "") -> str:
    return (
        f'<samlp:Response {SPACES} ID="_r" Destination="https://sp/acs">'
        f"<saml:Issuer>idp</saml:Issuer>{seal}{''.join(parts)}</samlp:Response>"
    )


def marks() -> list[str]:
    """The mark of every line from the top down."""
    texts = sorted(plt.gca().texts, key=lambda text: -text.get_position()[1])
    return [text.get_text() for text in texts if text.get_text() in (OK_MARK, NO_MARK, "●")]


def words() -> set[str]:
    return {text.get_text() for text in plt.gca().texts}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("opaque", "not XML"),
        (base64.b64encode(response().encode()).decode(), "base64 has to be undone first"),
        ("<html/>", "this is a html, not a SAML response"),
        (assertion("_a", "alice").replace("<saml:Assertion", f"<saml:Assertion {SPACES}"), "not a"),
        (f"<!DOCTYPE r [<!ENTITY e 'x'>]>{response()}", "a DTD is not drawn"),
    ],
)
def test_what_is_no_saml_response_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        draw.assertion(text)


def test_only_what_the_signature_names_is_marked_as_signed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    draw.assertion(response(assertion("_a", "alice", signature("#_a"))))
    assert capsys.readouterr().out == (
        "A SAML response from idp with one assertion, about alice, for sp, good until "
        f"2026-01-15 12:05:00 UTC, under a signature{ENVELOPE}"
    )
    assert marks() == [NO_MARK] * 3 + [OK_MARK] * 2 + ["●"] + [OK_MARK] * 7
    assert {"rsa-sha256 over #_a", "a, b", "2026-01-15 12:05:00 UTC"} <= words()


def test_a_signature_over_the_response_covers_all_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    draw.assertion(response(assertion("_a", "alice"), seal=signature("#_r")).encode())
    assert capsys.readouterr().out.endswith("the envelope is under a signature.\n")
    assert NO_MARK not in marks()


def test_a_response_without_a_signature_is_outside_every_signature(
    capsys: pytest.CaptureFixture[str],
) -> None:
    draw.assertion(response(assertion("_a", "alice")))
    assert f"outside every signature{ENVELOPE}" in capsys.readouterr().out
    assert OK_MARK not in marks()


def test_an_assertion_put_in_front_of_the_signed_one_is_outside_the_signature(
    capsys: pytest.CaptureFixture[str],
) -> None:
    true = assertion("_a", "alice", signature("#_a"))
    draw.assertion(response(assertion("_evil", "bob"), true))
    said = capsys.readouterr().out
    assert "2 assertions: (1) about bob" in said
    assert "UTC, outside every signature; (2) about alice" in said
    assert f"under a signature{ENVELOPE}" in said


def test_an_assertion_that_holds_the_signed_one_in_its_signature_is_not_signed_by_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    true = f"<ds:Object>{assertion('_a', 'alice')}</ds:Object>"
    draw.assertion(response(assertion("_evil", "bob", signature("#_a", true))))
    said = capsys.readouterr().out
    assert "(1) about bob, for sp, good until 2026-01-15 12:05:00 UTC, outside" in said
    assert "(2) about alice, for sp, good until 2026-01-15 12:05:00 UTC, under" in said
    assert "Object" in words()


def test_a_signature_over_an_id_that_is_nowhere_covers_nothing() -> None:
    draw.assertion(response(assertion("_a", "alice", signature("#_elsewhere"))))
    assert OK_MARK not in marks()


def test_a_comment_does_not_cut_a_name_short(capsys: pytest.CaptureFixture[str]) -> None:
    draw.assertion(response(assertion("_a", "bob@example.com<!---->.carol.example")))
    assert "about bob@example.com.carol.example," in capsys.readouterr().out


def test_an_encrypted_assertion_is_said_to_be_unreadable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = "<xenc:EncryptedData><xenc:CipherData><xenc:CipherValue>abcd</xenc:CipherValue>"
    sealed = f"{data}</xenc:CipherData></xenc:EncryptedData>"
    draw.assertion(response(f"<saml:EncryptedAssertion>{sealed}</saml:EncryptedAssertion>"))
    assert "with an encrypted assertion, which nobody on the way" in capsys.readouterr().out
    assert "4 letters" in words()


def test_a_response_without_an_assertion_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    draw.assertion(response())
    assert f"with no assertion{ENVELOPE}" in capsys.readouterr().out
