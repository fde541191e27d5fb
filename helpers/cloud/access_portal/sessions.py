"""Who is signed in to a portal, and whether that still stands.

Source: IAM Identity Center User Guide, "Configure the session duration of the AWS access portal":
8 hours unless changed.
"""

from __future__ import annotations

from datetime import timedelta

from helpers.cloud import identity_store
from helpers.cloud.access_portal import identity_source
from helpers.cloud.access_portal.state import AccessPortalState, PortalSession
from helpers.cloud.identity_store import StoreUser
from helpers.cloud.secret_hashes import forget, hashed, same
from helpers.cloud.web import Visit
from helpers.cloud.world import World

COOKIE = "x-amz-sso_authn"
_LIFE = timedelta(hours=8)


def start(visit: Visit, store_id: str, user: StoreUser) -> None:
    """Remember that this browser's user has signed in. A fresh cookie, so none can be planted."""
    end(visit)
    world, now = visit.world, visit.world.clock.now()
    browsers = world.room(AccessPortalState).browsers
    forget(browsers, now)
    value = world.ids.token(64)
    browsers[hashed(value)] = PortalSession(
        store_id=store_id,
        user_id=user.user_id,
        started=now,
        expires=now + _LIFE,
        password=_password(world, store_id, user.user_id),
        changes=identity_source.changes(world, store_id),
    )
    visit.set_cookie(COOKIE, value)


def current(visit: Visit, store_id: str) -> tuple[PortalSession, StoreUser] | None:
    """The session of this browser at a portal, with its user; None if there is none."""
    kept = visit.world.room(AccessPortalState).browsers.get(hashed(visit.cookie(COOKIE)))
    if kept is None or kept.store_id != store_id:
        return None
    user = user_of(visit.world, kept)
    return (kept, user) if user else None


def end(visit: Visit) -> None:
    """Sign this browser out, and with it every program that was let in from it."""
    value = visit.cookie(COOKIE)
    if not value:
        return
    kept = visit.world.room(AccessPortalState).browsers.pop(hashed(value), None)
    if kept is not None:
        kept.ended = True
    visit.drop_cookie(COOKIE)


def user_of(world: World, session: PortalSession) -> StoreUser | None:
    """The user of a session that still stands; None once it has ended, in whatever way.

    It ends with its time, by signing out, with the user (who goes with the instance), with the
    identity source, and with the password it was begun with: or a thief would stay for the day.
    """
    if session.ended or world.clock.now() >= session.expires:
        return None
    kept = _password(world, session.store_id, session.user_id)
    if not same(session.password.hex(), kept.hex()):
        return None
    if session.changes != identity_source.changes(world, session.store_id):
        return None
    return identity_store.user(world, session.store_id, session.user_id)


def _password(world: World, store_id: str, user_id: str) -> bytes:
    account = world.room(AccessPortalState).accounts.get((store_id, user_id))
    return account.password.digest if account and account.password else b""
