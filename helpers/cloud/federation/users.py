"""The user of a federated sign-in: found, linked or made, and brought up to date."""

from __future__ import annotations

import re

from moto.cognitoidp.models import CognitoIdpGroup, CognitoIdpUser, UserStatus

from helpers.cloud.errors import AwsError
from helpers.cloud.federation.mapping import as_value, mapped
from helpers.cloud.federation.profile import Profile
from helpers.cloud.federation.refusals import refused
from helpers.cloud.user_pools import attributes, identities
from helpers.cloud.user_pools.directory import (
    EXTERNAL_PROVIDER,
    App,
    Pool,
    find_user,
    user_with_sub,
)
from helpers.cloud.user_pools.identity_providers import IdentityProvider
from helpers.cloud.user_pools.sign_up import create_user
from helpers.cloud.user_pools.state import Identity

_LONGEST_NAME = 128
# UsernameType of the service model: no spaces, no control characters.
_NAME = re.compile(r"[^\s\x00-\x1f\x7f-\x9f]+")


def sign_in(app: App, provider: IdentityProvider, profile: Profile) -> CognitoIdpUser:
    """The pool's user for who came back from a provider; the caller has verified all of it.

    A linked user if there is one, else the user made from this very account, else a new one called
    <ProviderName>_<subject>. Mapped attributes are set each time. Somebody else with the same
    e-mail address stays somebody else. FederationError if the user may not sign in, or the
    attributes do not fit.
    """
    pool, identity = app.pool, _identity(app.pool, provider, profile)
    user = user_with_sub(pool, identity.sub) if identity else None
    if identity is None or user is None:
        return _create(app, provider, profile)
    if not user.enabled:
        raise refused("User is not enabled")
    if user.status == UserStatus.UNCONFIRMED:
        raise refused("User is not confirmed.")
    values = mapped(app, provider, profile, user)
    _check_aliases(pool, user, values)
    attributes.write(pool, user, values)
    identities.settle(pool, user, identity, profile.subject, profile.session.get("issuer"))
    return user


def username(pool: Pool, provider: IdentityProvider, subject: str) -> str:
    """The username of a federated user; in small letters where the pool ignores case.

    FederationError if it would be no username.
    """
    name = f"{provider.name}_{subject}"
    configuration = pool.setting("UsernameConfiguration") or {}
    name = name if configuration.get("CaseSensitive", True) else name.lower()
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        rule = f"at most {_LONGEST_NAME} characters, without spaces"
        raise refused(f"Invalid username: Member must satisfy constraint: {rule}")
    return name


def _identity(pool: Pool, provider: IdentityProvider, profile: Profile) -> Identity | None:
    """What leads from this account to a user: its subject, or an attribute that a link names."""
    if not profile.subject:
        raise refused(f"{provider.name} Error - the response names no user")
    keys = [(provider.name, identities.SUBJECT, profile.subject)]
    if provider.kind in ("OIDC", "SAML"):
        said = {n: profile.claims[c] for n, c in provider.mapping.items() if c in profile.claims}
        keys += [(provider.name, name, as_value(claim)) for name, claim in said.items()]
    return next((pool.state.identities[key] for key in keys if key in pool.state.identities), None)


def _create(app: App, provider: IdentityProvider, profile: Profile) -> CognitoIdpUser:
    pool, name = app.pool, username(app.pool, provider, profile.subject)
    # Whoever has this name was not made from this account: he must not be handed over to it.
    if find_user(pool, name) is not None:
        raise refused(f"Already found an entry for username {name}")
    values = mapped(app, provider, profile, None)
    _check_aliases(pool, None, values)
    user = create_user(pool, name, values, EXTERNAL_PROVIDER, federated=True)
    identity = Identity(
        provider=provider.name,
        kind=provider.kind,
        attribute=identities.SUBJECT,
        value=profile.subject,
        sub=user.id,
        created=int(pool.world.clock.now().timestamp() * 1000),
        primary=True,
        issuer=profile.session.get("issuer"),
    )
    identities.add(pool, user, identity)
    _join_group(pool, user, provider)
    return user


def _check_aliases(pool: Pool, user: CognitoIdpUser | None, values: dict[str, str]) -> None:
    """Refuse an address that is somebody else's sign-in name. Where addresses stand in place of
    usernames, federated users are not found by theirs, so that it disturbs nobody; linked users
    are.
    """
    if pool.username_attributes and (user is None or user.username != user.id):
        return
    after = {**(user.attribute_lookup if user else {}), **values}
    try:
        attributes.check_names_free(pool, user, after, values)
    except AwsError as error:
        raise refused(error.message) from error


def _join_group(pool: Pool, user: CognitoIdpUser, provider: IdentityProvider) -> None:
    """Every user made from a provider's account is in the provider's own group."""
    name = f"{pool.id}_{provider.name}"
    group = pool.resource.groups.get(name)
    if group is None:
        text = f"Autogenerated group for users who sign in using {provider.name}"
        group = CognitoIdpGroup(pool.id, name, text, None, None)
        pool.resource.groups[name] = group
    group.users.add(user)
    user.groups.add(group)
