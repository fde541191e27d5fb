"""People of outside providers who come to an identity pool with their own tokens."""

from __future__ import annotations

from typing import Any

from helpers import providers
from tests.cloud.federation.brands import subject
from tests.cloud.identity_pools.app import App
from tests.providers.browser import code_for, redeem, register

ACCOUNT = "123456789012"
ISSUER = "login.example.org"
# Brand → the name of its logins.
NAMES = {
    "google": "accounts.google.com",
    "apple": "appleid.apple.com",
    "amazon": "www.amazon.com",
    "facebook": "graph.facebook.com",
    "openid": ISSUER,
}
SOCIAL = ("google", "apple", "amazon", "facebook")
OPENID = ("google", "apple", "openid")
OPENID_ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"

__all__ = ["ISSUER", "NAMES", "OPENID", "OPENID_ARN", "SOCIAL", "subject"]


def accept(app: App, *brands: str) -> dict[str, providers.App]:
    """Register an app at each brand, and a pool that accepts the people of all of them."""
    registered = {brand: register(brand) for brand in brands}
    social = {NAMES[b]: registered[b].client_id for b in brands if b != "openid"}
    settings: dict[str, Any] = {"SupportedLoginProviders": social} if social else {}
    if "openid" in brands:
        register_with_iam(app, registered["openid"].client_id)
        settings["OpenIdConnectProviderARNs"] = [OPENID_ARN]
    app.pool_id = app.new_pool(AllowUnauthenticatedIdentities=True, **settings)
    return registered


def register_with_iam(app: App, *client_ids: str) -> None:
    """CreateOpenIDConnectProvider for the generic provider."""
    app.iam.create_open_id_connect_provider(
        Url=f"https://{ISSUER}", ClientIDList=list(client_ids), ThumbprintList=["a" * 40]
    )


def token_of(brand: str, app: providers.App, person: str = "alice") -> str:
    """What a person's sign-in at an app brings: an ID token, or an access token."""
    answer = redeem(brand, app, code_for(brand, app, person)).json()
    return str(answer["id_token" if brand in OPENID else "access_token"])


def login(brand: str, app: providers.App, person: str = "alice") -> dict[str, str]:
    """The Logins of a person."""
    return {NAMES[brand]: token_of(brand, app, person)}
