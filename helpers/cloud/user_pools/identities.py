"""The accounts at outside providers that a user signs in with, and the `identities` attribute."""

from __future__ import annotations

import json
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.user_pools.directory import Pool, user_with_sub
from helpers.cloud.user_pools.state import Identity

# AWS's name for "whatever the provider identifies a user by": sub, id, user_id or NameID.
SUBJECT = "Cognito_Subject"


def user_with_identity(
    pool: Pool, provider: str, value: str, attribute: str = SUBJECT
) -> CognitoIdpUser | None:
    """The user who signs in with this account at a provider, or None. Found in constant time."""
    identity = pool.state.identities.get((provider, attribute, value))
    return user_with_sub(pool, identity.sub) if identity else None


def add(pool: Pool, user: CognitoIdpUser, identity: Identity) -> None:
    """Let a user sign in with an account at a provider."""
    pool.account(user).identities.append(identity)
    pool.state.identities[identity.key] = identity
    _show(pool, user)


def remove(pool: Pool, user: CognitoIdpUser, identity: Identity) -> None:
    """The account no longer leads to the user."""
    pool.account(user).identities.remove(identity)
    pool.state.identities.pop(identity.key, None)
    _show(pool, user)


def settle(
    pool: Pool, user: CognitoIdpUser, identity: Identity, subject: str, issuer: str | None
) -> None:
    """An identity has been used: note the provider's name for the user, and its issuer.

    So a link by another attribute becomes one by subject (AdminDisableProviderForUser: after the
    first sign-in only the subject names it), and nobody who is later given the same attribute
    value at the provider comes in by it.
    """
    if (identity.attribute, identity.issuer) == (SUBJECT, issuer):
        return
    pool.state.identities.pop(identity.key, None)
    identity.attribute, identity.value, identity.issuer = SUBJECT, subject, issuer
    pool.state.identities[identity.key] = identity
    _show(pool, user)


def forget(pool: Pool, user: CognitoIdpUser) -> None:
    """Drop all of a user's identities, before the user is deleted."""
    for identity in pool.account(user).identities:
        pool.state.identities.pop(identity.key, None)


def claim(pool: Pool, user: CognitoIdpUser) -> list[dict[str, Any]]:
    """The `identities` claim of an ID token: a list of objects in which all values are texts.

    Source: ID tokens that users have published; the issuer is null except for SAML.
    """
    return [
        {
            **entry,
            "primary": str(entry["primary"]).lower(),
            "dateCreated": str(entry["dateCreated"]),
        }
        for entry in _entries(pool, user)
    ]


def _show(pool: Pool, user: CognitoIdpUser) -> None:
    """Write the `identities` attribute: a JSON text, as GetUser and AdminGetUser show it."""
    entries = _entries(pool, user)
    if entries:
        text = json.dumps(entries, separators=(",", ":"))
        user.update_attributes([{"Name": "identities", "Value": text}])
    elif "identities" in user.attribute_lookup:
        user.delete_attributes(["identities"])


def _entries(pool: Pool, user: CognitoIdpUser) -> list[dict[str, Any]]:
    return [
        {
            "userId": identity.value,
            "providerName": identity.provider,
            "providerType": identity.kind,
            "issuer": identity.issuer,
            "primary": identity.primary,
            "dateCreated": identity.created,
        }
        for identity in pool.account(user).identities
    ]
