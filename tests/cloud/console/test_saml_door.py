"""https://signin.aws.amazon.com/saml: who comes into the console from a company directory."""

from __future__ import annotations

import boto3
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import html

from helpers import lab
from helpers.providers.saml import tamper
from helpers.providers.saml.encryption import encrypt_assertions
from helpers.providers.saml.keys import KeyPair
from helpers.providers.saml.metadata import metadata
from helpers.providers.saml.safe_xml import parse, serialize
from tests.cloud.aws_saml.directory import (
    ACCOUNT,
    NAMES,
    PROVIDER,
    ROLE,
    VICTIM,
    Directory,
    trust,
)
from tests.cloud.console.conftest import HOME, SIGN_IN, Door, come_in, problem, shown
from tests.providers.browser import Browser

INVALID = "Your request included an invalid SAML response. To logout, click here."
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/Admin"
TWO = {f"{NAMES}Role": [f"{ROLE},{PROVIDER}", f"{PROVIDER}, {ADMIN}"]}


@pytest.fixture
def admin(directory: Directory) -> None:
    """A second role that the directory may offer."""
    boto3.client("iam").create_role(RoleName="Admin", AssumeRolePolicyDocument=trust())


def test_a_request_without_a_response_is_told_so(browser: Browser, cloud: lab.Cloud) -> None:
    text = "Your request did not include a SAML response. To logout, click here."
    for page in (browser.get(f"{SIGN_IN}/saml"), browser.session.post(f"{SIGN_IN}/saml")):
        assert (page.status_code, problem(page)) == (400, text)


@pytest.mark.parametrize("message", ["x", "%%%%", "PGEvPg==", "é" * 50, "A" * 150_000])
def test_what_is_no_response_is_refused(message: str, door: Door, directory: Directory) -> None:
    page = door(message)
    assert (page.status_code, problem(page)) == (400, INVALID)


def test_a_response_without_a_role_is_refused(door: Door, directory: Directory) -> None:
    page = door(directory.response(without=["Role"]))
    assert (page.status_code, problem(page)) == (400, INVALID)


@pytest.mark.parametrize(
    "offer",
    [
        f"a:role/y,{PROVIDER}",
        f":role/x,{PROVIDER}",
        f"arn:aws:iam::1:role/x,{PROVIDER}",
        f'arn:aws:iam::{ACCOUNT}:role/"><b> c,{PROVIDER}',
        f"{ROLE},{ROLE}",
        f"{ADMIN},{PROVIDER},{PROVIDER}",
        f"{ADMIN},a:saml-provider/x",
    ],
)
def test_what_is_no_pair_of_a_role_and_a_provider_offers_nothing(
    offer: str, door: Door, browser: Browser, directory: Directory
) -> None:
    alone = door(directory.response({f"{NAMES}Role": [offer]}))
    assert (alone.status_code, problem(alone)) == (400, INVALID)
    beside = door(directory.response({f"{NAMES}Role": [offer, f"{ROLE},{PROVIDER}"]}))
    assert shown(come_in(browser, beside), "role") == "Engineer"


def test_what_sts_refuses_is_refused_in_its_words(door: Door, directory: Directory) -> None:
    page = door(directory.response(without=["RoleSessionName"]))
    assert problem(page) == (
        "RoleSessionName is required in AuthnResponse (Service: AWSSecurityTokenService; "
        "Status Code: 400; Error Code: InvalidIdentityToken). Please try again."
    )
    boto3.client("iam").update_assume_role_policy(
        RoleName="Engineer", PolicyDocument=trust(StringEquals={"SAML:sub": "carol"})
    )
    page = door(directory.response())
    assert page.status_code == 403
    assert problem(page).startswith("Not authorized to perform sts:AssumeRoleWithSAML (Service")


@pytest.mark.parametrize("sign", ["assertion", "response", "both"])
def test_no_attack_opens_the_door(
    sign: str, door: Door, browser: Browser, directory: Directory, stranger: KeyPair
) -> None:
    harmless = ("comment_in_name_id", "replayed")
    for fault in tamper.ATTACKS:
        if fault in harmless or tamper.signature_for(fault, sign) != sign:
            continue
        context = tamper.Context(
            directory.pair.certificate, stranger, victim=VICTIM, now=directory.now, sign=sign
        )
        page = door(tamper.ATTACKS[fault](directory.response(sign=sign), context))
        assert (page.status_code, fault) == (400, fault)
        assert VICTIM not in page.text
    assert browser.get(HOME).headers["Location"] == f"{SIGN_IN}/signin"


def test_no_provider_offers_the_roles_of_another(
    door: Door, admin: None, directory: Directory, stranger: KeyPair
) -> None:
    """A partner's directory, trusted for its own role only, names the company's."""
    iam = boto3.client("iam")
    document = metadata(stranger.certificate).decode()
    made = iam.create_saml_provider(Name="Partner", SAMLMetadataDocument=document)
    partner = made["SAMLProviderArn"]
    role = iam.create_role(RoleName="Partner", AssumeRolePolicyDocument=trust(provider=partner))[
        "Role"
    ]["Arn"]
    pairs = [f"{role},{partner}", f"{ADMIN},{PROVIDER}"]
    document = Directory(stranger, directory.now).response({f"{NAMES}Role": pairs})
    page = door(document, roleIndex=ADMIN)
    assert (page.status_code, problem(page)) == (400, INVALID)
    assert door(document).status_code == 302


# --- in ----------------------------------------------------------------------------------------


def test_who_has_one_role_is_in_at_once(door: Door, browser: Browser, directory: Directory) -> None:
    page = come_in(browser, door(directory.response()))
    assert page.url == HOME
    assert shown(page, "arn") == f"arn:aws:sts::{ACCOUNT}:assumed-role/Engineer/alice"
    assert (shown(page, "account"), shown(page, "role")) == (ACCOUNT, "Engineer")
    assert shown(page, "ends") == "2026-01-15 13:00 UTC, in 60 minutes"


def test_who_has_several_roles_chooses_one(
    door: Door, browser: Browser, directory: Directory, admin: None
) -> None:
    page = door(directory.response(TWO))
    assert page.status_code == 200
    (account,) = html.fromstring(page.text).xpath("//fieldset/div[@class='saml-account']")
    # As programs read this page that are made for AWS (saml2aws).
    assert account.xpath(".//label/@for") == [ADMIN, ROLE]
    assert account.xpath("string(div[@class='saml-account-name'])") == f"Account: {ACCOUNT}"
    page = come_in(browser, browser.submit(page, roleIndex=ADMIN))
    assert shown(page, "arn").endswith(":assumed-role/Admin/alice")


def test_a_role_that_was_not_offered_cannot_be_chosen(
    door: Door, directory: Directory, admin: None
) -> None:
    page = door(directory.response(), roleIndex=ADMIN)
    assert (page.status_code, problem(page)) == (400, INVALID)


def test_one_response_for_one_use_still_lets_the_user_choose(
    door: Door, browser: Browser, directory: Directory, admin: None
) -> None:
    document = directory.response(TWO, one_time_use=True)
    assert door(document, roleIndex=ADMIN).status_code == 302
    assert "already been used" in problem(door(document, roleIndex=ROLE))


def test_the_directory_says_how_long_the_session_lasts(
    door: Door, browser: Browser, directory: Directory
) -> None:
    half = directory.response({f"{NAMES}SessionDuration": ["1800"]})
    assert shown(come_in(browser, door(half)), "ends").endswith("in 30 minutes")
    long = directory.response({f"{NAMES}SessionDuration": ["43200"]})
    text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    assert problem(door(long)).startswith(text)
    boto3.client("iam").update_role(RoleName="Engineer", MaxSessionDuration=43200)
    assert shown(come_in(browser, door(long)), "ends") == "2026-01-16 00:00 UTC, in 720 minutes"


@pytest.mark.parametrize(
    ("relay_state", "goes_to"),
    [
        ("https://console.aws.amazon.com/s3/home", "https://console.aws.amazon.com/s3/home"),
        ("https://console.aws.amazon.com/s3?a=b", "https://console.aws.amazon.com/s3"),
        ("https://evil.example.net/", HOME),
        ("https://console.aws.amazon.com.evil.example.net/", HOME),
        ("https://console.aws.amazon.com@evil.example.net/", HOME),
        ("https://evil.example.net\\@console.aws.amazon.com/", HOME),
        ("//evil.example.net", HOME),
        ("javascript:alert(1)", HOME),
        ("https://[", HOME),
    ],
)
def test_the_relay_state_leads_nowhere_but_into_the_console(
    relay_state: str, goes_to: str, door: Door, directory: Directory
) -> None:
    answer = door(directory.response(), RelayState=relay_state)
    assert answer.status_code == 302
    assert answer.headers["Location"].split("?")[0] == goes_to


def test_an_encrypted_response_goes_to_the_provider_s_own_address(
    door: Door, browser: Browser, directory: Directory, stranger: KeyPair
) -> None:
    iam = boto3.client("iam")
    pem = stranger.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    iam.update_saml_provider(
        SAMLProviderArn=PROVIDER, AddPrivateKey=pem, AssertionEncryptionMode="Required"
    )
    own = (
        f"{SIGN_IN}/saml/acs/{iam.get_saml_provider(SAMLProviderArn=PROVIDER)['SAMLProviderUUID']}"
    )
    boto3.client("iam").update_assume_role_policy(
        RoleName="Engineer", PolicyDocument=trust(StringEquals={"SAML:aud": own})
    )
    root = parse(directory.response(acs_url=own))
    encrypt_assertions(root, stranger.certificate)
    assert problem(door(serialize(root))) == INVALID
    assert problem(door(serialize(root), f"{SIGN_IN}/saml/acs/SAMLSPOTHER")) == INVALID
    assert door(directory.response(acs_url=own), own).status_code == 400
    assert shown(come_in(browser, door(serialize(root), own)), "session-name") == "alice"
