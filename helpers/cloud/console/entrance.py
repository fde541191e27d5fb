"""From the sign-in host into the console: by a code that serves once, for a minute.

The two are hosts of their own, so that the cookie of one is not the other's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from helpers.cloud.console.state import ConsoleSession, ConsoleState, OnTheWay
from helpers.cloud.response import Response
from helpers.cloud.secret_hashes import forget, hashed
from helpers.cloud.web import Visit

COOKIE = "aws-session"
HOME = "https://console.aws.amazon.com/console/home"
CONSOLE_HOST = re.compile(r"(?:[a-z]{2}(?:-[a-z]+)+-\d\.)?console\.aws\.amazon\.com")
_A_MINUTE = timedelta(minutes=1)


def is_console(url: str) -> bool:
    """Whether an address is one of the console: nobody is sent anywhere else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    # The name alone: no user, no port.
    known = CONSOLE_HOST.fullmatch(parts.netloc.lower()) is not None
    printable = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    return parts.scheme == "https" and known and printable


def enter(visit: Visit, session: ConsoleSession, destination: str) -> Response:
    """Send the browser to a page of the console, where it is then signed in."""
    world, code = visit.world, visit.world.ids.token(32)
    codes, now = world.room(ConsoleState).codes, world.clock.now()
    forget(codes, now)
    codes[hashed(code)] = OnTheWay(session, now + _A_MINUTE)
    parts = urlsplit(destination)
    own = without_code(parse_qsl(parts.query, keep_blank_values=True))
    query = urlencode([*own, ("isauthcode", "true"), ("code", code)])
    target = parts._replace(query=query).geturl()
    return Response(302, {"Location": target, "Cache-Control": "no-store"}, b"")


def without_code(query: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """A query without what belongs to the way in, which no destination may bring along."""
    return [(name, value) for name, value in query if name not in ("isauthcode", "code")]


def take_code(visit: Visit, code: str) -> bool:
    """Begin the session that a code stands for. False if it stands for none any more."""
    state, now = visit.world.room(ConsoleState), visit.world.clock.now()
    waiting = state.codes.pop(hashed(code), None)
    if waiting is None or waiting.expires <= now:
        return False
    leave(visit)
    forget(state.sessions, now)
    secret = visit.world.ids.token(32)
    state.sessions[hashed(secret)] = waiting.session
    visit.set_cookie(COOKIE, secret)
    return True


def current(visit: Visit) -> ConsoleSession | None:
    """The browser's session, whether it is over or not."""
    return visit.world.room(ConsoleState).sessions.get(hashed(visit.cookie(COOKIE)))


def leave(visit: Visit) -> None:
    """End the browser's session, if it has one."""
    if visit.world.room(ConsoleState).sessions.pop(hashed(visit.cookie(COOKIE)), None):
        visit.drop_cookie(COOKIE)
