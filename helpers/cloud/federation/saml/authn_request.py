"""Sending a user to a SAML provider (SAML core 3.4.1; Web Browser SSO, profiles 4.1.4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from lxml import etree

from helpers.cloud.federation.profile import Departure
from helpers.cloud.federation.saml.bindings import POST, redirect_url
from helpers.cloud.federation.saml.keys import entity_id, signing_key
from helpers.cloud.federation.saml.metadata import current_metadata
from helpers.cloud.federation.saml.xml import new, write_instant
from helpers.cloud.world import World

if TYPE_CHECKING:
    from helpers.cloud.user_pools.directory import Pool
    from helpers.cloud.user_pools.identity_providers import IdentityProvider

_NO_HINTS: Mapping[str, str] = MappingProxyType({})


def depart(
    pool: Pool,
    provider: IdentityProvider,
    acs_url: str,
    relay_state: str,
    hints: Mapping[str, str] = _NO_HINTS,
) -> Departure:
    """The AuthnRequest for a provider, by HTTP-Redirect; its ID is remembered as `request_id`.

    Signed when RequestSigningAlgorithm is set. Of the `hints`, `prompt=login` asks the provider
    to authenticate again; a `login_hint` is not passed on (developer guide, "The redirect and
    authorization endpoint": login hints cannot be forwarded to SAML providers).
    FederationError when the provider's metadata cannot be had.
    """
    endpoint = current_metadata(pool.world, provider.details).sso_redirect
    request = authn_request(pool.world, entity_id(pool.id), endpoint, acs_url)
    if "login" in hints.get("prompt", "").split():
        request.set("ForceAuthn", "true")
    signed = bool(provider.details.get("RequestSigningAlgorithm"))
    pair = signing_key(pool.world, pool.id) if signed else None
    url = redirect_url(endpoint, request, relay_state, pair)
    return Departure(url, {"request_id": request.get("ID", "")})


def authn_request(world: World, issuer: str, endpoint: str, acs_url: str) -> etree._Element:
    """An AuthnRequest with an ID of its own, from `issuer`, answered at `acs_url`."""
    request = new(
        None,
        "samlp:AuthnRequest",
        AssertionConsumerServiceURL=acs_url,
        Destination=endpoint,
        ID=f"_{world.ids.uuid()}",
        IssueInstant=write_instant(world.clock.now()),
        ProtocolBinding=POST,
        Version="2.0",
    )
    new(request, "saml:Issuer", issuer)
    # The format is left to the provider.
    new(request, "samlp:NameIDPolicy", AllowCreate="true")
    return request
