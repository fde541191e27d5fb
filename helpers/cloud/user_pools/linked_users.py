"""Linked users: AdminLinkProviderForUser and AdminDisableProviderForUser.

Source: API reference of the two operations; developer guide, "Linking federated users to an
existing user profile". Messages are those that users of the API report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.lockout import forgive
from helpers.cloud.user_pools import identities
from helpers.cloud.user_pools.directory import EXTERNAL_PROVIDER, Pool, find_user, pool_of
from helpers.cloud.user_pools.identity_providers import IdentityProvider, provider_named
from helpers.cloud.user_pools.state import Identity

# What the two operations call the pool's own directory.
_OWN = "Cognito"
_MOST_LINKS = 5
_ANY_ATTRIBUTE = ("OIDC", "SAML")
_NATIVE_SOURCE = (
    "Invalid SourceUser: Cognito users with a username/password may not be passed in as a "
    "SourceUser, only as a DestinationUser"
)


def admin_link_provider_for_user(call: Call) -> dict[str, Any]:
    """AdminLinkProviderForUser: who comes with this account at a provider is that user."""
    pool = pool_of(call)
    source = call.params["SourceUser"]
    if source.get("ProviderName") == _OWN:
        raise _invalid(_NATIVE_SOURCE)
    provider, attribute, value = _account(pool, source, "SourceUser")
    user = _destination(pool, call.params["DestinationUser"])
    _refuse_known(pool, provider, attribute, value)
    linked = [i for i in pool.account(user).identities if not i.primary]
    if len(linked) >= _MOST_LINKS:
        message = f"A user can be linked to {_MOST_LINKS} external identities at most."
        raise AwsError("LimitExceededException", message)
    created = int(call.world.clock.now().timestamp() * 1000)
    link = Identity(provider.name, provider.kind, attribute, value, user.id, created)
    identities.add(pool, user, link)
    return {}


def admin_disable_provider_for_user(call: Call) -> dict[str, Any]:
    """AdminDisableProviderForUser: the account at a provider, or the password, opens no more.

    After a link is gone, the same account makes a user of its own at its next sign-in. A user
    whose own account it is, is kept out.
    """
    pool, given = pool_of(call), call.params["User"]
    if given.get("ProviderName") == _OWN:
        _disable_password(pool, given)
        return {}
    provider, attribute, value = _account(pool, given, "User")
    user = identities.user_with_identity(pool, provider.name, value, attribute)
    if user is None:
        raise _no_such_user()
    identity = pool.state.identities[provider.name, attribute, value]
    identities.remove(pool, user, identity)
    return {}


def _disable_password(pool: Pool, given: Mapping[str, str]) -> None:
    """The user can only come through a provider from now on."""
    if given.get("ProviderAttributeName") != identities.SUBJECT:
        raise _invalid(f"Invalid User: ProviderAttributeName must be {identities.SUBJECT}")
    user = find_user(pool, given.get("ProviderAttributeValue") or "")
    if user is None:
        raise _no_such_user()
    account = pool.account(user)
    account.password, account.temporary_until = None, None
    account.codes.clear()
    forgive(account)
    for challenge in pool.state.challenges.values():
        challenge.used = challenge.used or challenge.sub == user.id
    user.status = EXTERNAL_PROVIDER


def _account(
    pool: Pool, given: Mapping[str, str], member: str
) -> tuple[IdentityProvider, str, str]:
    """Provider, attribute and value that a request names; the provider must be the pool's."""
    name = given.get("ProviderName") or ""
    attribute, value = given.get("ProviderAttributeName"), given.get("ProviderAttributeValue")
    if not (name and attribute and value):
        names = "ProviderName, ProviderAttributeName and ProviderAttributeValue"
        raise _invalid(f"Invalid {member}: {names} are required")
    provider = provider_named(pool, name)
    if provider is None:
        message = f"Identity provider {name} does not exist."
        raise AwsError("ResourceNotFoundException", message)
    others = {*provider.mapping} - {"username"} if provider.kind in _ANY_ATTRIBUTE else set()
    if attribute not in {identities.SUBJECT, *others}:
        raise _invalid(
            f"Invalid {member}: ProviderAttributeName must be {identities.SUBJECT}, "
            "or for OIDC and SAML a mapped attribute"
        )
    return provider, attribute, value


def _destination(pool: Pool, given: Mapping[str, str]) -> CognitoIdpUser:
    """An existing user: by username, or by a provider and its name for the user."""
    name, value = given.get("ProviderName") or "", given.get("ProviderAttributeValue") or ""
    if not (name and value):
        raise _invalid("Invalid DestinationUser: ProviderName and ProviderAttributeValue are "
                       "required")  # fmt: skip
    if name == _OWN:
        user = find_user(pool, value)
    else:
        user = identities.user_with_identity(pool, name, value)
    if user is None:
        raise _no_such_user()
    return user


def _refuse_known(pool: Pool, provider: IdentityProvider, attribute: str, value: str) -> None:
    """A source that is linked, or that has a user of its own."""
    known = pool.state.identities.get((provider.name, attribute, value))
    if known is not None and not known.primary:
        raise _invalid("SourceUser is already linked to DestinationUser")
    if known is not None:
        raise _invalid(
            "Merging is not currently supported, provide a SourceUser that has not been signed up "
            "in order to link"
        )
    if attribute == identities.SUBJECT and find_user(pool, f"{provider.name}_{value}") is not None:
        raise _invalid(_NATIVE_SOURCE)


def _no_such_user() -> AwsError:
    return AwsError("UserNotFoundException", "User does not exist.")


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
