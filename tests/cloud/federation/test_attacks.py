"""Attacks by way of outside providers, and what they must not get."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from helpers import providers
from helpers.cloud.federation.profile import FederationError
from helpers.cloud.hosted_ui.state import HostedUiState
from tests.cloud.federation.brands import (
    ISSUER,
    PASSWORD,
    Federation,
    MakeFederation,
    subject,
    username,
)
from tests.cloud.hosted_ui.site import BASE, CALLBACK, SIGNED_OUT, Browser, answered, new_app


def enter_by(family: Federation, brand_name: str, person: str = "alice") -> Browser:
    """A browser whose person has signed in with a provider, and is back at the app."""
    browser = Browser()
    page = browser.get("/oauth2/authorize", **family.app.request(identity_provider=brand_name))
    page = browser.submit(page, username=person, password=PASSWORD)
    assert "code" in answered(page)
    return browser


# --- whose session, and for which client --------------------------------------------------------


def test_a_social_session_opens_no_client_that_takes_passwords_alone(family: Federation) -> None:
    family.add("google")
    browser = enter_by(family, "Google")
    native = new_app(family.pool_id, "", SupportedIdentityProviders=["COGNITO"])
    page = browser.get(native.url(), follow=False)
    assert page.headers["Location"].startswith("/login")
    own = family.app.request(identity_provider="COGNITO")
    page = browser.get("/oauth2/authorize", follow=False, **own)
    assert page.headers["Location"].startswith("/login")


def test_a_session_ends_with_the_link_it_came_by(family: Federation) -> None:
    family.add("google")
    family.local_user("ada")
    family.link("ada", subject("google"), "google")
    browser = enter_by(family, "Google")
    family.unlink(subject("google"), "google")
    page = browser.get("/oauth2/authorize", follow=False, **family.app.request())
    assert page.headers["Location"].startswith("/login")


def test_a_session_ends_with_the_provider_it_came_by(family: Federation) -> None:
    family.add("google")
    browser = enter_by(family, "Google")
    family.idp.delete_identity_provider(UserPoolId=family.pool_id, ProviderName="Google")
    page = browser.get("/oauth2/authorize", follow=False, **family.app.request())
    assert page.headers["Location"].startswith("/login")


# --- names and addresses ------------------------------------------------------------------------


def test_a_linked_user_does_not_get_somebody_elses_address(make_federation: MakeFederation) -> None:
    family = make_federation(UsernameAttributes=["email"])
    family.add("openid")
    alice = family.local_user("alice@example.com")
    bob = family.local_user("bob@example.com")
    family.link("alice@example.com", "s-1")
    with pytest.raises(FederationError, match="already exists"):
        family.enter("s-1", email="bob@example.com")
    assert family.user("alice@example.com")["Username"] == alice
    assert family.user("bob@example.com")["Username"] == bob
    assert family.enter("s-1", email="alice@example.com") == alice


@pytest.mark.parametrize("name", ["Partner_x", "Partner_", "_Partner", "Google", "cognito"])
def test_a_provider_has_no_name_that_could_make_anothers_usernames(
    family: Federation, name: str
) -> None:
    family.add("openid")
    described = family.idp.describe_identity_provider(
        UserPoolId=family.pool_id, ProviderName="Partner"
    )["IdentityProvider"]
    kept = {k: described[k] for k in ("UserPoolId", "ProviderType", "ProviderDetails")}
    with pytest.raises(family.idp.exceptions.InvalidParameterException):
        family.idp.create_identity_provider(**kept, ProviderName=name)


# --- answers of another provider, browser or sign-in --------------------------------------------


def test_an_answer_that_names_another_issuer_is_refused(family: Federation) -> None:
    family.add("openid")
    for issuer, refused in (("https://evil.example.net", True), (ISSUER, False)):
        browser = Browser()
        asked = family.app.request(identity_provider="Partner")
        page = browser.get("/oauth2/authorize", **asked)
        hop = browser.submit(page, follow=False, username="alice", password=PASSWORD)
        back = browser.get(f"{hop.headers['Location']}&iss={issuer}")
        assert ("error" in answered(back)) is refused


def test_a_code_of_one_provider_does_not_finish_the_sign_in_at_another(family: Federation) -> None:
    family.add("google")
    family.add("openid")
    browser, other = Browser(), Browser()
    page = browser.get("/oauth2/authorize", **family.app.request(identity_provider="Google"))
    hop = browser.submit(page, follow=False, username="alice", password=PASSWORD)
    code = parse_qs(urlsplit(hop.headers["Location"]).query)["code"][0]
    hop = family.leave("openid", other)
    state = parse_qs(urlsplit(hop.headers["Location"]).query)["state"][0]
    assert "error" in answered(other.get("/oauth2/idpresponse", code=code, state=state))
    assert username("google") not in family.usernames()


@pytest.mark.parametrize("path", ["/oauth2/idpresponse", "/saml2/idpresponse", "/saml2/logout"])
def test_another_browser_cannot_use_a_state_up(family: Federation, path: str) -> None:
    family.add("google")
    browser, thief = Browser(), Browser()
    page = browser.get("/oauth2/authorize", **family.app.request(identity_provider="Google"))
    hop = browser.submit(page, follow=False, username="alice", password=PASSWORD)
    given = {k: v[0] for k, v in parse_qs(urlsplit(hop.headers["Location"]).query).items()}
    form = {**given, "RelayState": given["state"], "SAMLResponse": "PHg+"}
    stolen = thief.session.post(f"{BASE}{path}", data=form)
    assert stolen.url.startswith(f"{BASE}/error?")
    assert "code" in answered(browser.get(hop.headers["Location"]))
    again = browser.get(hop.headers["Location"])
    assert again.url.startswith(f"{BASE}/error?")


def test_sign_ins_that_nobody_finishes_are_forgotten(family: Federation) -> None:
    family.add("google")
    kept = family.cloud._app.world.room(HostedUiState)  # type: ignore[attr-defined]
    for _ in range(5):
        family.leave("google")
    family.cloud.clock.advance(minutes=6)
    family.leave("google")
    assert len(kept.errands) == 1


# --- pages --------------------------------------------------------------------------------------


def test_who_asks_for_the_own_directory_may_still_choose_a_provider(family: Federation) -> None:
    family.add("google")
    page = Browser().get("/login", **family.app.request(identity_provider="COGNITO"))
    assert "&amp;identity_provider=Google" in page.text
    link = page.text.partition('href="oauth2/authorize')[2].partition('"')[0]
    assert link.count("identity_provider") == 1


def test_sign_out_works_although_the_provider_cannot_be_told(family: Federation) -> None:
    directory = providers.company_directory()
    entity, acs = f"urn:amazon:cognito:sp:{family.pool_id}", f"{BASE}/saml2/idpresponse"
    directory.register(entity, acs)
    ends = family.cloud.clock.now() + timedelta(minutes=30)
    metadata = directory.metadata().replace(
        "entityID=", f'validUntil="{ends:%Y-%m-%dT%H:%M:%SZ}" entityID=', 1
    )
    family.idp.create_identity_provider(
        UserPoolId=family.pool_id,
        ProviderName="Company",
        ProviderType="SAML",
        ProviderDetails={"MetadataFile": metadata, "IDPSignout": "true"},
    )
    family.enable("Company")
    browser = Browser()
    page = browser.get("/oauth2/authorize", **family.app.request(identity_provider="Company"))
    page = browser.submit(browser.submit(page, username="alice", password=PASSWORD))
    assert page.url.startswith(CALLBACK)
    family.cloud.clock.advance(minutes=45)
    page = browser.get("/logout", client_id=family.app.client_id, logout_uri=SIGNED_OUT)
    assert page.url == SIGNED_OUT
    page = browser.get("/oauth2/authorize", follow=False, **family.app.request())
    assert page.headers["Location"].startswith("/login")
