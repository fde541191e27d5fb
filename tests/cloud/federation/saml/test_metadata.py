"""ProviderDetails of a SAML provider: the metadata that is read, refused and read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from helpers.cloud.errors import AwsError
from helpers.cloud.federation.saml.metadata import check_saml_details, read_metadata
from helpers.cloud.outside import Unreachable
from helpers.cloud.response import Response
from tests.cloud.federation.saml.company import (
    ENTITY,
    NOW,
    POOL,
    SLO,
    SSO,
    Company,
    Said,
    certificate,
)

URL = "https://login.company.test/metadata"


class Outside:
    """The company's host: what it answers, and how often it was asked."""

    def __init__(self, document: str) -> None:
        self.document, self.status, self.down, self.asked = document, 200, False, 0

    def fetch(self, method: str, url: str) -> Response:
        self.asked += 1
        if self.down or url != URL:
            raise Unreachable(url)
        return Response(self.status, {}, self.document.encode())


@pytest.fixture
def outside(pool: Any, company: Company) -> Outside:
    pool.world.outside = Outside(company.metadata())
    return pool.world.outside


@pytest.fixture
def refused(pool: Any) -> Callable[..., str]:
    def check(**details: str) -> str:
        with pytest.raises(AwsError) as caught:
            check_saml_details(pool.world, details, POOL, "Company")
        assert caught.value.code == "InvalidParameterException"
        return caught.value.message

    return check


def test_one_of_file_and_url_is_needed(refused: Callable[..., str], company: Company) -> None:
    missing = "At least one of the MetadataURL or MetadataFile should be provided."
    assert refused() == missing
    assert refused(MetadataFile="", MetadataURL="") == missing
    assert "Only one" in refused(MetadataFile=company.metadata(), MetadataURL=URL)


@pytest.mark.parametrize(
    "document",
    [
        "metadata",
        "<a/>",
        "\ud800",
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"/>',
    ],
)
def test_what_is_no_metadata_is_refused(refused: Callable[..., str], document: str) -> None:
    assert refused(MetadataFile=document) == "Unable to unmarshall metadata"


def test_metadata_without_a_name_or_with_a_false_date_is_refused(
    refused: Callable[..., str], company: Company
) -> None:
    for document in (
        company.metadata(entity=""),
        company.metadata(role=' validUntil="tomorrow"'),
        company.metadata().replace("SAML:2.0:protocol", "SAML:1.1:protocol"),
    ):
        assert refused(MetadataFile=document) == "Unable to unmarshall metadata"


def test_metadata_must_say_where_to_sign_in_by_redirect(
    refused: Callable[..., str], company: Company
) -> None:
    message = "No SingleSignOn Http redirect binding location found in metadata."
    post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    for sso in (
        "",
        f'<md:SingleSignOnService Binding="{post}" Location="{SSO}"/>',
        '<md:SingleSignOnService Binding="{redirect}" Location="javascript:alert(1)"/>',
        '<md:SingleSignOnService Binding="{redirect}" Location="https://["/>',
    ):
        assert refused(MetadataFile=company.metadata(sso=sso)) == message


def test_sign_out_needs_an_address_too(refused: Callable[..., str], company: Company) -> None:
    message = "No SingleLogout Http redirect binding location found in metadata."
    assert refused(MetadataFile=company.metadata(slo=""), IDPSignout="true") == message


def test_a_certificate_is_needed_that_is_one_and_has_not_expired(
    refused: Callable[..., str], company: Company
) -> None:
    old = certificate(company.key, NOW - timedelta(days=30), days=10)
    broken = company.metadata().replace("X509Certificate>MII", "X509Certificate>ABC")
    long = company.metadata().replace("X509Certificate>MII", f"X509Certificate>{'A' * 4097}")
    assert "expired" in refused(MetadataFile=company.metadata([old]))
    assert "No signing certificate" in refused(MetadataFile=company.metadata([]))
    assert "not valid" in refused(MetadataFile=broken)
    assert "too long" in refused(MetadataFile=long)
    assert "No signing" in refused(MetadataFile=company.metadata(use=' use="encryption"'))


def test_switches_are_true_or_false(refused: Callable[..., str], company: Company) -> None:
    for switch in ("IDPInit", "IDPSignout", "EncryptedResponses"):
        assert switch in refused(MetadataFile=company.metadata(), **{switch: "yes"})
    wrong = refused(MetadataFile=company.metadata(), RequestSigningAlgorithm="rsa-sha1")
    assert "RequestSigningAlgorithm" in wrong


def test_a_url_must_answer_with_metadata(refused: Callable[..., str], outside: Outside) -> None:
    outside.status = 404
    message = f"Non-ok status code 404 returned from remote metadata source {URL}"
    assert refused(MetadataURL=URL) == message
    outside.down = True
    assert refused(MetadataURL=URL) == f"Error retrieving metadata from {URL}"


def test_what_describe_shows(pool: Any, company: Company) -> None:
    shown = check_saml_details(pool.world, {"MetadataFile": company.metadata()}, POOL, "Company")
    certificate = shown.pop("ActiveEncryptionCertificate")
    assert certificate.startswith("MII")
    assert shown == {"SSORedirectBindingURI": SSO, "SLORedirectBindingURI": SLO}
    without = {"MetadataFile": company.metadata(slo="")}
    shown = check_saml_details(pool.world, without, POOL, "Company")
    assert shown == {
        "SSORedirectBindingURI": SSO,
        "ActiveEncryptionCertificate": certificate,
    }


def test_a_url_is_read_again_after_six_hours(
    pool: Any, outside: Outside, company: Company, stranger: Company
) -> None:
    details = {"MetadataURL": URL}
    check_saml_details(pool.world, details, POOL, "Company")
    assert read_metadata(pool.world, details).entity_id == ENTITY
    outside.document = stranger.metadata()
    pool.world.clock.advance(hours=5, minutes=59)
    assert read_metadata(pool.world, details).certificates == (company.certificate,)
    pool.world.clock.advance(minutes=1)
    assert read_metadata(pool.world, details).certificates == (stranger.certificate,)
    assert outside.asked == 2


def test_an_update_reads_the_url_at_once(pool: Any, outside: Outside, stranger: Company) -> None:
    details = {"MetadataURL": URL}
    check_saml_details(pool.world, details, POOL, "Company")
    outside.document = stranger.metadata()
    check_saml_details(pool.world, details, POOL, "Company")
    assert read_metadata(pool.world, details).certificates == (stranger.certificate,)


def test_where_a_renewal_fails_the_last_copy_serves_until_it_ends(
    pool: Any, outside: Outside, company: Company
) -> None:
    details = {"MetadataURL": URL}
    outside.document = company.metadata(role=' validUntil="2026-11-02T17:00:00Z"')
    check_saml_details(pool.world, details, POOL, "Company")
    outside.down = True
    pool.world.clock.advance(hours=7)
    assert read_metadata(pool.world, details).entity_id == ENTITY
    pool.world.clock.advance(hours=1)
    with pytest.raises(AwsError, match="no longer valid"):
        read_metadata(pool.world, details)
    outside.down, outside.document = False, company.metadata()
    assert read_metadata(pool.world, details).entity_id == ENTITY


def test_nobody_signs_in_by_metadata_that_is_over(
    company: Company, pool: Any, refusal: Callable[..., str], configured: Callable[..., Any]
) -> None:
    document = company.metadata(role=f' validUntil="{NOW:%Y-%m-%dT%H:%M:%SZ}"')
    provider = configured(MetadataFile=document)
    description = refusal(company.answer(replace(Said())), provider=provider)
    expected = "Invalid SAML response received: Unable to contact the configured provider"
    assert description == expected
