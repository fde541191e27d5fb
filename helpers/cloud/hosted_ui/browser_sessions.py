"""The session cookie: a browser that has signed in once need not do so again for an hour.

Source: developer guide, "Managed login": the session cookie is valid for one hour.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import timedelta

from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from helpers.cloud.hosted_ui.state import BrowserSession, HostedUiState
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.secret_hashes import forget, hashed
from helpers.cloud.user_pools.directory import user_with_sub

COOKIE = "cognito"
_LIFE = timedelta(hours=1)


def start(
    visit: Visit,
    user: CognitoIdpUser,
    provider: str = "",
    provider_session: Mapping[str, str] | None = None,
) -> None:
    """Remember that this browser's user has signed in. A fresh cookie, so none can be planted."""
    end(visit)
    value, now = visit.world.ids.token(32), visit.world.clock.now()
    sessions = visit.world.room(HostedUiState).sessions
    forget(sessions, now)
    sessions[hashed(value)] = BrowserSession(
        pool_id=visit.pool.id,
        sub=user.id,
        auth_time=now,
        expires=now + _LIFE,
        provider=provider,
        provider_session=provider_session or {},
        password=_password(visit, user),
        times_disabled=visit.pool.account(user).times_disabled,
    )
    visit.set_cookie(COOKIE, value)


def current(visit: Visit) -> tuple[CognitoIdpUser, BrowserSession] | None:
    """Who is signed in with this browser, None if nobody is."""
    session = visit.world.room(HostedUiState).sessions.get(hashed(visit.cookie(COOKIE)))
    if session is None or session.pool_id != visit.pool.id:
        return None
    if visit.world.clock.now() >= session.expires:
        return None
    user = user_with_sub(visit.pool, session.sub)
    if user is None or not user.enabled or not _still_stands(visit, user, session):
        return None
    return user, session


def _still_stands(visit: Visit, user: CognitoIdpUser, session: BrowserSession) -> bool:
    """Whether the way in which the user has signed in still leads to him.

    A new password ends the sessions of the old one, or a thief would stay for the hour.
    """
    if session.times_disabled != visit.pool.account(user).times_disabled:
        return False
    if session.provider:
        identities = visit.pool.account(user).identities
        return any(identity.provider == session.provider for identity in identities)
    same = hmac.compare_digest(session.password, _password(visit, user))
    return same and user.status == UserStatus.CONFIRMED


def _password(visit: Visit, user: CognitoIdpUser) -> bytes:
    stored = visit.pool.account(user).password
    return stored.digest if stored else b""


def end(visit: Visit) -> BrowserSession | None:
    """Sign this browser out; the session that ended, None if there was none."""
    value = visit.cookie(COOKIE)
    ended = visit.world.room(HostedUiState).sessions.pop(hashed(value), None) if value else None
    if value:
        visit.drop_cookie(COOKIE)
    return ended
