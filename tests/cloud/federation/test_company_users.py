"""Users who come from a company directory by SAML: their names, identities and links."""

from __future__ import annotations

import json

import pytest

from helpers import providers
from tests.cloud.federation.brands import PASSWORD, Federation, read
from tests.cloud.hosted_ui.site import BASE, Browser, answered

EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"


@pytest.fixture
def company(family: Federation) -> Federation:
    """A pool that trusts the company's directory."""
    directory = providers.company_directory()
    directory.register(
        f"urn:amazon:cognito:sp:{family.pool_id}",
        f"{BASE}/saml2/idpresponse",
        name_id_format="persistent",
    )
    family.idp.create_identity_provider(
        UserPoolId=family.pool_id,
        ProviderName="Company",
        ProviderType="SAML",
        ProviderDetails={"MetadataFile": directory.metadata()},
        AttributeMapping={"email": EMAIL},
    )
    family.enable("Company")
    return family


def sign_in(company: Federation, person: str = "alice") -> dict[str, object]:
    """The claims of the ID token of an employee."""
    browser = Browser()
    asked = company.app.request(identity_provider="Company")
    page = browser.submit(
        browser.get("/oauth2/authorize", **asked), username=person, password=PASSWORD
    )
    page = browser.submit(page)
    return read(company.app.exchange(answered(page)["code"]).json()["id_token"])


def test_an_employee_is_a_user_with_the_directory_as_issuer(company: Federation) -> None:
    claims = sign_in(company)
    name = str(claims["cognito:username"])
    (identity,) = json.loads(company.attributes(name)["identities"])
    assert name == f"Company_{identity['userId']}"
    assert identity["issuer"] == providers.company_directory().entity_id
    assert (identity["providerType"], identity["primary"]) == ("SAML", True)
    assert claims["cognito:groups"] == [f"{company.pool_id}_Company"]
    assert sign_in(company)["sub"] == claims["sub"]


def test_an_employee_is_linked_by_address_and_then_by_name_id(company: Federation) -> None:
    company.local_user("alice")
    link = {
        "ProviderName": "Company",
        "ProviderAttributeName": "email",
        "ProviderAttributeValue": "alice@example.com",
    }
    company.idp.admin_link_provider_for_user(
        UserPoolId=company.pool_id,
        DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "alice"},
        SourceUser=link,
    )
    (before,) = json.loads(company.attributes("alice")["identities"])
    assert (before["userId"], before["issuer"]) == ("alice@example.com", None)
    assert sign_in(company)["cognito:username"] == "alice"
    (after,) = json.loads(company.attributes("alice")["identities"])
    assert after["userId"] != "alice@example.com"
    assert after["issuer"] == providers.company_directory().entity_id
    assert str(sign_in(company, "bob")["cognito:username"]).startswith("Company_")
