"""What holds a sign-in of several steps together: a session string, which serves once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools import password_check
from helpers.cloud.user_pools.directory import (
    App,
    client_home,
    find_pool,
    find_user,
    is_here,
    user_with_sub,
)
from helpers.cloud.user_pools.state import Challenge, UserPoolsState

# Developer guide, "Authentication session flow duration": the pages do not heed the client's.
_ON_PAGES = 3
_REMEMBERED = timedelta(hours=1)  # so that a session that is over can still be told so


def invalid_session() -> AwsError:
    """The error for a session string that is nobody's, or not for this."""
    return AwsError("NotAuthorizedException", "Invalid session for the user.")


def open_challenge(
    app: App,
    name: str,
    user: CognitoIdpUser | None,
    username: str,
    *,
    session: str = "",
    from_domain: bool = False,
    parameters: dict[str, str] | None = None,
    **secrets: Any,
) -> Challenge:
    """Remember a challenge under the string the client will bring back, a fresh one if not given.

    `parameters` become ChallengeParameters, `secrets` are what the answer must match.
    """
    minutes = _ON_PAGES if from_domain else app.setting("AuthSessionValidity") or 3
    challenge = Challenge(
        name=name,
        client_id=app.client.id,
        sub=user.id if user else None,
        username=username,
        expires=app.world.clock.now() + timedelta(minutes=minutes),
        session=session or app.world.ids.token(256),
        from_domain=from_domain,
        parameters=parameters or {},
        secrets=secrets,
    )
    _forget_old(app)
    app.pool.state.challenges[challenge.session] = challenge
    return challenge


def _forget_old(app: App) -> None:
    """Anybody can begin a sign-in: what was over an hour ago is no longer kept."""
    challenges, long_ago = app.pool.state.challenges, app.world.clock.now() - _REMEMBERED
    while challenges and next(iter(challenges.values())).expires < long_ago:
        del challenges[next(iter(challenges))]


def find_challenge(app: App, name: str, session: str, *, from_domain: bool = False) -> Challenge:
    """The challenge of a session string; it must be this client's, of this kind, unused, alive.

    What was begun on a page of the domain goes on there, and what was begun at the API here.
    """
    challenge = app.pool.state.challenges.get(session)
    if challenge is None or challenge.client_id != app.client.id or challenge.name != name:
        raise invalid_session()
    if challenge.from_domain != from_domain:
        raise invalid_session()
    if challenge.used:
        message = "Invalid session for the user, session can only be used once."
        raise AwsError("NotAuthorizedException", message)
    if app.world.clock.now() >= challenge.expires:
        message = "Invalid session for the user, session is expired."
        raise AwsError("NotAuthorizedException", message)
    return challenge


def challenged_user(app: App, challenge: Challenge, username: str) -> CognitoIdpUser:
    """The user a challenge was given to; the answer must name the same user."""
    user = user_with_sub(app.pool, challenge.sub) if challenge.sub else None
    if user is None or find_user(app.pool, username) is not user:
        raise invalid_session()
    return user


def waiting_user(app: App, challenge: Challenge) -> CognitoIdpUser:
    """The user of a challenge that followed a proved password, if that proof still stands.

    A password that changed in between voids it, and so does what forbids sign-in.
    """
    user = user_with_sub(app.pool, challenge.sub) if challenge.sub else None
    if user is None:
        raise invalid_session()
    password_check.refuse_unfit(app, user)
    if app.pool.account(user).password is not challenge.secrets["password"]:
        raise invalid_session()
    return user


def app_of_session(call: Call, session: str) -> App:
    """The app client that a session string of this region was given to."""
    pools = call.world.room(UserPoolsState).pools
    found = next((s.challenges[session] for s in pools.values() if session in s.challenges), None)
    home = client_home(call.world, found.client_id) if found else None
    if home is None or not is_here(call, home.region):
        raise invalid_session()
    pool = find_pool(call.world, home.account, home.region, home.pool_id)
    client = pool.resource.clients.get(found.client_id) if pool and found else None
    if pool is None or client is None:
        raise invalid_session()
    return App(pool, client)
