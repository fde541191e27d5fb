"""Outside identity providers of a user pool: social, OpenID Connect and SAML.

API reference, CreateIdentityProvider; developer guide, "Mapping IdP attributes to profiles and
tokens".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.cognitoidp.models import CognitoIdpIdentityProvider

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse
from helpers.cloud.paging import page
from helpers.cloud.user_pools import provider_details
from helpers.cloud.user_pools.directory import App, Pool, pool_of

OWN_DIRECTORY = "COGNITO"
# The claim of each kind that identifies the user. A pool cannot choose another one.
SUBJECT_CLAIM: Mapping[str, str] = {
    "Facebook": "id",
    "Google": "sub",
    "LoginWithAmazon": "user_id",
    "OIDC": "sub",
    "SignInWithApple": "sub",
}
_SOCIAL = frozenset(SUBJECT_CLAIM) - {"OIDC"}
# What may be mapped of Google. For the other kinds AWS takes any name.
_OF_GOOGLE = frozenset(
    {
        "access_token",
        "birthdays",
        "email",
        "email_verified",
        "family_name",
        "genders",
        "given_name",
        "id_token",
        "name",
        "names",
        "phoneNumbers",
        "picture",
        "refresh_token",
        "sub",
    }
)
# Developer guide, "Quotas in Amazon Cognito", "Identity providers per user pool".
_MOST = 300
_PAGE = 60


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


# --- operations --------------------------------------------------------------------------------


def create_identity_provider(call: Call) -> dict[str, Any]:
    """CreateIdentityProvider."""
    pool, name, kind = pool_of(call), call.params["ProviderName"], call.params["ProviderType"]
    known = pool.resource.identity_providers
    _refuse_acr(call)
    _check_name(name, kind)
    if name in known:
        raise AwsError(
            "DuplicateProviderException", f"{name} already exists in user pool {pool.id}"
        )
    if len(known) >= _MOST:
        message = f"A user pool cannot have more than {_MOST} identity providers."
        raise AwsError("LimitExceededException", message)
    config = {"ProviderType": kind, "IdpIdentifiers": [], **_changes(call, pool, name, kind)}
    config.setdefault("AttributeMapping", _with_username(kind, {}))
    made = CognitoIdpIdentityProvider(name, config)
    made.creation_date = made.last_modified_date = call.world.clock.now()
    known[name] = made
    return {"IdentityProvider": _described(pool, made)}


def describe_identity_provider(call: Call) -> dict[str, Any]:
    """DescribeIdentityProvider. The client secret is shown, as on AWS; Apple's key is not."""
    pool = pool_of(call)
    return {"IdentityProvider": _described(pool, _resource(call, pool))}


def get_identity_provider_by_identifier(call: Call) -> dict[str, Any]:
    """GetIdentityProviderByIdentifier."""
    pool, identifier = pool_of(call), call.params["IdpIdentifier"]
    found = provider_with_identifier(pool, identifier)
    if found is None:
        raise _no_such(identifier)
    resource = pool.resource.identity_providers[found.name]
    return {"IdentityProvider": _described(pool, resource)}


def update_identity_provider(call: Call) -> dict[str, Any]:
    """UpdateIdentityProvider: each part that is given replaces the old one as a whole."""
    pool = pool_of(call)
    resource = _resource(call, pool)
    _refuse_acr(call)
    kind = resource.extended_config["ProviderType"]
    resource.extended_config |= _changes(call, pool, resource.name, kind)
    resource.last_modified_date = call.world.clock.now()
    return {"IdentityProvider": _described(pool, resource)}


def delete_identity_provider(call: Call) -> dict[str, Any]:
    """DeleteIdentityProvider. No client lists it any more, so a new one of that name is apart."""
    from helpers.cloud.federation.saml.keys import forget_keys

    pool = pool_of(call)
    name = _resource(call, pool).name
    del pool.resource.identity_providers[name]
    for client in pool.resource.clients.values():
        listed = client.extended_config.get("SupportedIdentityProviders") or []
        if name in listed:
            client.extended_config["SupportedIdentityProviders"] = [n for n in listed if n != name]
    forget_keys(call.world, pool.id, name)
    return {}


def list_identity_providers(call: Call) -> dict[str, Any]:
    """ListIdentityProviders: names, kinds and dates."""
    providers = list(pool_of(call).resource.identity_providers.values())
    shown, more = page(providers, call.params, _PAGE)
    return {"Providers": [resource.to_json() for resource in shown], **more}


def _changes(call: Call, pool: Pool, name: str, kind: str) -> dict[str, Any]:
    """The parts of the configuration that the call gives, checked and complete."""
    given, changes = call.params, dict[str, Any]()
    if "IdpIdentifiers" in given:
        changes["IdpIdentifiers"] = _identifiers(pool, name, given["IdpIdentifiers"])
    if "AttributeMapping" in given:
        changes["AttributeMapping"] = _mapping(pool, kind, given["AttributeMapping"])
    # Last, because it may ask the provider itself.
    if "ProviderDetails" in given:
        details = given["ProviderDetails"]
        changes["ProviderDetails"] = provider_details.complete(
            call.world, pool.id, name, kind, details
        )
    return changes


def _check_name(name: str, kind: str) -> None:
    """A social provider is named like its type; the others are not, nor like the pool itself."""
    fits = name == kind if kind in _SOCIAL else name not in _SOCIAL
    if not fits or name.upper() == OWN_DIRECTORY:
        raise _invalid(f"Provider {name} cannot be of type {kind}.")


def _identifiers(pool: Pool, name: str, identifiers: list[str]) -> list[str]:
    """An identifier leads to one provider of the pool."""
    for identifier in identifiers:
        holder = provider_with_identifier(pool, identifier)
        taken = holder is not None and holder.name != name
        if taken or identifiers.count(identifier) > 1:
            raise _invalid(f"IdpIdentifier {identifier} already exists in user pool {pool.id}")
    return list(identifiers)


def _mapping(pool: Pool, kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """The mapping from claims to attributes. Whether an attribute is mutable shows at sign-in."""
    for attribute, claim in given.items():
        if attribute == "username":
            fits = claim == SUBJECT_CLAIM.get(kind)
        else:
            fits = attribute != "sub" and attribute in pool.resource.schema_attributes
        if not fits or not claim:
            raise _invalid(f"AttributeMapping contains invalid mapping: [{attribute}]")
        if kind == "Google" and claim not in _OF_GOOGLE:
            raise _invalid(f"AttributeMapping contains invalid mapping: [{claim}]")
    return _with_username(kind, given)


def _with_username(kind: str, mapping: Mapping[str, str]) -> dict[str, str]:
    """SAML identifies its users by the NameID, which is not mapped."""
    return {**mapping, "username": SUBJECT_CLAIM[kind]} if kind in SUBJECT_CLAIM else dict(mapping)


def _refuse_acr(call: Call) -> None:
    if call.params.get("AcrMapping"):
        refuse("AcrMapping")


def _resource(call: Call, pool: Pool) -> CognitoIdpIdentityProvider:
    name = call.params["ProviderName"]
    resource = pool.resource.identity_providers.get(name)
    if resource is None:
        raise _no_such(name)
    return resource


def _described(pool: Pool, resource: CognitoIdpIdentityProvider) -> dict[str, Any]:
    config = resource.extended_config
    details = {k: v for k, v in config["ProviderDetails"].items() if k != "private_key"}
    return {"UserPoolId": pool.id, **resource.to_json(), **config, "ProviderDetails": details}


def _no_such(name: str) -> AwsError:
    message = f"Identity provider {name} does not exist."
    return AwsError("ResourceNotFoundException", message)


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
