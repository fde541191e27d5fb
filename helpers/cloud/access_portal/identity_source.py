"""Where an instance's people prove who they are: here, or at an external SAML identity provider.

Source: IAM Identity Center User Guide, "Manage an external identity provider" and "Using SAML and
SCIM identity federation with external identity providers".
"""

from __future__ import annotations

from helpers.cloud.access_portal.state import AccessPortalState, ExternalProvider
from helpers.cloud.federation.saml.metadata_document import BadMetadata, read_document
from helpers.cloud.identity_center import Instance
from helpers.cloud.world import World

_ACS = "/platform/saml/acs/"


def external_provider(world: World, store_id: str) -> ExternalProvider | None:
    """The provider that vouches for the users, None where they have passwords here."""
    source = world.room(AccessPortalState).sources.get(store_id)
    return source if source is not None and source.metadata is not None else None


def service_provider(world: World, instance: Instance) -> ExternalProvider:
    """What the provider must be told of this instance: its name, and where answers go."""
    sources = world.room(AccessPortalState).sources
    if instance.identity_store_id not in sources:
        sign_in = f"https://{instance.region}.signin.aws.amazon.com"
        sources[instance.identity_store_id] = ExternalProvider(
            store_id=instance.identity_store_id,
            issuer_url=f"{sign_in}/platform/saml/{instance.identity_store_id}",
            acs_url=f"{sign_in}{_ACS}{world.ids.uuid()}",
        )
    return sources[instance.identity_store_id]


def use_external_provider(world: World, instance: Instance, document: bytes) -> None:
    """Let a provider vouch for the users from now on: every session that was begun ends.

    BadMetadata unless it is the metadata of one provider, valid, to which a browser can be sent.
    """
    metadata = read_document(document)
    if metadata.is_over(world.clock.now()):
        raise BadMetadata("The metadata is no longer valid.")
    if not metadata.sso_redirect:
        raise BadMetadata("No SingleSignOn Http redirect binding location found in metadata.")
    source = service_provider(world, instance)
    source.metadata = metadata
    source.changes += 1


def use_own_directory(world: World, instance: Instance) -> None:
    """Let the users have passwords here again: every session that was begun ends."""
    source = service_provider(world, instance)
    source.metadata = None
    source.changes += 1


def changes(world: World, store_id: str) -> int:
    """How often the source was changed: what was begun before a change is over."""
    source = world.room(AccessPortalState).sources.get(store_id)
    return source.changes if source else 0


def by_address(world: World, url: str) -> ExternalProvider | None:
    """The source whose answers go to an address, None if there is none."""
    sources = world.room(AccessPortalState).sources.values()
    return next((one for one in sources if one.acs_url == url and one.metadata), None)
