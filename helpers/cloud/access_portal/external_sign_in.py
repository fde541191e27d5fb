"""Signing in at an external identity provider, and coming back (SAML Web Browser SSO).

The provider's answer comes to the sign-in host; from there a code that serves once leads to the
portal, and only in the browser that had left it.
Source: IAM Identity Center User Guide, "Using SAML and SCIM identity federation with external
identity providers": the NameID of the assertion, in the format emailAddress, is the user name in
the identity store.
"""

from __future__ import annotations

from datetime import timedelta

from helpers.cloud import identity_store
from helpers.cloud.access_portal import identity_source, portals
from helpers.cloud.access_portal.sign_in_pages import go_on
from helpers.cloud.access_portal.state import AccessPortalState, ExternalProvider, OutsideSignIn
from helpers.cloud.access_portal.visit import PortalVisit, Visit
from helpers.cloud.federation.saml.attributes import read_profile
from helpers.cloud.federation.saml.authn_request import authn_request
from helpers.cloud.federation.saml.bindings import redirect_url
from helpers.cloud.federation.saml.conditions import Expected
from helpers.cloud.federation.saml.faults import SamlFault
from helpers.cloud.federation.saml.metadata_document import Metadata
from helpers.cloud.federation.saml.verified import use_once, verified_assertion
from helpers.cloud.federation.saml.xml import Malformed
from helpers.cloud.identity_store import StoreUser
from helpers.cloud.response import Response
from helpers.cloud.secret_hashes import forget, hashed, same
from helpers.cloud.web import PageError
from helpers.cloud.world import World

_COOKIE = "sso-sign-in"
_PATIENCE = timedelta(minutes=15)
_A_MINUTE = timedelta(minutes=1)
_EMAIL_ADDRESS = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
_REFUSED = "The answer of the identity provider is not one that can be accepted. Start again."
_UNKNOWN = "Nobody in the identity store has the user name that the identity provider gave."


def depart(visit: PortalVisit, source: ExternalProvider) -> Response:
    """Send the browser to the provider with a request that only it may answer, once."""
    world = visit.world
    endpoint = _metadata(world, source).sso_redirect
    request = authn_request(world, source.issuer_url, endpoint, source.acs_url)
    relay_state, cookie = world.ids.token(32), world.ids.token(32)
    state, now = world.room(AccessPortalState), world.clock.now()
    forget(state.outside, now)
    state.outside[hashed(relay_state)] = OutsideSignIn(
        store_id=visit.store_id,
        request_id=request.get("ID", ""),
        browser=hashed(cookie),
        changes=source.changes,
        query=visit.query,
        expires=now + _PATIENCE,
    )
    visit.set_cookie(_COOKIE, cookie)
    return visit.leave_for(redirect_url(endpoint, request, relay_state, None))


def arrive(visit: Visit) -> Response:
    """POST /platform/saml/acs/<id> of the sign-in host: the provider's answer."""
    world = visit.world
    source = identity_source.by_address(world, f"https://{visit.request.host}{visit.request.path}")
    outside = world.room(AccessPortalState).outside
    relay_state = _field(visit, "RelayState")
    begun = outside.get(hashed(relay_state))
    if source is None or begun is None or begun.store_id != source.store_id:
        raise PageError(_REFUSED)
    if world.clock.now() >= begun.expires or begun.changes != source.changes:
        raise PageError(_REFUSED)
    user = _user(world, source, begun, _field(visit, "SAMLResponse"))
    del outside[hashed(relay_state)]
    code = world.ids.token(32)
    begun.user_id, begun.expires = user.user_id, world.clock.now() + _A_MINUTE
    forget(world.room(AccessPortalState).on_the_way, world.clock.now())
    world.room(AccessPortalState).on_the_way[hashed(code)] = begun
    return visit.leave_for(f"{portals.address(source.store_id, '/start/federated')}?code={code}")


def come_back(visit: PortalVisit) -> Response:
    """GET /start/federated: the browser that had left is signed in. The code serves once."""
    world = visit.world
    code = visit.query.get("code", "")
    begun = world.room(AccessPortalState).on_the_way.pop(hashed(code), None)
    if begun is None or world.clock.now() >= begun.expires or begun.store_id != visit.store_id:
        raise PageError(_REFUSED)
    if not same(hashed(visit.cookie(_COOKIE)), begun.browser):
        raise PageError(_REFUSED)
    visit.drop_cookie(_COOKIE)
    user = identity_store.user(world, visit.store_id, begun.user_id)
    if user is None or begun.changes != identity_source.changes(world, visit.store_id):
        raise PageError(_REFUSED)
    return go_on(visit, user, begun.query)


def _user(world: World, source: ExternalProvider, begun: OutsideSignIn, message: str) -> StoreUser:
    """Whom the provider has signed in, after every check. PageError."""
    metadata = _metadata(world, source)
    expected = Expected(
        issuer=metadata.entity_id,
        audiences={source.issuer_url},
        acs_urls={source.acs_url},
        now=world.clock.now(),
        request_id=begun.request_id,
    )
    try:
        response = verified_assertion(message, metadata, expected)
        profile = read_profile(response.assertion)
        use_once(world, source.issuer_url, response)
    except (SamlFault, Malformed) as wrong:
        raise PageError(_REFUSED) from wrong
    if profile.session.get("format") != _EMAIL_ADDRESS:
        raise PageError(_REFUSED)
    user = identity_store.find_user(world, source.store_id, profile.subject)
    # To the letter: the provider may know two people whose names differ in case alone.
    if user is None or user.user_name != profile.subject:
        raise PageError(_UNKNOWN)
    return user


def _metadata(world: World, source: ExternalProvider) -> Metadata:
    """What the provider says about itself. PageError once that is no longer valid."""
    if source.metadata is None or source.metadata.is_over(world.clock.now()):
        raise PageError("The identity provider's metadata is no longer valid.")
    return source.metadata


def _field(visit: Visit, name: str) -> str:
    """A field of the form, which may be long. PageError unless it stands there once."""
    values = visit.request.form.getlist(name)
    if len(values) != 1:
        raise PageError(_REFUSED)
    return values[0]
