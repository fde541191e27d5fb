"""Reading a SAML Response at a user pool's /saml2/idpresponse.

Developer guide, "SAML session initiation in Amazon Cognito user pools", "Things to know about
SAML IdPs", "SAML signing and encryption".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpers.cloud.federation.profile import Profile
from helpers.cloud.federation.saml.attributes import read_profile
from helpers.cloud.federation.saml.conditions import Expected
from helpers.cloud.federation.saml.faults import SamlFault
from helpers.cloud.federation.saml.keys import encryption_key, entity_id
from helpers.cloud.federation.saml.metadata import current_metadata
from helpers.cloud.federation.saml.refusals import refused, unreadable
from helpers.cloud.federation.saml.verified import Sealing, use_once, verified_assertion
from helpers.cloud.federation.saml.xml import Malformed

if TYPE_CHECKING:
    from helpers.cloud.user_pools.directory import Pool
    from helpers.cloud.user_pools.identity_providers import IdentityProvider


def arrive(
    pool: Pool,
    provider: IdentityProvider,
    acs_url: str,
    saml_response: str,
    secrets: Mapping[str, str] | None,
) -> Profile:
    """Who a provider says has signed in, after every check. FederationError otherwise.

    `saml_response` is the form field as it was posted, `secrets` what `depart` gave to remember;
    None for a sign-in that began at the provider, which IDPInit must allow.
    """
    if secrets is None and provider.details.get("IDPInit") != "true":
        raise unreadable()
    metadata = current_metadata(pool.world, provider.details)
    expected = Expected(
        issuer=metadata.entity_id,
        audiences=[entity_id(pool.id)],
        acs_urls=[acs_url],
        request_id=None if secrets is None else secrets["request_id"],
        now=pool.world.clock.now(),
    )
    try:
        response = verified_assertion(
            saml_response, metadata, expected, sealing=_sealing(pool, provider)
        )
        profile = read_profile(response.assertion)
        # Developer guide, "Things to know about SAML IdPs": no replayed assertions.
        use_once(pool.world, pool.id, response)
    except SamlFault as wrong:
        raise refused(wrong.fault, entity_id(pool.id)) from wrong
    except Malformed as wrong:
        raise unreadable() from wrong
    return profile


def _sealing(pool: Pool, provider: IdentityProvider) -> Sealing | None:
    """With EncryptedResponses, all assertions must be encrypted; without it, none."""
    if provider.details.get("EncryptedResponses") != "true":
        return None
    return Sealing((encryption_key(pool.world, pool.id, provider.name).key,), required=True)
