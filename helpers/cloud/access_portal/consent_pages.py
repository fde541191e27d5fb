"""Letting a program in: the code that it shows, and the question whether to allow it access.

Source: AWS CLI User Guide, "Configuring IAM Identity Center authentication"; RFC 8628, sections
3.3 and 5.4 (the page shows the code again, so that nobody allows somebody else's program).
"""

from __future__ import annotations

from helpers.cloud import lockout
from helpers.cloud.access_portal import (
    authorization_codes,
    device_authorization,
    portals,
    sessions,
)
from helpers.cloud.access_portal.authorization_request import read
from helpers.cloud.access_portal.sign_in_pages import ask_to_sign_in
from helpers.cloud.access_portal.state import AccessPortalState, DeviceAuthorization, Guesses
from helpers.cloud.access_portal.visit import PortalVisit, Visit
from helpers.cloud.response import Response
from helpers.cloud.web import PageError, TellApp

_NO_SUCH_CODE = "This code is not right, has expired, or was used. Look at your program again."


def type_code(visit: Visit, region: str) -> Response:
    """GET and POST / of device.sso.<region>.amazonaws.com: which program is it?"""
    if visit.request.method != "POST":
        typed = visit.query.get("user_code", "")[:64]
        return visit.page("user_code.html", user_code=typed)
    visit.check_csrf()
    typed = visit.form.get("user_code", "")
    try:
        waiting = _look_up(visit, typed, region)
    except PageError as wrong:
        return visit.page("user_code.html", user_code=typed[:64], problem=wrong.error)
    page = portals.address(waiting.store_id, "/start/device")
    return visit.leave_for(f"{page}?user_code={waiting.user_code}")


def device(visit: PortalVisit) -> Response:
    """GET and POST /start/device: let in the program that shows this code, or turn it away."""
    session = sessions.current(visit, visit.store_id)
    if session is None:
        return ask_to_sign_in(visit, "device")
    posted = visit.request.method == "POST"
    if posted:
        visit.check_csrf()
    waiting = _look_up(visit, visit.query.get("user_code", ""))
    if waiting.store_id != visit.store_id:
        raise PageError(_NO_SUCH_CODE)
    program = waiting.client.name
    if not posted:
        return visit.page(
            "allow.html",
            program=program,
            user=session[1],
            user_code=waiting.user_code,
            action=f"device?user_code={waiting.user_code}",
        )
    allowed = visit.form.get("decision") == "allow"
    device_authorization.decide(waiting, session[0] if allowed else None)
    return visit.page("decided.html", program=program, allowed=allowed)


def authorize(visit: Visit, region: str) -> Response:
    """GET /authorize of oidc.<region>.amazonaws.com: on to the portal of the program's users."""
    asked = read(visit.world, visit.query, region)
    page = portals.address(asked.instance.identity_store_id, "/start/authorize")
    return visit.leave_for(f"{page}?{visit.request.query_string.decode('latin-1')}")


def consent(visit: PortalVisit) -> Response:
    """GET and POST /start/authorize: let in the program that sent this browser, or do not."""
    asked = read(visit.world, visit.query)
    if asked.instance.identity_store_id != visit.store_id:
        raise PageError("invalid_request: the program's users sign in elsewhere.")
    session = sessions.current(visit, visit.store_id)
    if session is None:
        return ask_to_sign_in(visit, "authorize")
    if visit.request.method != "POST":
        query = visit.request.query_string.decode("latin-1")
        program = asked.client.name
        return visit.page(
            "allow.html", program=program, user=session[1], action=f"authorize?{query}"
        )
    visit.check_csrf()
    if visit.form.get("decision") != "allow":
        raise TellApp(asked.callback, "access_denied")
    code = authorization_codes.issue(
        visit.world, asked.client, asked.callback.redirect_uri, asked.challenge, session[0]
    )
    return asked.callback.response({"code": code})


def _look_up(visit: Visit, typed: str, region: str = "") -> DeviceAuthorization:
    """The program that waits with a code. PageError; wrong codes from one address are counted."""
    world, now = visit.world, visit.world.clock.now()
    address = visit.request.remote_addr or ""
    guesses = world.room(AccessPortalState).guesses.setdefault(address, Guesses())
    if lockout.is_locked(guesses, now):
        raise PageError("Too many wrong codes. Wait some time, then try again.")
    waiting = device_authorization.find_waiting(world, typed, region)
    if waiting is None:
        lockout.count_failure(guesses, now)
        raise PageError(_NO_SUCH_CODE)
    lockout.forgive(guesses)
    return waiting
