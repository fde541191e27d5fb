"""A user pool whose users come from outside providers, and their browsers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
import jwt
import pytest
import requests

from helpers import lab, providers
from helpers.cloud.federation import users
from helpers.cloud.federation.profile import FederationError, Profile
from helpers.cloud.user_pools import directory
from helpers.cloud.user_pools.identity_providers import IdentityProvider, provider_named
from helpers.cloud.world import ACCOUNT
from tests.cloud.hosted_ui.site import BASE, CALLBACK, PREFIX, Browser, answered, new_app

REGION = "us-east-1"
RETURN = f"{BASE}/oauth2/idpresponse"
PASSWORD = "Provider-pass1!"
ISSUER = "https://login.example.org"
# Brand → the provider's name in the pool, its ProviderType, its scopes, the claim that names users.
KINDS = {
    "google": ("Google", "Google", "openid email profile", "sub"),
    "apple": ("SignInWithApple", "SignInWithApple", "email name", "sub"),
    "amazon": ("LoginWithAmazon", "LoginWithAmazon", "profile postal_code", "user_id"),
    "facebook": ("Facebook", "Facebook", "public_profile, email", "id"),
    "openid": ("Partner", "OIDC", "openid email profile groups", "sub"),
}
BRANDS = tuple(KINDS)
MAPPING = {"email": "email", "name": "name"}


@dataclass
class Federation:
    """One pool with a domain, a web app and the providers that a test adds."""

    cloud: lab.Cloud
    settings: dict[str, Any] = field(default_factory=dict)
    client_settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.idp = boto3.client("cognito-idp")
        made = self.idp.create_user_pool(PoolName="family", **self.settings)
        self.pool_id = made["UserPool"]["Id"]
        self.idp.create_user_pool_domain(UserPoolId=self.pool_id, Domain=PREFIX)
        self.app = new_app(self.pool_id, "", **{"ExplicitAuthFlows": FLOWS, **self.client_settings})

    def add(
        self, brand: str, mapping: dict[str, str] | None = None, **details: str
    ) -> providers.App:
        """Register an app at a provider, and the provider in the pool."""
        name, kind, scopes, _ = KINDS[brand]
        registered = getattr(providers, brand)().register(RETURN)
        given = {"client_id": registered.client_id, "authorize_scopes": scopes}
        if brand == "apple":
            given |= {n: getattr(registered, n) for n in ("team_id", "key_id", "private_key")}
        else:
            given["client_secret"] = registered.client_secret
        if brand == "openid":
            given |= {"oidc_issuer": ISSUER, "attributes_request_method": "GET"}
        self.idp.create_identity_provider(
            UserPoolId=self.pool_id,
            ProviderName=name,
            ProviderType=kind,
            ProviderDetails={**given, **details},
            AttributeMapping=MAPPING if mapping is None else mapping,
        )
        self.enable(name)
        return registered

    def enable(self, name: str) -> None:
        """Let the web app use a provider."""
        described = self.idp.describe_user_pool_client(
            UserPoolId=self.pool_id, ClientId=self.app.client_id
        )["UserPoolClient"]
        names = [*described.get("SupportedIdentityProviders", []), name]
        unwanted = ("ClientSecret", "LastModifiedDate", "CreationDate")
        kept = {k: v for k, v in described.items() if k not in unwanted}
        self.idp.update_user_pool_client(**{**kept, "SupportedIdentityProviders": names})

    # --- in a browser --------------------------------------------------------------------------

    def leave(self, brand: str, browser: Browser | None = None, **query: str) -> requests.Response:
        """Where the domain sends a browser that wants to sign in at a provider."""
        asked = self.app.request(identity_provider=KINDS[brand][0], **query)
        return (browser or Browser()).get("/oauth2/authorize", follow=False, **asked)

    def sign_in(self, brand: str, person: str = "alice", **query: str) -> dict[str, str]:
        """What the app is told at its callback when a person signs in at a provider."""
        browser = Browser()
        asked = self.app.request(identity_provider=KINDS[brand][0], **query)
        page = browser.get("/oauth2/authorize", **asked)
        if page.url.startswith(CALLBACK):
            return answered(page)
        page = browser.submit(page, username=person, password=PASSWORD)
        if brand == "apple" and not page.url.startswith(CALLBACK):
            page = browser.submit(page)
        return answered(page)

    def tokens(self, brand: str, person: str = "alice", **query: str) -> dict[str, Any]:
        """The tokens of a person who signs in at a provider."""
        came = self.sign_in(brand, person, **query)
        assert "code" in came, came
        response = self.app.exchange(came["code"])
        assert response.status_code == 200, response.text
        return dict(response.json())

    def claims(self, brand: str, person: str = "alice", **query: str) -> dict[str, Any]:
        """The claims of that person's ID token."""
        return read(self.tokens(brand, person, **query)["id_token"])

    # --- without one ---------------------------------------------------------------------------

    def pool(self) -> directory.Pool:
        """The pool as the cloud's inside has it."""
        world = self.cloud._app.world  # type: ignore[attr-defined]
        found = directory.find_pool(world, ACCOUNT, REGION, self.pool_id)
        assert found is not None
        return found

    def provider(self, brand: str = "openid") -> IdentityProvider:
        """A provider as the cloud's inside has it."""
        found = provider_named(self.pool(), KINDS[brand][0])
        assert found is not None
        return found

    def enter(
        self,
        subject: str,
        brand: str = "openid",
        session: dict[str, str] | None = None,
        **claims: Any,
    ) -> str:
        """The username of somebody whom a provider vouches for, with these claims."""
        pool = self.pool()
        app = directory.App(pool, pool.resource.clients[self.app.client_id])
        profile = Profile(subject, claims, session or {})
        return users.sign_in(app, self.provider(brand), profile).username

    # --- the directory -------------------------------------------------------------------------

    def usernames(self) -> list[str]:
        """Everybody in the pool."""
        return sorted(u["Username"] for u in self.idp.list_users(UserPoolId=self.pool_id)["Users"])

    def user(self, username: str) -> dict[str, Any]:
        """AdminGetUser."""
        return self.idp.admin_get_user(UserPoolId=self.pool_id, Username=username)

    def attributes(self, username: str) -> dict[str, str]:
        """The attributes of a user."""
        return {a["Name"]: a["Value"] for a in self.user(username)["UserAttributes"]}

    def local_user(self, username: str, **attributes: str) -> str:
        """A confirmed user with a password; returns the sub."""
        pairs = [{"Name": n, "Value": v} for n, v in attributes.items()]
        made = self.idp.admin_create_user(
            UserPoolId=self.pool_id,
            Username=username,
            UserAttributes=pairs,
            MessageAction="SUPPRESS",
        )["User"]
        self.idp.admin_set_user_password(
            UserPoolId=self.pool_id, Username=username, Password=LOCAL_PASSWORD, Permanent=True
        )
        return next(a["Value"] for a in made["Attributes"] if a["Name"] == "sub")

    def link(
        self, username: str, value: str, brand: str = "openid", by: str = "Cognito_Subject"
    ) -> None:
        """AdminLinkProviderForUser to a user of the pool."""
        self.idp.admin_link_provider_for_user(
            UserPoolId=self.pool_id,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": username},
            SourceUser=account(value, brand, by),
        )

    def unlink(self, value: str, brand: str = "openid", by: str = "Cognito_Subject") -> None:
        """AdminDisableProviderForUser."""
        self.idp.admin_disable_provider_for_user(
            UserPoolId=self.pool_id, User=account(value, brand, by)
        )


LOCAL_PASSWORD = "Corr3ct-horse"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
MakeFederation = Callable[..., Federation]


def account(value: str, brand: str = "openid", by: str = "Cognito_Subject") -> dict[str, str]:
    """A ProviderUserIdentifierType."""
    name = KINDS[brand][0]
    return {"ProviderName": name, "ProviderAttributeName": by, "ProviderAttributeValue": value}


def subject(brand: str, person: str = "alice") -> str:
    """What a provider calls a person."""
    people = {p["username"]: p["claims"] for p in getattr(providers, brand)().people()}
    return people[person][KINDS[brand][3]]


def username(brand: str, person: str = "alice") -> str:
    """What the pool calls a person who comes from a provider."""
    return f"{KINDS[brand][0]}_{subject(brand, person)}"


def read(token: str) -> dict[str, Any]:
    """The claims of a token."""
    return jwt.decode(token, options={"verify_signature": False})


def refusal(family: Federation, subject: str, brand: str = "openid", **claims: object) -> str:
    """Why somebody is not let in, with nothing changed."""
    before = family.usernames()
    with pytest.raises(FederationError) as caught:
        family.enter(subject, brand, **claims)
    assert family.usernames() == before
    return caught.value.description
