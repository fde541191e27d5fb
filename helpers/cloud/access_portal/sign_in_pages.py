"""Signing in to the access portal: user name, then password, or a code for a first password."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.cloud import identity_store
from helpers.cloud.access_portal import accounts, sessions
from helpers.cloud.access_portal.accounts import SignInError
from helpers.cloud.access_portal.authorization_request import CARRIED
from helpers.cloud.access_portal.visit import PortalVisit
from helpers.cloud.errors import AwsError
from helpers.cloud.identity_store import StoreUser
from helpers.cloud.response import Response

SIGN_IN = "/start/signin"
# Where somebody was on the way to, by the word that the address carries.
_ERRANDS = ("device", "authorize")


def ask_to_sign_in(visit: PortalVisit, errand: str = "") -> Response:
    """Send the browser to the sign-in page, and from there back to its errand."""
    carried = {"to": errand, **_carried(visit)} if errand else {}
    return visit.redirect(SIGN_IN, carried)


def user_name(visit: PortalVisit) -> Response:
    """GET and POST /start/signin: who is it?"""
    if visit.request.method != "POST":
        return _ask(visit, "user_name.html")
    visit.check_csrf()
    name = visit.form.get("username", "").strip()
    if not name:
        return _ask(visit, "user_name.html", problem="Type your user name.")
    user = identity_store.find_user(visit.world, visit.store_id, name)
    if user is not None and not accounts.has_password(visit.world, visit.store_id, user):
        return _send(visit, name)
    return _ask(visit, "password.html", username=name)


def password(visit: PortalVisit) -> Response:
    """POST /start/password: the password, and then the portal."""
    visit.check_csrf()
    form, name = visit.form, visit.form.get("username", "")
    given = form.get("password", "")
    try:
        user = accounts.check_password(visit.world, visit.store_id, name, given)
    except SignInError as wrong:
        return _ask(visit, "password.html", username=name, problem=str(wrong))
    return go_on(visit, user, visit.query)


def forgot_password(visit: PortalVisit) -> Response:
    """POST /start/forgot: another code, for a user who has forgotten the password."""
    visit.check_csrf()
    return _send(visit, visit.form.get("username", ""))


def email_code(visit: PortalVisit) -> Response:
    """POST /start/code: the code that was sent, and then a new password."""
    visit.check_csrf()
    form, name = visit.form, visit.form.get("username", "")
    digits = form.get("code", "").strip()
    try:
        ticket = accounts.take_code(visit.world, visit.store_id, name, digits)
    except SignInError as wrong:
        return _ask(visit, "email_code.html", username=name, problem=str(wrong))
    return _ask(visit, "new_password.html", username=name, ticket=ticket)


def new_password(visit: PortalVisit) -> Response:
    """POST /start/newpassword: the password that the user has chosen."""
    visit.check_csrf()
    form, name = visit.form, visit.form.get("username", "")
    ticket = form.get("ticket", "")
    try:
        chosen = visit.new_password()
        user = accounts.choose_password(visit.world, visit.store_id, name, ticket, chosen)
    except (AwsError, SignInError) as wrong:
        text = wrong.message if isinstance(wrong, AwsError) else str(wrong)
        return _ask(visit, "new_password.html", username=name, ticket=ticket, problem=text)
    return go_on(visit, user, visit.query)


def go_on(visit: PortalVisit, user: StoreUser, query: Mapping[str, str]) -> Response:
    """The user is who he says: sign this browser in, and send it where it wanted to go."""
    sessions.start(visit, visit.store_id, user)
    return visit.redirect(*destination(query))


def destination(query: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Path and parameters of where somebody was on the way to: never another host."""
    errand = query.get("to", "")
    if errand not in _ERRANDS:
        return "/start", {}
    return f"/start/{errand}", {n: v for n, v in query.items() if n in CARRIED}


def sign_out(visit: PortalVisit) -> Response:
    """POST /start/signout: the session ends, also for the programs that were let in from it."""
    visit.check_csrf()
    sessions.end(visit)
    return visit.redirect(SIGN_IN)


def _send(visit: PortalVisit, name: str) -> Response:
    accounts.send_code(visit.world, visit.store_id, name)
    return _ask(visit, "email_code.html", username=name)


def _ask(visit: PortalVisit, page: str, **values: str) -> Response:
    return visit.page(page, query=visit.request.query_string.decode("latin-1"), **values)


def _carried(visit: PortalVisit) -> dict[str, str]:
    return {name: value for name, value in visit.query.items() if name in CARRIED}
