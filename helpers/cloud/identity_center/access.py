"""What the access portal shows to somebody who has signed in: which roles in which accounts.

Source: IAM Identity Center User Guide, "Using the AWS access portal".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.cloud import identity_store
from helpers.cloud.world import World

from .access_control_attributes import session_tags
from .accounts import active_accounts
from .roles import role_in
from .saml_provider import provider_arn
from .state import IdentityCenterState, Instance


@dataclass(frozen=True)
class Access:
    """One role that somebody has in one account.

    `seconds` is the longest session, as it was provisioned. `saml_provider_arn` is the provider
    that the role trusts, `tags` the session tags from attributes for access control.
    """

    account_id: str
    account_name: str
    account_email: str
    permission_set_name: str
    permission_set_arn: str
    role_arn: str
    saml_provider_arn: str
    seconds: int
    relay_state: str
    tags: Mapping[str, str]


def instance_by_portal(world: World, identity_store_id: str) -> Instance | None:
    """The instance whose portal is at this identity store's address, None if there is none."""
    instances = world.room(IdentityCenterState).instances.values()
    return next((one for one in instances if one.identity_store_id == identity_store_id), None)


def organization_instance(world: World, account: str) -> Instance | None:
    """The instance of the organization that this account manages, None if it has none."""
    instances = world.room(IdentityCenterState).instances.values()
    return next((one for one in instances if one.of_organization and one.account == account), None)


def access_of(world: World, instance: Instance, user_id: str) -> list[Access]:
    """The roles of a user, assigned to himself or to a group of his; each once.

    A user who was deleted has none, nor is there any in an account that was closed.
    """
    user = identity_store.user(world, instance.identity_store_id, user_id)
    if user is None:
        return []
    groups = identity_store.group_ids_of(world, instance.identity_store_id, user_id)
    principals = {("USER", user_id), *(("GROUP", group) for group in groups)}
    accounts = active_accounts(instance)
    assigned = dict.fromkeys(one[:2] for one in instance.assignments if one[2:] in principals)
    tags = session_tags(instance, user)
    found = []
    for account, arn in assigned:
        permission_set = instance.permission_sets[arn]
        role = role_in(permission_set, account)
        if role is None or account not in accounts:
            continue
        found.append(
            Access(
                account_id=account,
                account_name=accounts[account].name,
                account_email=accounts[account].email,
                permission_set_name=permission_set.name,
                permission_set_arn=arn,
                role_arn=role.arn,
                saml_provider_arn=provider_arn(account, instance.saml_providers[account]),
                seconds=int(role.max_session_duration),
                relay_state=permission_set.relay_state,
                tags=tags,
            )
        )
    return found
