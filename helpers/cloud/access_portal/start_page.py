"""The access portal itself: the accounts and roles of the user, and ways into them."""

from __future__ import annotations

from helpers.cloud import identity_center
from helpers.cloud.access_portal import portals, role_sessions, sessions
from helpers.cloud.access_portal.sign_in_pages import ask_to_sign_in
from helpers.cloud.access_portal.visit import PortalVisit
from helpers.cloud.call import Call
from helpers.cloud.caller import ANONYMOUS
from helpers.cloud.console.entrance import HOME, enter, is_console
from helpers.cloud.console.state import ConsoleSession
from helpers.cloud.errors import AwsError
from helpers.cloud.identity_center import Access
from helpers.cloud.identity_store import StoreUser
from helpers.cloud.response import Response
from helpers.cloud.sessions import Credentials
from helpers.cloud.web import PageError


def start(visit: PortalVisit) -> Response:
    """GET /start: every account with the user's roles in it."""
    signed_in = sessions.current(visit, visit.store_id)
    if signed_in is None:
        return ask_to_sign_in(visit)
    user = signed_in[1]
    accounts: dict[str, list[Access]] = {}
    for one in _access(visit, user):
        accounts.setdefault(one.account_id, []).append(one)
    ordered = sorted(accounts.values(), key=lambda roles: roles[0].account_name.casefold())
    return visit.page("start.html", user=user, accounts=ordered)


def access_keys(visit: PortalVisit) -> Response:
    """POST /start/credentials: keys of a role, to be copied."""
    user, access, credentials = _credentials(visit)
    return visit.page("credentials.html", user=user, access=access, credentials=credentials)


def console_of_role(visit: PortalVisit) -> Response:
    """POST /start/console: into the AWS Management Console as a role."""
    _, access, credentials = _credentials(visit)
    issuer = portals.address(visit.store_id)
    session = ConsoleSession(credentials, credentials.expires, issuer)
    destination = access.relay_state if is_console(access.relay_state) else HOME
    return enter(visit, session, destination)


def _credentials(visit: PortalVisit) -> tuple[StoreUser, Access, Credentials]:
    """A session of the role that the form names. PageError if the user does not have it."""
    visit.check_csrf()
    signed_in = sessions.current(visit, visit.store_id)
    if signed_in is None:
        raise PageError("Your session has expired. Sign in again.")
    user, form = signed_in[1], visit.form
    wanted = (form.get("account_id", ""), form.get("role_name", ""))
    for one in _access(visit, user):
        if (one.account_id, one.permission_set_name) == wanted:
            try:
                return user, one, role_sessions.begin(_call(visit), one, user)
            except AwsError as refused:
                raise PageError(refused.message) from refused
    raise PageError("No access")


def _access(visit: PortalVisit, user: StoreUser) -> list[Access]:
    return identity_center.access_of(visit.world, visit.instance, user.user_id)


def _call(visit: PortalVisit) -> Call:
    """The call that the portal's page makes on its own API for the user."""
    return Call(
        world=visit.world,
        service="sso",
        operation="GetRoleCredentials",
        region=visit.instance.region,
        account=visit.instance.account,
        params={},
        caller=ANONYMOUS,
        credentials=None,
        request=visit.request,
    )
