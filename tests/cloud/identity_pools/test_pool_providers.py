"""Which providers a pool may be given."""

from __future__ import annotations

from typing import Any

import pytest

from helpers import lab
from tests.cloud.identity_pools.app import App, error_of

IAM = "arn:aws:iam::123456789012"


@pytest.fixture
def bare(cloud: lab.Cloud) -> App:
    return App(cloud)


@pytest.mark.parametrize(
    "settings",
    [
        {"SupportedLoginProviders": {"google.com": "id"}},
        {"SupportedLoginProviders": {"https://accounts.google.com": "id"}},
        {"SupportedLoginProviders": {"login.mine": "id"}},
        {"OpenIdConnectProviderARNs": ["login.example.org/a/long/path"]},
        {"OpenIdConnectProviderARNs": [f"{IAM}:saml-provider/login.example.org"]},
        {"OpenIdConnectProviderARNs": [f"{IAM}:oidc-provider/"]},
        {"DeveloperProviderName": "accounts.google.com"},
        {"DeveloperProviderName": "cognito-identity.amazonaws.com"},
        {"DeveloperProviderName": "authenticated"},
        {"DeveloperProviderName": "unauthenticated"},
        {"IdentityPoolTags": {"aws:team": "blue"}},
        {"IdentityPoolTags": {f"t{number}": "x" for number in range(51)}},
    ],
    ids=str,
)
def test_what_is_no_provider_is_refused(bare: App, settings: dict[str, Any]) -> None:
    assert error_of(bare.new_pool, **settings)[0] == "InvalidParameterException"
    pool_id = bare.new_pool()
    code, _ = error_of(
        bare.identity.update_identity_pool,
        IdentityPoolId=pool_id,
        IdentityPoolName="app",
        AllowUnauthenticatedIdentities=False,
        **settings,
    )
    assert code == "InvalidParameterException"


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::999999999999:saml-provider/Company",
        f"{IAM}:oidc-provider/login.example.org",
        "arn:us-east-1:iam::123456789012:saml-provider/Company",
        f"{IAM}:saml-provider/Company/",
    ],
)
def test_a_saml_provider_must_be_the_accounts_own(bare: App, arn: str) -> None:
    assert error_of(bare.new_pool, SamlProviderARNs=[arn]) == (
        "NotAuthorizedException",
        f"Identity provider {arn} is not valid for account 123456789012",
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"IdentityPoolName": "app/1"},
        {"IdentityPoolName": "a" * 129},
        {"DeveloperProviderName": "login mine"},
        {"SupportedLoginProviders": {"accounts.google.com": "id with spaces"}},
        {"OpenIdConnectProviderARNs": ["a" * 2049]},
        {"CognitoIdentityProviders": [{"ProviderName": "p q", "ClientId": "c"}]},
        {"CognitoIdentityProviders": [{"ProviderName": "p", "ClientId": "c-d"}]},
    ],
    ids=str,
)
def test_the_constraints_of_the_model_hold(bare: App, settings: dict[str, Any]) -> None:
    whole = {"IdentityPoolName": "app", "AllowUnauthenticatedIdentities": False, **settings}
    code, message = error_of(bare.identity.create_identity_pool, **whole)
    assert code == "ValidationException"
    assert "failed to satisfy constraint" in message


def test_every_kind_of_provider_fits_into_one_pool(bare: App) -> None:
    settings: dict[str, Any] = {
        "SupportedLoginProviders": {
            "accounts.google.com": "1-a.apps.googleusercontent.com",
            "appleid.apple.com": "com.example.photos",
            "graph.facebook.com": "7346241598935552",
            "www.amazon.com": "amzn1.application-oa2-client.1",
            "api.twitter.com": "key;secret",
        },
        "OpenIdConnectProviderARNs": [f"{IAM}:oidc-provider/login.example.org/realms/one"],
        "SamlProviderARNs": [f"{IAM}:saml-provider/Company"],
        "DeveloperProviderName": "login.backend.example",
    }
    described = bare.identity.describe_identity_pool(IdentityPoolId=bare.new_pool(**settings))
    assert {name: described[name] for name in settings} == settings
