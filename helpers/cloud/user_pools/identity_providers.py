"""Outside identity providers of a user pool: social, OpenID Connect and SAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moto.cognitoidp.models import CognitoIdpIdentityProvider

from helpers.cloud.user_pools.directory import App, Pool

OWN_DIRECTORY = "COGNITO"


@dataclass(frozen=True)
class IdentityProvider:
    """One provider as its pool is configured.

    `kind` is the ProviderType: Google, Facebook, SignInWithApple, LoginWithAmazon, OIDC or SAML.
    `details` are the ProviderDetails, `mapping` leads from the pool's attribute to the provider's
    claim, `identifiers` are the other names (IdpIdentifiers) under which it is found.
    """

    name: str
    kind: str
    details: Mapping[str, str]
    mapping: Mapping[str, str]
    identifiers: tuple[str, ...]


def provider_named(pool: Pool, name: str) -> IdentityProvider | None:
    """The pool's provider with this ProviderName, or None."""
    resource = pool.resource.identity_providers.get(name)
    return None if resource is None else _read(resource)


def provider_with_identifier(pool: Pool, identifier: str) -> IdentityProvider | None:
    """The pool's provider that lists this IdpIdentifier, or None."""
    for resource in pool.resource.identity_providers.values():
        if identifier in (resource.extended_config.get("IdpIdentifiers") or ()):
            return _read(resource)
    return None


def providers_of(app: App) -> list[IdentityProvider]:
    """The outside providers enabled for a client, in the order of SupportedIdentityProviders."""
    names = app.setting("SupportedIdentityProviders") or []
    found = [provider_named(app.pool, name) for name in names if name != OWN_DIRECTORY]
    return [provider for provider in found if provider is not None]


def uses_own_directory(app: App) -> bool:
    """Whether the pool's own users may sign in to this client through the domain."""
    return OWN_DIRECTORY in (app.setting("SupportedIdentityProviders") or [])


def _read(resource: CognitoIdpIdentityProvider) -> IdentityProvider:
    config = resource.extended_config
    return IdentityProvider(
        name=resource.name,
        kind=config["ProviderType"],
        details=dict(config.get("ProviderDetails") or {}),
        mapping=dict(config.get("AttributeMapping") or {}),
        identifiers=tuple(config.get("IdpIdentifiers") or ()),
    )
