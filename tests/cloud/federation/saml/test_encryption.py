"""Encrypted assertions: EncryptedResponses "true"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from lxml import etree

from helpers.cloud.federation.saml.keys import encryption_key
from tests.cloud.federation.saml.company import (
    XENC,
    XENC11,
    Company,
    Said,
    assertion,
    encrypt,
    response,
    without_place,
)

SIGNATURE = "Invalid SAML response received: SAML Assertion signature is invalid."
WELL = Said()
Refusal = Callable[..., str]


@pytest.fixture
def provider(configured: Callable[..., Any]) -> Any:
    return configured(EncryptedResponses="true")


@pytest.fixture
def certificate(pool: Any, provider: Any) -> x509.Certificate:
    return encryption_key(pool.world, pool.id, provider.name).certificate


def _around(inner: etree._Element, company: Company | None = None) -> etree._Element:
    root = response(WELL, inner)
    return company.sign(root) if company else without_place(root)


def test_an_assertion_that_is_not_encrypted_is_refused(
    company: Company, refusal: Refusal, provider: Any
) -> None:
    assert "not encrypted" in refusal(company.answer(WELL), provider=provider)


def test_an_encrypted_assertion_is_refused_where_none_is_wanted(
    company: Company, refusal: Refusal, certificate: x509.Certificate
) -> None:
    sealed = encrypt(company.sign(assertion(WELL)), certificate)
    assert "is encrypted" in refusal(_around(sealed))


@pytest.mark.parametrize("cipher", [f"{XENC11}aes256-gcm", f"{XENC}aes256-cbc"])
def test_all_that_can_be_wrong_with_a_sealed_assertion_is_refused_in_the_same_words(
    cipher: str,
    company: Company,
    stranger: Company,
    refusal: Refusal,
    provider: Any,
    certificate: x509.Certificate,
) -> None:
    signed = company.sign(assertion(WELL))
    unsigned = without_place(etree.fromstring(assertion(WELL)))
    twice = etree.fromstring(etree.tostring(unsigned))
    twice.append(etree.fromstring(etree.tostring(signed)))
    sealed = [
        encrypt(signed, stranger.certificate, cipher=cipher),
        encrypt(stranger.sign(assertion(WELL)), certificate, cipher=cipher),
        encrypt(unsigned, certificate, cipher=cipher),
        encrypt(twice, certificate, cipher=cipher),
        encrypt(signed, certificate, cipher=cipher, plain=b"<no xml"),
        encrypt(signed, certificate, cipher=cipher, plain=b"<a/>"),
        encrypt(signed, certificate, cipher=cipher, plain=b""),
        encrypt(signed, certificate, cipher=cipher, plain=b"<!DOCTYPE a><a/>"),
    ]
    for inner in sealed:
        assert refusal(_around(inner), provider=provider) == SIGNATURE


@pytest.mark.parametrize(
    "transport",
    [
        f"{XENC}rsa-1_5",
        "http://www.w3.org/2001/04/xmlenc#kw-aes256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "",
    ],
)
def test_another_transport_of_the_content_key_is_refused(
    transport: str,
    company: Company,
    refusal: Refusal,
    provider: Any,
    certificate: x509.Certificate,
) -> None:
    sealed = encrypt(company.sign(assertion(WELL)), certificate, transport=transport)
    assert refusal(_around(sealed), provider=provider) == SIGNATURE


@pytest.mark.parametrize(
    "cipher", [f"{XENC}tripledes-cbc", f"{XENC}aes256-gcm", f"{XENC11}aes512-gcm", ""]
)
def test_another_cipher_is_refused(
    cipher: str,
    company: Company,
    refusal: Refusal,
    provider: Any,
    certificate: x509.Certificate,
) -> None:
    sealed = encrypt(company.sign(assertion(WELL)), certificate)
    sealed[0].find(f"{{{XENC}}}EncryptionMethod").set("Algorithm", cipher)
    assert refusal(_around(sealed), provider=provider) == SIGNATURE


def test_a_key_of_another_length_than_the_cipher_s_is_refused(
    company: Company, refusal: Refusal, provider: Any, certificate: x509.Certificate
) -> None:
    sealed = encrypt(company.sign(assertion(WELL)), certificate, cipher=f"{XENC11}aes128-gcm")
    sealed[0].find(f"{{{XENC}}}EncryptionMethod").set("Algorithm", f"{XENC11}aes256-gcm")
    assert refusal(_around(sealed), provider=provider) == SIGNATURE


def test_a_signed_assertion_inside_another_signed_one_is_refused(
    company: Company, refusal: Refusal, provider: Any, certificate: x509.Certificate
) -> None:
    inner = etree.tostring(company.sign(assertion(replace(WELL, assertion_id="_inner"))))
    said = replace(WELL, assertion_extra=f"<saml:Advice>{inner.decode()}</saml:Advice>")
    outer = etree.fromstring(assertion(said))
    sealed = encrypt(company.sign(outer), certificate)
    assert refusal(_around(sealed), provider=provider) == SIGNATURE


@pytest.mark.parametrize("hashed", ["sha1", "sha256", "sha384", "sha512"])
def test_oaep_may_name_its_hash_functions(
    hashed: str,
    company: Company,
    arrive: Callable[..., Any],
    refusal: Refusal,
    provider: Any,
    certificate: x509.Certificate,
) -> None:
    transport = f"{XENC11}rsa-oaep"
    inner = company.sign(assertion(WELL))
    sealed = encrypt(inner, certificate, transport=transport, oaep_hash=hashed)
    assert arrive(_around(sealed), provider=provider).subject == "alice"
    method = next(sealed.iter(f"{{{XENC}}}EncryptedKey"))[0]
    method[0].set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#md5")
    assert refusal(_around(sealed), provider=provider) == SIGNATURE


def test_a_flipped_bit_is_noticed(
    company: Company, refusal: Refusal, provider: Any, certificate: x509.Certificate
) -> None:
    for cipher in (f"{XENC11}aes128-gcm", f"{XENC}aes128-cbc"):
        sealed = encrypt(company.sign(assertion(WELL)), certificate, cipher=cipher)
        value = sealed[0][-1][0]
        value.text = value.text[:40] + ("A" if value.text[40] != "A" else "B") + value.text[41:]
        assert refusal(_around(sealed), provider=provider) == SIGNATURE


def test_another_provider_s_key_does_not_open_it(
    company: Company, refusal: Refusal, provider: Any, pool: Any
) -> None:
    other = encryption_key(pool.world, pool.id, "Other").certificate
    sealed = encrypt(company.sign(assertion(WELL)), other)
    assert refusal(_around(sealed), provider=provider) == SIGNATURE


@pytest.mark.parametrize("kind", ["gcm", "cbc"])
@pytest.mark.parametrize("bits", ["128", "192", "256"])
def test_aes_is_opened_wherever_the_key_stands(
    kind: str,
    bits: str,
    company: Company,
    arrive: Callable[..., Any],
    provider: Any,
    certificate: x509.Certificate,
) -> None:
    cipher = f"{XENC11 if kind == 'gcm' else XENC}aes{bits}-{kind}"
    for beside in (False, True):
        said = replace(WELL, assertion_id=f"_assertion{beside}")
        inner = company.sign(assertion(said))
        sealed = encrypt(inner, certificate, cipher=cipher, beside=beside)
        assert arrive(_around(sealed), provider=provider).subject == "alice"


def test_a_signature_over_the_response_covers_what_is_sealed_in_it(
    company: Company,
    stranger: Company,
    arrive: Callable[..., Any],
    refusal: Refusal,
    provider: Any,
    certificate: x509.Certificate,
) -> None:
    unsigned = without_place(etree.fromstring(assertion(WELL)))
    plain = etree.tostring(unsigned).replace(b">alice<", b">al<!-- -->ice<")
    sealed = encrypt(unsigned, certificate, plain=plain)
    assert refusal(_around(sealed, stranger), provider=provider) == SIGNATURE
    assert arrive(_around(sealed, company), provider=provider).subject == "alice"
