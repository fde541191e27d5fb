"""Single logout (SAML core 3.7, profiles 4.4).

Developer guide, "Signing out SAML users with single sign-out": with IDPSignout, /logout sends
the browser to the provider with a signed LogoutRequest in the query; the provider answers with
an HTTP POST to /saml2/logout.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lxml import etree

from helpers.cloud.federation.profile import Departure
from helpers.cloud.federation.saml.bindings import redirect_url
from helpers.cloud.federation.saml.conditions import check_issuer
from helpers.cloud.federation.saml.faults import Fault, SamlFault
from helpers.cloud.federation.saml.keys import entity_id, signing_key
from helpers.cloud.federation.saml.metadata import current_metadata
from helpers.cloud.federation.saml.refusals import refused, unreadable
from helpers.cloud.federation.saml.signature import NotSigned, signed_part
from helpers.cloud.federation.saml.verified import check_status, read_message
from helpers.cloud.federation.saml.xml import Malformed, new, write_instant
from helpers.cloud.federation.state import FederationState, PendingLogout

if TYPE_CHECKING:
    from helpers.cloud.user_pools.directory import Pool
    from helpers.cloud.user_pools.identity_providers import IdentityProvider

# As long as Cognito waits for a provider at a sign-in.
_PATIENCE = timedelta(minutes=5)
_QUALIFIERS = (
    ("format", "Format"),
    ("name_qualifier", "NameQualifier"),
    ("sp_name_qualifier", "SPNameQualifier"),
)


def sign_out(
    pool: Pool,
    provider: IdentityProvider,
    slo_return_url: str,
    profile_session: Mapping[str, str],
    relay_state: str,
) -> Departure | None:
    """The LogoutRequest for the session that `arrive` described in Profile.session.

    None when the provider is not to be told: IDPSignout is not "true", it has no
    SingleLogoutService, or the session is not its own. `slo_return_url` is where it answers.
    FederationError when its metadata cannot be had.
    """
    if provider.details.get("IDPSignout") != "true" or not profile_session.get("name_id"):
        return None
    endpoint = current_metadata(pool.world, provider.details).slo_redirect
    if not endpoint:
        return None
    request_id, now = f"_{pool.world.ids.uuid()}", pool.world.clock.now()
    request = _request(pool, request_id, endpoint, profile_session)
    logouts = _pending(pool, now)
    logouts[request_id] = PendingLogout(pool.id, provider.name, slo_return_url, now + _PATIENCE)
    url = redirect_url(endpoint, request, relay_state, signing_key(pool.world, pool.id))
    return Departure(url, {"request_id": request_id})


def signed_out(pool: Pool, provider: IdentityProvider, params: Mapping[str, str]) -> None:
    """Check the LogoutResponse in a posted form. It answers one request, once.

    FederationError unless it is signed by the provider, for us, successful and awaited.
    """
    metadata = current_metadata(pool.world, provider.details)
    try:
        root = read_message(params.get("SAMLResponse", ""), "samlp:LogoutResponse")
        response = signed_part(root, metadata.certificates)
        check_issuer(response, metadata.entity_id)
        _check_awaited(pool, provider, response)
        check_status(response)
    except NotSigned as wrong:
        raise refused(Fault.SIGNATURE, entity_id(pool.id)) from wrong
    except SamlFault as wrong:
        raise refused(wrong.fault, entity_id(pool.id)) from wrong
    except Malformed as wrong:
        raise unreadable() from wrong


def _check_awaited(pool: Pool, provider: IdentityProvider, response: etree._Element) -> None:
    logouts = _pending(pool, pool.world.clock.now())
    request_id = response.get("InResponseTo", "")
    pending = logouts.get(request_id)
    if pending is None or (pending.pool_id, pending.provider) != (pool.id, provider.name):
        raise unreadable()
    if response.get("Destination") != pending.return_url:
        raise SamlFault(Fault.DESTINATION)
    del logouts[request_id]


def _pending(pool: Pool, now: datetime) -> dict[str, PendingLogout]:
    logouts = pool.world.room(FederationState).logouts
    for known in [k for k, pending in logouts.items() if pending.expires <= now]:
        del logouts[known]
    return logouts


def _request(
    pool: Pool, request_id: str, endpoint: str, session: Mapping[str, str]
) -> etree._Element:
    request = new(
        None,
        "samlp:LogoutRequest",
        Destination=endpoint,
        ID=request_id,
        IssueInstant=write_instant(pool.world.clock.now()),
        Version="2.0",
    )
    new(request, "saml:Issuer", entity_id(pool.id))
    qualifiers = {shown: session[key] for key, shown in _QUALIFIERS if session.get(key)}
    new(request, "saml:NameID", session["name_id"], **qualifiers)
    if session.get("session_index"):
        new(request, "samlp:SessionIndex", session["session_index"])
    return request
