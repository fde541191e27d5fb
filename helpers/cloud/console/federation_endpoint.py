"""https://signin.aws.amazon.com/federation: a custom broker brings somebody into the console.

A broker has temporary credentials for its user. It exchanges them for a sign-in token
(getSigninToken) and sends the user a link with it (login).
Source: IAM User Guide, "Enable custom identity broker access to the AWS console".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from helpers.cloud import sts
from helpers.cloud.console.entrance import enter, is_console
from helpers.cloud.console.state import ConsoleSession, ConsoleState, OnTheWay
from helpers.cloud.response import Response
from helpers.cloud.secret_hashes import forget, hashed, same
from helpers.cloud.sessions import Credentials
from helpers.cloud.web import PageError, Visit, single

_LINK_LIVES = timedelta(minutes=15)
_SHORTEST, _LONGEST = 900, 43_200
_SECONDS = re.compile(r"[0-9]{1,6}")
_PARTS = ("sessionId", "sessionKey", "sessionToken")
_UNKNOWN = "The session that was sent is not one of temporary credentials that are valid."
_BAD_LENGTH = f"SessionDuration must be a number of seconds from {_SHORTEST} to {_LONGEST}."


def answer(visit: Visit) -> Response:
    """Answer Action=getSigninToken with JSON and Action=login with the way into the console."""
    given = single(visit.request.values.lists())
    action = given.get("Action", "")
    if action == "getSigninToken":
        return _sign_in_token(visit, given)
    if action == "login":
        return _login(visit, given)
    raise PageError("Action must be getSigninToken or login.")


def _sign_in_token(visit: Visit, given: Mapping[str, str]) -> Response:
    world = visit.world
    now, tokens = world.clock.now(), world.room(ConsoleState).tokens
    credentials = _credentials(visit, given.get("Session", ""), now)
    session = ConsoleSession(credentials, _end(visit, credentials, given.get("SessionDuration")))
    forget(tokens, now)
    token = world.ids.token(96)
    tokens[hashed(token)] = OnTheWay(session, now + _LINK_LIVES)
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Response(200, headers, json.dumps({"SigninToken": token}).encode())


def _credentials(visit: Visit, session: str, now: datetime) -> Credentials:
    """The temporary credentials in a session string, if they are true. PageError otherwise."""
    try:
        parts = json.loads(session)
    except (ValueError, RecursionError):
        parts = None
    if not isinstance(parts, dict) or not all(isinstance(parts.get(p), str) for p in _PARTS):
        raise PageError(_UNKNOWN)
    kept = visit.world.sessions.find(parts["sessionId"])
    true = kept is not None and same(parts["sessionKey"], kept.secret_access_key)
    if kept is None or not true or not same(parts["sessionToken"], kept.session_token):
        raise PageError(_UNKNOWN)
    # Those of GetSessionToken are a user's own: the console has another way in for users.
    if kept.expires <= now or kept.principal.type not in ("AssumedRole", "FederatedUser"):
        raise PageError(_UNKNOWN)
    return kept


def _end(visit: Visit, credentials: Credentials, duration: str | None) -> datetime:
    """When the console session ends: with the credentials, unless SessionDuration says otherwise.

    That is only for a role that a user of the account put on: not for GetFederationToken, nor for
    a role that another session put on (role chaining).
    """
    if duration is None:
        return credentials.expires
    if credentials.principal.type == "FederatedUser":
        raise PageError("SessionDuration is not for credentials of GetFederationToken.")
    if sts.is_chained(visit.world, credentials):
        raise PageError("SessionDuration is not for credentials of role chaining.")
    if not _SECONDS.fullmatch(duration) or not _SHORTEST <= int(duration) <= _LONGEST:
        raise PageError(_BAD_LENGTH)
    return visit.world.clock.now() + timedelta(seconds=int(duration))


def _login(visit: Visit, given: Mapping[str, str]) -> Response:
    destination, issuer = given.get("Destination", ""), given.get("Issuer", "")
    if not is_console(destination):
        raise PageError("Destination must be an address of the AWS Management Console.")
    tokens, now = visit.world.room(ConsoleState).tokens, visit.world.clock.now()
    waiting = tokens.pop(hashed(given.get("SigninToken", "")), None)
    if waiting is None or waiting.expires <= now:
        raise PageError("The sign-in token is not valid, or no longer. Sign in again.")
    session = waiting.session
    known = issuer if _is_https(issuer) else ""
    return enter(visit, ConsoleSession(session.credentials, session.expires, known), destination)


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and url.isprintable()
