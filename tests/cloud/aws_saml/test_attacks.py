"""Every construction that the company directory of the course knows, sent to STS.

The directory's own tests show that each of them does what it says; here each has to fail.
"""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from helpers import lab
from helpers.providers.saml import tamper
from helpers.providers.saml.encryption import encrypt_assertions
from helpers.providers.saml.keys import KeyPair
from helpers.providers.saml.safe_xml import parse, qname, serialize
from helpers.providers.saml.signing import sign_response
from tests.cloud.aws_saml.directory import ALICE, PROVIDER, VICTIM, Directory, assume
from tests.cloud.sts_words import error_of

SIGNS = ("assertion", "response", "both")
# These leave a true statement behind. AWS sends no requests, so that none can be answered wrongly.
HARMLESS = frozenset(
    {"comment_in_name_id", "empty_groups", "wrong_in_response_to", "no_in_response_to"}
)
REPLAY = "replayed"
NOT_SEALED = frozenset({*tamper.NOT_XML, "encrypted_for_stranger", "no_assertion", REPLAY})
EXPECTED = {
    "expired": ("ExpiredTokenException", "Response has expired"),
    "subject_confirmation_expired": ("ExpiredTokenException", "Response has expired"),
    "not_yet_valid": ("InvalidIdentityToken", "Response is not yet valid"),
    "wrong_audience": ("InvalidIdentityToken", "Response does not contain the required audience."),
    "no_audience": ("InvalidIdentityToken", "Response does not contain the required audience."),
    "status_not_success": (
        "IDPRejectedClaim",
        "The identity provider reported that authentication failed.",
    ),
    "wrong_issuer": (
        "InvalidIdentityToken",
        "Issuer not present in specified provider (Service: AWSOpenIdDiscoveryService; "
        "Status Code: 400; Error Code: AuthSamlInvalidSamlResponseException)",
    ),
    "no_name_id": ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML"),
    **dict.fromkeys(
        ("unsigned", "other_key", "altered", "hmac_with_certificate", "rsa_sha1", "sha1_digest"),
        ("InvalidIdentityToken", "Response signature invalid"),
    ),
}


def _cases(sign: str, leave_out: frozenset[str]) -> list[str]:
    """The faults that can be made where `sign` says what is signed."""
    names = [name for name in tamper.FAULTS if name not in leave_out]
    return [name for name in names if tamper.signature_for(name, sign) == sign]


def _spoiled(
    fault: str, sign: str, directory: Directory, stranger: KeyPair, document: bytes
) -> bytes:
    context = tamper.Context(
        directory.pair.certificate,
        stranger,
        victim=VICTIM,
        now=directory.now,
        signer=directory.pair,
        sign=sign,
    )
    return tamper.FAULTS[fault](document, context)


def _check(fault: str, document: bytes) -> None:
    if fault in HARMLESS:
        answer = assume(document)
        assert (answer["Subject"], answer["AssumedRoleUser"]["Arn"][-6:]) == (ALICE, "/alice")
        return
    with pytest.raises(ClientError) as caught:
        pytest.fail(f"{fault} was let in as {assume(document)['Subject']}")
    error = caught.value.response["Error"]
    codes = ("InvalidIdentityToken", "ExpiredTokenException", "AccessDenied", "IDPRejectedClaim")
    assert error["Code"] in codes
    assert EXPECTED.get(fault, (error["Code"], error["Message"])) == (
        error["Code"],
        error["Message"],
    )
    for secret in (ALICE, VICTIM, "lxml", "Error(", "Traceback"):
        assert secret not in error["Message"]


@pytest.mark.parametrize("sign", SIGNS)
def test_no_fault_puts_a_role_on_anybody_else(
    sign: str, directory: Directory, stranger: KeyPair
) -> None:
    for fault in _cases(sign, frozenset({REPLAY})):
        document = directory.response(sign=sign)
        _check(fault, _spoiled(fault, sign, directory, stranger, document))


@pytest.fixture
def sealing(directory: Directory, stranger: KeyPair) -> KeyPair:
    """The key for which the directory must encrypt."""
    pem = stranger.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    boto3.client("iam", "us-east-1").update_saml_provider(
        SAMLProviderArn=PROVIDER, AddPrivateKey=pem, AssertionEncryptionMode="Required"
    )
    return stranger


@pytest.mark.parametrize("sign", SIGNS)
def test_no_fault_gets_through_inside_an_encrypted_assertion(
    sign: str, directory: Directory, sealing: KeyPair, stranger: KeyPair
) -> None:
    """Anybody can encrypt for AWS: the certificate is public."""
    for fault in _cases(sign, NOT_SEALED):
        root = parse(_spoiled(fault, sign, directory, stranger, directory.response(sign=sign)))
        encrypt_assertions(root, sealing.certificate)
        if fault in HARMLESS and sign != "assertion":
            # A signature over the response is made last, over the sealed assertion.
            root = sign_response(root, directory.pair, "response")
        if fault in HARMLESS or sign == "assertion":
            _check(fault, serialize(root))
        else:
            # What was sealed after it was signed is not what was signed.
            with pytest.raises(ClientError):
                assume(serialize(root))


@pytest.mark.parametrize("sign", SIGNS)
def test_an_assertion_in_the_clear_is_refused_where_it_must_be_encrypted(
    sign: str, directory: Directory, sealing: KeyPair
) -> None:
    text = "Response is not encrypted, and the specified provider requires it."
    assert error_of(assume, directory.response(sign=sign)) == ("InvalidIdentityToken", text)


@pytest.mark.parametrize("place", ["samlp:Status", "saml:Subject", "saml:AttributeValue"])
@pytest.mark.parametrize("sign", SIGNS)
def test_a_signature_anywhere_else_is_refused(sign: str, place: str, directory: Directory) -> None:
    """Even inside what was signed: whoever looks for it there would verify another element."""

    def plant(root: etree._Element) -> None:
        etree.SubElement(next(root.iter(qname(place))), qname("ds:Signature"))

    text = "Response is not a SAML response that can be read."
    refused = error_of(assume, directory.response(sign=sign, change=plant))
    assert refused == ("InvalidIdentityToken", text)


@pytest.mark.parametrize("sign", SIGNS)
def test_what_is_spoiled_here_was_true(sign: str, directory: Directory) -> None:
    assert assume(directory.response(sign=sign))["Subject"] == ALICE


def test_a_comment_behind_the_victim_s_name_does_not_end_it(
    directory: Directory, stranger: KeyPair
) -> None:
    """The attacker has an account whose name begins with the victim's."""
    longer = f"{VICTIM}.evil.example.net"
    for sign in SIGNS:
        document = directory.response(sign=sign, name_id=longer)
        spoiled = _spoiled("comment_in_name_id", sign, directory, stranger, document)
        assert assume(spoiled)["Subject"] == longer


def test_a_response_may_be_used_again_for_five_minutes(
    directory: Directory, cloud: lab.Cloud
) -> None:
    """As on AWS: programs keep it to put on several roles. Who steals it can do so too."""
    document = directory.response()
    cloud.clock.advance(minutes=4, seconds=59)
    assert assume(document)["Subject"] == assume(document)["Subject"] == ALICE
    cloud.clock.advance(seconds=1)
    with pytest.raises(ClientError) as caught:
        assume(document)
    text = "Token must be redeemed within 5 minutes of issuance"
    assert caught.value.response["Error"] == {
        "Type": "Sender",
        "Code": "ExpiredTokenException",
        "Message": text,
    }


def test_a_response_that_asks_to_be_used_once_is(directory: Directory) -> None:
    document = directory.response(one_time_use=True)
    assert assume(document)["Subject"] == ALICE
    with pytest.raises(ClientError, match="already been used"):
        assume(document)
    again = directory.response(one_time_use=True, response_id="_3", assertion_id="_4")
    assert assume(again)["Subject"] == ALICE
