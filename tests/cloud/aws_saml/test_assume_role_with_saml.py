"""AssumeRoleWithSAML: who gets a session, which one, and what it carries."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from lxml import etree

from helpers import lab
from helpers.providers.saml import uris
from helpers.providers.saml.keys import KeyPair
from helpers.providers.saml.metadata import metadata
from helpers.providers.saml.safe_xml import qname
from tests.cloud.accounts import stranger
from tests.cloud.aws_saml.directory import (
    ACCOUNT,
    ACS,
    ALICE,
    NAMES,
    PROVIDER,
    ROLE,
    Directory,
    assume,
    trust,
)
from tests.cloud.sts_words import client, error_of, status_of

DENIED = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
EDU = "urn:oid:1.3.6.1.4.1.5923.1.1.1."


def invalid(text: str) -> tuple[str, str]:
    return "InvalidIdentityToken", text


def retrust(document: str) -> None:
    boto3.client("iam", "us-east-1").update_assume_role_policy(
        RoleName="Engineer", PolicyDocument=document
    )


# --- the request -------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["%%%%", "YWJjZ", "é" * 4, "====", "<samlp:Response/>"])
def test_what_is_no_base64_is_refused(message: str, directory: Directory) -> None:
    code, text = error_of(assume, message)
    assert code == "InvalidIdentityToken"
    assert text.startswith("Invalid base64 SAMLResponse (Service: AWSOpenIdDiscoveryService;")


@pytest.mark.parametrize("document", [b"abc", b"<a/>", b"<Response/>", b"\xff\xfe\x00", b"<" * 900])
def test_what_is_no_response_is_refused(document: bytes, directory: Directory) -> None:
    expected = invalid("Response is not a SAML response that can be read.")
    assert error_of(assume, document) == expected


@pytest.mark.parametrize("seconds", [899, 43_201, -1, 10**12])
def test_a_length_that_sts_does_not_offer_is_refused(seconds: int, directory: Directory) -> None:
    keys = {"AccessKeyId": "x", "SecretAccessKey": "x"}
    sts = client("sts", keys, checked=False)
    code, _ = error_of(
        sts.assume_role_with_saml,
        RoleArn=ROLE,
        PrincipalArn=PROVIDER,
        SAMLAssertion=base64.b64encode(directory.response()).decode(),
        DurationSeconds=seconds,
    )
    assert code == "ValidationError"


def test_a_provider_that_is_not_there_is_refused(directory: Directory) -> None:
    for other in ("saml-provider/Other", "saml-provider/company", "oidc-provider/Company"):
        code, text = error_of(
            assume, directory.response(), PrincipalArn=f"arn:aws:iam::{ACCOUNT}:{other}"
        )
        assert (code, text[:32]) == invalid("Specified provider doesn't exist")


def test_what_is_no_role_s_arn_is_refused(directory: Directory) -> None:
    refused = error_of(assume, directory.response(), RoleArn=PROVIDER)
    assert refused == ("ValidationError", "Request ARN is invalid")


# --- who is let in -----------------------------------------------------------------------------


def test_a_role_that_the_directory_does_not_offer_is_refused(directory: Directory) -> None:
    """Its trust policy would let alice in."""
    boto3.client("iam", "us-east-1").create_role(RoleName="Admin", AssumeRolePolicyDocument=trust())
    other = f"arn:aws:iam::{ACCOUNT}:role/Admin"
    assert error_of(assume, directory.response(), RoleArn=other) == DENIED
    assert status_of(assume, directory.response(), RoleArn=other) == 403
    offered = directory.response({f"{NAMES}Role": [f"{other},{PROVIDER}"]})
    assert error_of(assume, offered) == DENIED
    assert assume(offered, RoleArn=other)["AssumedRoleUser"]["Arn"].endswith("Admin/alice")


@pytest.mark.parametrize(
    "value",
    [ROLE, "", f"{ROLE};{PROVIDER}", f"{ROLE},{PROVIDER}2", f"{ROLE},{PROVIDER},{ROLE}", ROLE * 2],
)
def test_what_is_no_pair_of_role_and_provider_offers_nothing(
    value: str, directory: Directory
) -> None:
    assert (
        error_of(assume, directory.response({f"{NAMES}Role": [value] if value else []})) == DENIED
    )


def test_a_role_that_does_not_trust_the_provider_is_refused(
    directory: Directory, pair: KeyPair
) -> None:
    """Nor does it help to have the same directory under another name."""
    document = metadata(pair.certificate).decode()
    made = boto3.client("iam").create_saml_provider(Name="Own", SAMLMetadataDocument=document)
    own = made["SAMLProviderArn"]
    offered = directory.response({f"{NAMES}Role": [f"{ROLE},{own}"]})
    assert error_of(assume, offered, PrincipalArn=own) == DENIED


def test_a_directory_vouches_for_roles_of_its_own_account_alone(directory: Directory) -> None:
    """Not even where a role of another account trusts it."""
    other = stranger().new_role("Engineer", json.loads(trust()))
    offered = directory.response({f"{NAMES}Role": [f"{other},{PROVIDER}"]})
    assert error_of(assume, offered, RoleArn=other) == DENIED


def test_a_role_that_is_not_there_looks_like_one_that_lets_nobody_in(directory: Directory) -> None:
    gone = f"arn:aws:iam::{ACCOUNT}:role/Gone"
    offered = directory.response({f"{NAMES}Role": [f"{gone},{PROVIDER}"]})
    assert error_of(assume, offered, RoleArn=gone) == DENIED


def test_of_several_values_of_a_single_valued_key_the_first_counts(directory: Directory) -> None:
    mail = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
    trusted = trust(StringEquals={"SAML:mail": ALICE})
    boto3.client("iam").update_assume_role_policy(RoleName="Engineer", PolicyDocument=trusted)
    assert error_of(assume, directory.response({mail: ["eve@example.com", ALICE]})) == DENIED
    assert assume(directory.response({mail: [ALICE, "eve@example.com"]}))["Subject"] == ALICE


def test_a_provider_whose_metadata_is_over_lets_nobody_in(
    directory: Directory, cloud: lab.Cloud
) -> None:
    ends = f"{cloud.clock.now() + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    root = etree.fromstring(metadata(directory.pair.certificate))
    root.set("validUntil", ends)
    boto3.client("iam").update_saml_provider(
        SAMLProviderArn=PROVIDER, SAMLMetadataDocument=etree.tostring(root).decode()
    )
    assert assume(directory.response())["Subject"] == ALICE
    cloud.clock.advance(hours=1)
    later = Directory(directory.pair, cloud.clock.now())
    text = "Response signature invalid"
    assert error_of(assume, later.response()) == ("InvalidIdentityToken", text)


def test_a_role_of_identity_center_is_not_put_on_this_way(directory: Directory) -> None:
    name = "AWSReservedSSO_Admin_0123456789abcdef"
    iam = boto3.client("iam", "us-east-1")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust())["Role"]["Arn"]
    offered = directory.response({f"{NAMES}Role": [f"{arn},{PROVIDER}"]})
    assert error_of(assume, offered, RoleArn=arn) == DENIED


@pytest.mark.parametrize(
    ("condition", "lets_in"),
    [
        ({"StringEquals": {"SAML:aud": "https://eu-west-1.signin.aws.amazon.com/saml"}}, False),
        ({"StringEquals": {"SAML:sub": "carol@example.com"}}, False),
        ({"StringEquals": {"SAML:sub_type": "transient"}}, False),
        ({"StringEquals": {"saml:doc": f"{ACCOUNT}/Other"}}, False),
        ({"StringEquals": {"SAML:iss": "https://idp.example.net"}}, False),
        ({"ForAnyValue:StringEquals": {"SAML:edupersonaffiliation": "student"}}, False),
        ({"StringEquals": {"sts:RoleSessionName": "bob"}}, False),
        ({"StringEquals": {"saml:mail": "bob@example.com"}}, False),
        ({"StringEquals": {"SAML:aud": ACS, "SAML:sub": ALICE}}, True),
        ({"StringEquals": {"SAML:sub_type": "persistent", "saml:mail": ALICE}}, True),
        ({"StringEquals": {"saml:doc": f"{ACCOUNT}/Company", "saml:iss": uris.ENTITY_ID}}, True),
        ({"ForAnyValue:StringEquals": {"SAML:edupersonaffiliation": "staff"}}, True),
        ({"StringEquals": {"saml:edupersonorgdn": "dc=example"}}, True),
        ({"StringEquals": {"sts:RoleSessionName": "alice"}}, True),
        ({"StringEquals": {"aws:FederatedProvider": PROVIDER}}, True),
    ],
)
def test_the_trust_policy_sees_what_the_directory_says(
    condition: dict[str, Any], lets_in: bool, directory: Directory
) -> None:
    retrust(trust(**condition))
    said = {f"{EDU}1": ["staff", "faculty"], f"{EDU}3": ["dc=example"]}
    document = directory.response(said)
    if lets_in:
        assert assume(document)["Subject"] == ALICE
    else:
        assert error_of(assume, document) == DENIED


# --- what it says of the user ------------------------------------------------------------------


def test_the_answer_names_the_user_as_the_documentation_computes_it(directory: Directory) -> None:
    answer = assume(directory.response())
    digest = hashlib.sha1(f"{uris.ENTITY_ID}{ACCOUNT}/Company".encode()).digest()
    assert answer["NameQualifier"] == base64.b64encode(digest).decode()
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/Engineer/alice"
    assert (answer["Issuer"], answer["Audience"]) == (uris.ENTITY_ID, ACS)
    assert (answer["Subject"], answer["SubjectType"]) == (ALICE, "persistent")
    assert "SourceIdentity" not in answer


@pytest.mark.parametrize(
    ("form", "kind"), [(uris.TRANSIENT, "transient"), (uris.EMAIL, uris.EMAIL)]
)
def test_only_saml_2_formats_are_shortened(form: str, kind: str, directory: Directory) -> None:
    assert assume(directory.response(name_id_format=form))["SubjectType"] == kind


@pytest.mark.parametrize(
    "address",
    [
        "https://eu-west-1.signin.aws.amazon.com/saml",
        "https://us-east-1.signin.aws.amazon.com/saml",
    ],
)
def test_a_response_may_go_to_the_sign_in_of_a_region(address: str, directory: Directory) -> None:
    retrust(trust(StringEquals={"SAML:aud": address}))
    for audience in ("urn:amazon:webservices", address, ACS):
        document = directory.response(acs_url=address, audience=audience)
        assert assume(document)["Audience"] == address


@pytest.mark.parametrize(
    "address",
    [
        "https://signin.aws.amazon.com/saml/",
        "http://signin.aws.amazon.com/saml",
        "https://signin.aws.amazon.com.evil.example.net/saml",
        "https://mars-1.signin.aws.amazon.com/saml",
        "https://signin.aws.amazon.com/saml/acs/SAMLSP0123456789ABCDEF",
        "https://us-east-1.signin.aws.amazon.com/platform/saml/acs/1",
    ],
)
def test_a_response_to_any_other_address_is_refused(address: str, directory: Directory) -> None:
    """Neither the destination nor the recipient may be somewhere else."""
    retrust(trust(StringLike={"SAML:aud": "*"}))
    refused = error_of(assume, directory.response(acs_url=address))
    assert refused == invalid("Response does not contain the required destination.")

    def destination(root: etree._Element) -> None:
        root.set("Destination", ACS)

    refused = error_of(assume, directory.response(acs_url=address, change=destination))
    assert refused == invalid("Response does not contain the required recipient.")


def test_two_confirmations_are_refused_as_nobody_knows_which_counts(directory: Directory) -> None:
    def twice(root: etree._Element) -> None:
        confirmation = next(root.iter(qname("saml:SubjectConfirmation")))
        confirmation.getparent().append(etree.fromstring(etree.tostring(confirmation)))

    refused = error_of(assume, directory.response(change=twice))
    assert refused == invalid("Response is not a SAML response that can be read.")
