"""IAM's SAML providers: which metadata is accepted, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from helpers import lab
from helpers.providers.saml.keys import KeyPair, make_key_pair
from helpers.providers.saml.metadata import metadata
from tests.cloud.sts_words import ACCOUNT, client, error_of, new_user, policy, statement, status_of

ARN = f"arn:aws:iam::{ACCOUNT}:saml-provider/Company"
UNREADABLE = ("InvalidInput", "Could not parse metadata.")


@pytest.fixture(scope="session")
def pair() -> KeyPair:
    return make_key_pair("idp.example.com")


@pytest.fixture(scope="session")
def document(pair: KeyPair) -> str:
    return metadata(pair.certificate).decode()


@pytest.fixture
def iam(cloud: lab.Cloud) -> Any:
    return boto3.client("iam", "us-east-1", config=Config(parameter_validation=False))


@pytest.fixture
def create(iam: Any, document: str) -> Callable[..., Any]:
    def make(**more: Any) -> Any:
        return iam.create_saml_provider(
            **{"Name": "Company", "SAMLMetadataDocument": document, **more}
        )

    return make


def pem(pair: KeyPair) -> str:
    return pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


# --- metadata ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "x" * 1000,
        lambda text: f"<a>{text}</a>".replace('<?xml version="1.0" encoding="UTF-8"?>', ""),
        lambda text: text.replace("IDPSSODescriptor", "SPSSODescriptor"),
        lambda text: text.replace('use="signing"', 'use="encryption"'),
        lambda text: text.replace("entityID=", "name="),
        lambda text: text.replace("<ds:X509Certificate>", "<ds:X509Certificate>AAAA"),
        lambda text: text.replace(
            "?>", '?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1
        ),
        lambda text: f"\ufeff{text}",
        lambda text: text + " " * 50 + "<",
    ],
)
def test_what_is_not_the_metadata_of_a_provider_is_refused(
    spoil: Callable[[str], str], create: Callable[..., Any], iam: Any, document: str
) -> None:
    assert error_of(create, SAMLMetadataDocument=spoil(document)) == UNREADABLE
    create()
    refused = error_of(
        iam.update_saml_provider, SAMLProviderArn=ARN, SAMLMetadataDocument=spoil(document)
    )
    assert refused == UNREADABLE
    assert iam.get_saml_provider(SAMLProviderArn=ARN)["SAMLMetadataDocument"] == document


def test_metadata_that_is_over_is_refused(create: Callable[..., Any], document: str) -> None:
    over = document.replace("entityID=", 'validUntil="2020-01-01T00:00:00Z" entityID=')
    assert error_of(create, SAMLMetadataDocument=over)[0] == "InvalidInput"


def test_a_short_document_is_no_metadata(create: Callable[..., Any]) -> None:
    code, message = error_of(create, SAMLMetadataDocument="<a/>" * 50)
    assert code == "ValidationError"
    assert "1000" in message


@pytest.mark.parametrize("name", ["has space", "a/b", "ä+", "n" * 129])
def test_a_name_of_another_form_is_refused(name: str, create: Callable[..., Any]) -> None:
    assert error_of(create, Name=name)[0] == "ValidationError"


def test_a_certificate_that_has_expired_is_accepted(
    create: Callable[..., Any], pair: KeyPair, cloud: lab.Cloud
) -> None:
    """IAM does not look at when a certificate ends."""
    name = x509.Name([])
    past = cloud.clock.now() - timedelta(days=400)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
    builder = builder.public_key(pair.key.public_key()).not_valid_before(past)
    old = builder.not_valid_after(past + timedelta(days=365)).sign(pair.key, hashes.SHA256())
    assert create(SAMLMetadataDocument=metadata(old).decode())["SAMLProviderArn"] == ARN


# --- what is kept ------------------------------------------------------------------------------


def test_a_name_is_taken_once_whatever_its_case(create: Callable[..., Any]) -> None:
    create()
    for name in ("Company", "COMPANY"):
        taken = ("EntityAlreadyExists", f"Provider with name {name} already exists.")
        assert error_of(create, Name=name) == taken
    assert status_of(create) == 409


def test_an_account_has_a_hundred_providers_at_most(create: Callable[..., Any]) -> None:
    for number in range(100):
        create(Name=f"p{number}")
    text = "Cannot exceed quota for SAMLProvidersPerAccount: 100"
    assert error_of(create, Name="one-more") == ("LimitExceeded", text)


def test_a_provider_is_shown_as_it_was_made(
    create: Callable[..., Any], iam: Any, document: str, cloud: lab.Cloud
) -> None:
    assert create(Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}])[
        "SAMLProviderArn"
    ] == (ARN)
    shown = iam.get_saml_provider(SAMLProviderArn=ARN)
    made = cloud.clock.now()
    assert shown["SAMLMetadataDocument"] == document
    assert (shown["CreateDate"], shown["ValidUntil"]) == (made, made.replace(year=made.year + 100))
    assert shown["Tags"] == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    assert (shown["AssertionEncryptionMode"], shown["PrivateKeyList"]) == ("Allowed", [])
    assert shown["SAMLProviderUUID"].startswith("SAMLSP")
    listed = iam.list_saml_providers()["SAMLProviderList"]
    assert [one["Arn"] for one in listed] == [ARN]


def test_metadata_says_itself_until_when_it_is_valid(
    create: Callable[..., Any], iam: Any, document: str
) -> None:
    create(
        SAMLMetadataDocument=document.replace(
            "entityID=", 'validUntil="2027-01-01T00:00:00Z" entityID='
        )
    )
    until = iam.get_saml_provider(SAMLProviderArn=ARN)["ValidUntil"]
    assert until == datetime.fromisoformat("2027-01-01T00:00:00+00:00")


def test_what_is_deleted_is_gone_with_its_keys(
    create: Callable[..., Any], iam: Any, pair: KeyPair
) -> None:
    create(AddPrivateKey=pem(pair))
    iam.delete_saml_provider(SAMLProviderArn=ARN)
    gone = ("NoSuchEntity", f"Manifest not found for arn {ARN}")
    assert error_of(iam.get_saml_provider, SAMLProviderArn=ARN) == gone
    assert error_of(iam.delete_saml_provider, SAMLProviderArn=ARN) == gone
    assert status_of(iam.get_saml_provider, SAMLProviderArn=ARN) == 404
    create()
    assert iam.get_saml_provider(SAMLProviderArn=ARN)["PrivateKeyList"] == []


@pytest.mark.parametrize(
    "arn",
    [
        f"{ARN}2",
        f"arn:aws:iam::{ACCOUNT}:role/Company",
        "x" * 20,
    ],
)
def test_what_is_no_provider_of_the_account_is_not_found(
    arn: str, create: Callable[..., Any], iam: Any
) -> None:
    create()
    for call in (iam.get_saml_provider, iam.delete_saml_provider, iam.list_saml_provider_tags):
        assert error_of(call, SAMLProviderArn=arn)[0] == "NoSuchEntity"
        # No policy of this account opens another one's providers.
        other = arn.replace(ACCOUNT, "999999999999")
        assert error_of(call, SAMLProviderArn=other)[0] in ("AccessDenied", "NoSuchEntity")


# --- private keys ------------------------------------------------------------------------------


def test_encryption_is_required_only_with_a_key(
    create: Callable[..., Any], iam: Any, pair: KeyPair
) -> None:
    text = "Unable to set assertion encryption mode to Required because no private key is provided."
    assert error_of(create, AssertionEncryptionMode="Required") == ("InvalidInput", text)
    create()
    update = {"SAMLProviderArn": ARN, "AssertionEncryptionMode": "Required"}
    assert error_of(iam.update_saml_provider, **update) == ("InvalidInput", text)
    iam.update_saml_provider(**update, AddPrivateKey=pem(pair))
    (kept,) = iam.get_saml_provider(SAMLProviderArn=ARN)["PrivateKeyList"]
    removed = error_of(
        iam.update_saml_provider, SAMLProviderArn=ARN, RemovePrivateKey=kept["KeyId"]
    )
    assert removed == ("InvalidInput", "Failed to remove private key.")
    iam.update_saml_provider(
        SAMLProviderArn=ARN, AssertionEncryptionMode="Allowed", RemovePrivateKey=kept["KeyId"]
    )
    assert iam.get_saml_provider(SAMLProviderArn=ARN)["PrivateKeyList"] == []


def test_what_is_no_rsa_key_without_password_is_refused(
    create: Callable[..., Any], pair: KeyPair
) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    elliptic = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    locked = pair.key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")
    )
    for text in ("nope", pem(pair)[:200], elliptic.decode(), locked.decode()):
        assert error_of(create, AddPrivateKey=text) == ("InvalidInput", "Invalid private key.")


def test_a_provider_has_two_keys_at_most(
    create: Callable[..., Any], iam: Any, pair: KeyPair
) -> None:
    create(AddPrivateKey=pem(pair))
    iam.update_saml_provider(SAMLProviderArn=ARN, AddPrivateKey=pem(pair))
    over = error_of(iam.update_saml_provider, SAMLProviderArn=ARN, AddPrivateKey=pem(pair))
    assert over == ("LimitExceeded", "Private key limit of 2 is reached.")


def test_an_update_says_what_it_changes(
    create: Callable[..., Any], iam: Any, pair: KeyPair
) -> None:
    create()
    code, text = error_of(iam.update_saml_provider, SAMLProviderArn=ARN)
    assert (code, text[:38]) == ("InvalidInput", "Unable to update identity provider. No")
    unknown = "SAMLPK0123456789ABCDEF"
    both = {"AddPrivateKey": pem(pair), "RemovePrivateKey": unknown}
    text = error_of(iam.update_saml_provider, SAMLProviderArn=ARN, **both)[1]
    assert text.startswith("Unable to add and remove private keys in the same request.")
    text = error_of(iam.update_saml_provider, SAMLProviderArn=ARN, RemovePrivateKey=unknown)[1]
    assert text.endswith("because the Key ID does not match a private key.")


def test_trusted_identity_propagation_is_not_offered(create: Callable[..., Any]) -> None:
    code, _ = error_of(create, IdentityCenterInstanceArn="arn:aws:sso:::instance/ssoins-1")
    assert code == "NotImplementedException"


# --- tags, and who may -------------------------------------------------------------------------


def test_tags_are_set_changed_and_taken_off(create: Callable[..., Any], iam: Any) -> None:
    create(Tags=[{"Key": "team", "Value": "red"}])
    for tags, code in [
        ([{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}], "InvalidInput"),
        ([{"Key": "aws:x", "Value": "1"}], "InvalidInput"),
        ([{"Key": f"k{n}", "Value": ""} for n in range(50)], "LimitExceeded"),
    ]:
        assert error_of(iam.tag_saml_provider, SAMLProviderArn=ARN, Tags=tags)[0] == code
    iam.tag_saml_provider(
        SAMLProviderArn=ARN, Tags=[{"Key": "Team", "Value": "blue"}, {"Key": "b", "Value": ""}]
    )
    iam.untag_saml_provider(SAMLProviderArn=ARN, TagKeys=["B", "unknown"])
    assert iam.list_saml_provider_tags(SAMLProviderArn=ARN)["Tags"] == [
        {"Key": "Team", "Value": "blue"}
    ]


def test_tags_are_listed_page_by_page(create: Callable[..., Any], iam: Any) -> None:
    create(Tags=[{"Key": f"k{n}", "Value": ""} for n in range(5)])
    asked = {"SAMLProviderArn": ARN, "MaxItems": 3}
    first = iam.list_saml_provider_tags(**asked)
    assert (len(first["Tags"]), first["IsTruncated"]) == (3, True)
    second = iam.list_saml_provider_tags(**asked, Marker=first["Marker"])
    assert [tag["Key"] for tag in second["Tags"]] == ["k3", "k4"]
    assert second["IsTruncated"] is False
    for marker in ("x", "-1", "99", "²"):
        code = error_of(iam.list_saml_provider_tags, SAMLProviderArn=ARN, Marker=marker)[0]
        assert code == "ValidationError"


def test_policies_say_who_may_manage_which_provider(create: Callable[..., Any]) -> None:
    create()
    mine = f"arn:aws:iam::{ACCOUNT}:saml-provider/Mine"
    allowed = {"Effect": "Allow", "Action": "iam:*SAMLProvider", "Resource": mine}
    alice = client("iam", new_user("alice", policy(allowed, statement("iam:ListSAMLProviders"))))
    assert len(alice.list_saml_providers()["SAMLProviderList"]) == 1
    for call in (alice.get_saml_provider, alice.delete_saml_provider):
        assert error_of(call, SAMLProviderArn=ARN)[0] == "AccessDenied"
    refused = error_of(alice.create_saml_provider, Name="Other", SAMLMetadataDocument="x" * 1000)
    assert refused[0] == "AccessDenied"


def test_tags_say_who_may_manage_which_provider(create: Callable[..., Any]) -> None:
    create(Tags=[{"Key": "owner", "Value": "alice"}])
    create(Name="Other", Tags=[{"Key": "owner", "Value": "bob"}])
    own = statement("iam:*", Condition={"StringEquals": {"aws:ResourceTag/owner": "alice"}})
    alice = client("iam", new_user("alice", policy(own)))
    alice.get_saml_provider(SAMLProviderArn=ARN)
    other = ARN.replace("Company", "Other")
    assert error_of(alice.get_saml_provider, SAMLProviderArn=other)[0] == "AccessDenied"


def test_tags_of_openid_providers_count_as_well(iam: Any) -> None:
    tags = [{"Key": "owner", "Value": "alice"}]
    url = "https://login.example.org"
    arn = iam.create_open_id_connect_provider(Url=url, Tags=tags)["OpenIDConnectProviderArn"]
    for owner, code in (("bob", "AccessDenied"), ("alice", "")):
        own = statement("iam:*", Condition={"StringEquals": {"aws:ResourceTag/owner": owner}})
        user = client("iam", new_user(owner, policy(own)))
        asked = {"OpenIDConnectProviderArn": arn}
        if code:
            assert error_of(user.get_open_id_connect_provider, **asked)[0] == code
        else:
            user.get_open_id_connect_provider(**asked)
