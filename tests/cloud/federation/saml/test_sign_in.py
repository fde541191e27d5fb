"""Employees sign in at their company, in a browser: pool, domain and directory together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import boto3
import lxml.html
import pytest
import requests
from botocore.exceptions import ClientError

from helpers import lab, providers
from helpers.providers.saml.tamper import FAULTS
from tests.cloud.hosted_ui.site import BASE, PREFIX, SIGNED_OUT, Browser, WebApp, answered, new_app

PASSWORD = "Provider-pass1!"
ACS, SLO = f"{BASE}/saml2/idpresponse", f"{BASE}/saml2/logout"
CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
# What leaves a true statement behind.
HARMLESS = frozenset({"comment_in_name_id", "empty_groups", "replayed"})


@dataclass
class Office:
    """A pool that lets employees in."""

    app: WebApp
    entity_id: str
    certificate: str
    encryption_certificate: str

    def page(self, browser: Browser, person: str = "alice") -> requests.Response:
        """The directory's page that posts its answer."""
        page = browser.get("/oauth2/authorize", **self.app.request(identity_provider="Company"))
        return browser.submit(page, username=person, password=PASSWORD)

    def sign_in(self, browser: Browser | None = None, person: str = "alice") -> dict[str, str]:
        browser = browser or Browser()
        return answered(browser.submit(self.page(browser, person)))

    def user(self, came: dict[str, str]) -> dict[str, Any]:
        """The user info of who came with a code."""
        assert "code" in came, came
        tokens = self.app.exchange(came["code"]).json()
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        return dict(requests.get(f"{BASE}/oauth2/userInfo", headers=bearer).json())


@pytest.fixture
def office(cloud: lab.Cloud) -> Callable[..., Office]:
    """Make the pool, with these ProviderDetails, registered in the directory with `options`."""

    def make(details: dict[str, str] | None = None, **options: Any) -> Office:
        idp, directory = boto3.client("cognito-idp"), providers.company_directory()
        pool_id = idp.create_user_pool(PoolName="office")["UserPool"]["Id"]
        idp.create_user_pool_domain(UserPoolId=pool_id, Domain=PREFIX)
        made = idp.create_identity_provider(
            UserPoolId=pool_id,
            ProviderName="Company",
            ProviderType="SAML",
            ProviderDetails={"MetadataURL": directory.metadata_url, **(details or {})},
            AttributeMapping={"email": CLAIM},
        )["IdentityProvider"]["ProviderDetails"]
        office = Office(
            app=new_app(pool_id, "", SupportedIdentityProviders=["Company"]),
            entity_id=f"urn:amazon:cognito:sp:{pool_id}",
            certificate=idp.get_signing_certificate(UserPoolId=pool_id)["Certificate"],
            encryption_certificate=made["ActiveEncryptionCertificate"],
        )
        chosen = {key: getattr(office, value) for key, value in options.pop("keys", {}).items()}
        directory.register(office.entity_id, ACS, slo_url=SLO, **chosen, **options)
        return office

    return make


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - HARMLESS))
def test_whatever_the_directory_does_wrong_ends_at_the_app_without_a_code(
    fault: str, office: Callable[..., Office]
) -> None:
    made = office({"RequestSigningAlgorithm": "rsa-sha256"})
    providers.company_directory().misbehave(fault)
    came = made.sign_in()
    assert "code" not in came
    assert came["error"] in ("server_error", "invalid_request")
    assert came["state"] == "state-1"


def test_an_answer_is_good_for_one_sign_in(office: Callable[..., Office]) -> None:
    made = office()
    assert "code" in made.sign_in()
    providers.company_directory().misbehave("replayed")
    assert "error" in made.sign_in()


def test_an_answer_that_was_not_asked_for_is_refused(office: Callable[..., Office]) -> None:
    made = office()
    page = made.page(Browser())
    form = dict(lxml.html.fromstring(page.text).forms[0].form_values())
    for relay_state in (form["RelayState"], "", "client_id=x"):
        posted = {"SAMLResponse": form["SAMLResponse"], "RelayState": relay_state}
        refused = requests.post(ACS, data=posted, allow_redirects=False)
        assert refused.status_code in (302, 400)
        assert "code=" not in refused.headers.get("Location", "")


def test_an_employee_signs_in(office: Callable[..., Office]) -> None:
    made = office()
    assert made.user(made.sign_in())["email"] == "alice@example.com"


@pytest.mark.parametrize("sign", ["assertion", "response", "both"])
@pytest.mark.parametrize("cipher", ["aes256-gcm", "aes128-cbc"])
def test_signed_requests_and_encrypted_assertions_are_understood_on_both_sides(
    sign: str, cipher: str, office: Callable[..., Office]
) -> None:
    keys = {
        "signing_certificate": "certificate",
        "encryption_certificate": "encryption_certificate",
    }
    details = {"RequestSigningAlgorithm": "rsa-sha256", "EncryptedResponses": "true"}
    made = office(details, keys=keys, sign=sign, encryption_algorithm=cipher)
    assert made.user(made.sign_in())["email"] == "alice@example.com"


def test_an_unsigned_request_does_not_pass_where_a_signed_one_is_wanted(
    office: Callable[..., Office],
) -> None:
    made = office(keys={"signing_certificate": "certificate"})
    asked = made.app.request(identity_provider="Company")
    assert Browser().get("/oauth2/authorize", **asked).status_code == 400


def test_signing_out_at_the_pool_signs_out_at_the_directory(
    office: Callable[..., Office],
) -> None:
    details = {"IDPSignout": "true", "RequestSigningAlgorithm": "rsa-sha256"}
    made = office(details, keys={"signing_certificate": "certificate"})
    browser = Browser()
    made.sign_in(browser)
    query = {"client_id": made.app.client_id, "logout_uri": SIGNED_OUT}
    page = browser.get("/logout", **query)
    assert page.url.startswith(providers.company_directory().slo_url)
    page = browser.submit(page)
    assert page.url.startswith(SIGNED_OUT)
    asked = made.app.request(identity_provider="Company")
    again = browser.get("/oauth2/authorize", **asked)
    assert "password" in lxml.html.fromstring(again.text).forms[0].fields


@pytest.mark.parametrize("allowed", ["true", "false"])
def test_the_portal_begins_a_sign_in_only_where_the_pool_allows_it(
    allowed: str, office: Callable[..., Office]
) -> None:
    made, directory, browser = (
        office({"IDPInit": allowed}),
        providers.company_directory(),
        Browser(),
    )
    relay_state = urlencode(made.app.request(identity_provider="Company"))
    directory.register(made.entity_id, ACS, relay_state=relay_state)
    portal = browser.get(directory.portal_url)
    portal = browser.submit(portal, username="alice", password=PASSWORD)
    token = lxml.html.fromstring(portal.text).forms[0].fields["token"]
    pressed = {"token": token, "app": made.entity_id}
    came = answered(
        browser.submit(browser.session.post(f"{directory.portal_url}/start", data=pressed))
    )
    if allowed == "true":
        assert made.user(came)["email"] == "alice@example.com"
    else:
        wrong = "Invalid samlResponse or relayState from identity provider"
        assert (came["error"], came["error_description"]) == ("invalid_request", wrong)


def test_a_stranger_may_not_read_the_signing_certificate(
    office: Callable[..., Office], iam_user: Any
) -> None:
    made = office()
    stranger = iam_user("stranger").client("cognito-idp")
    with pytest.raises(ClientError, match="AccessDenied"):
        stranger.get_signing_certificate(UserPoolId=made.app.pool_id)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        boto3.client("cognito-idp").get_signing_certificate(UserPoolId="us-east-1_nowhere00")
