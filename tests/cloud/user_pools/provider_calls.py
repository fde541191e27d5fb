"""What the tests of identity providers share: details that do, and the calls."""

from __future__ import annotations

from helpers import providers
from helpers.cloud.user_pools.directory import find_pool

APP = {"client_id": "app", "client_secret": "hush", "authorize_scopes": "email"}
OPENID = {
    "client_id": "app",
    "client_secret": "hush",
    "authorize_scopes": "openid email",
    "attributes_request_method": "GET",
    "oidc_issuer": "https://login.example.org",
}
ADDRESSES = {
    "authorize_url": "https://login.example.com/authorize",
    "token_url": "https://login.example.com/token",
    "attributes_url": "https://login.example.com/userinfo",
    "jwks_uri": "https://login.example.com/keys",
}
SECRET_APP_NEEDED = "clientId, clientSecret and authorizeScopes are all required idp details."
APPLE_NEEDED = "clientId, privateKey, teamId, and keyId are all required idp details."
OPENID_NEEDED = (
    "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp "
    "details."
)
UNREACHABLE = "Unable to contact well-known endpoint"
NOT_HTTPS = "OIDC endpoint must start with https://"


def create(pool, name, details, kind="", **more):
    return pool.idp.create_identity_provider(
        UserPoolId=pool.id,
        ProviderName=name,
        ProviderType=kind or name,
        ProviderDetails=details,
        **more,
    )["IdentityProvider"]


def update(pool, name, **changes):
    return pool.idp.update_identity_provider(UserPoolId=pool.id, ProviderName=name, **changes)[
        "IdentityProvider"
    ]


def describe(pool, name):
    return pool.idp.describe_identity_provider(UserPoolId=pool.id, ProviderName=name)[
        "IdentityProvider"
    ]


def names(pool):
    listed = pool.idp.list_identity_providers(UserPoolId=pool.id)["Providers"]
    return [provider["ProviderName"] for provider in listed]


def inside(pool):
    return find_pool(pool.world, "123456789012", "us-east-1", pool.id)


def apple_details():
    app = providers.apple().register(
        "https://x.auth.us-east-1.amazoncognito.com/oauth2/idpresponse"
    )
    return {
        "client_id": app.client_id,
        "team_id": app.team_id,
        "key_id": app.key_id,
        "private_key": app.private_key,
        "authorize_scopes": "email name",
    }
