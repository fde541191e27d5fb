"""AssociateSoftwareToken, VerifySoftwareToken, AdminDeleteSoftwareToken.

Enrolment of an authenticator app: by a signed-in user with an access token, or during sign-in
with the session of an MFA_SETUP challenge. Source: API reference; developer guide, "TOTP software
token MFA". The secret is shown when it is made, and never again.
"""

from __future__ import annotations

from typing import Any

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools import mfa, totp
from helpers.cloud.user_pools.challenge_sessions import (
    app_of_session,
    find_challenge,
    invalid_session,
    waiting_user,
)
from helpers.cloud.user_pools.directory import App, Pool, pool_of, user_of
from helpers.cloud.user_pools.mfa_challenges import MFA_SETUP, open_setup
from helpers.cloud.user_pools.state import Challenge
from helpers.cloud.user_pools.totp import SOFTWARE_TOKEN_MFA
from helpers.cloud.user_pools.verification import bearer


def associate_software_token(call: Call) -> dict[str, Any]:
    """AssociateSoftwareToken: a secret for an authenticator app, not in use until it is proved."""
    if _by_session(call):
        session = call.params["Session"]
        challenge, secret = begin_setup(app_of_session(call, session), session)
        return {"SecretCode": secret, "Session": challenge.session}
    who = bearer(call)
    _refuse_where_off(who.app.pool, who.user)
    secret = totp.new_secret(who.app.pool)
    who.app.pool.account(who.user).second_factor.candidate = secret
    return {"SecretCode": secret}


def verify_software_token(call: Call) -> dict[str, Any]:
    """VerifySoftwareToken: the app's first code. From now on sign-in asks for its codes."""
    code, name = call.params["UserCode"], call.params.get("FriendlyDeviceName") or ""
    if _by_session(call):
        session = call.params["Session"]
        challenge = prove_setup(app_of_session(call, session), session, code, name)
        return {"Status": "SUCCESS", "Session": challenge.session}
    who = bearer(call)
    pool = who.app.pool
    _refuse_where_off(pool, who.user)
    candidate = pool.account(who.user).second_factor.candidate
    if not candidate:
        raise totp.no_token()
    totp.enrol(pool, who.user, candidate, code, name)
    return {"Status": "SUCCESS"}


def admin_delete_software_token(call: Call) -> dict[str, Any]:
    """AdminDeleteSoftwareToken: the app is lost; sign-in asks for another factor, or a new app."""
    pool = pool_of(call)
    factor = pool.account(user_of(call, pool)).second_factor
    factor.token, factor.candidate = None, ""
    factor.active.discard(SOFTWARE_TOKEN_MFA)
    if factor.preferred == SOFTWARE_TOKEN_MFA:
        factor.preferred = ""
    return {}


def begin_setup(app: App, session: str, *, from_domain: bool = False) -> tuple[Challenge, str]:
    """Hand out a secret during sign-in: the session to go on with, and the secret."""
    challenge, user = _setup(app, session, from_domain=from_domain)
    secret = totp.new_secret(app.pool)
    return open_setup(app, challenge, user, secret=secret), secret


def prove_setup(
    app: App, session: str, code: str, name: str = "", *, from_domain: bool = False
) -> Challenge:
    """The app's first code during sign-in: the session that answers MFA_SETUP."""
    challenge, user = _setup(app, session, from_domain=from_domain)
    secret = challenge.secrets.get("secret")
    if not secret:
        raise invalid_session()
    token = totp.enrol(app.pool, user, secret, code, name)
    return open_setup(app, challenge, user, token=token)


def _setup(app: App, session: str, *, from_domain: bool) -> tuple[Challenge, CognitoIdpUser]:
    """An enrolment under way. A password alone never replaces a factor that the user has."""
    challenge = find_challenge(app, MFA_SETUP, session, from_domain=from_domain)
    user = waiting_user(app, challenge)
    _refuse_where_off(app.pool, user)
    if mfa.asked(app.pool, user):
        raise invalid_session()
    return challenge, user


def _by_session(call: Call) -> bool:
    """Whether the caller is in the middle of a sign-in. Exactly one of the two must be given."""
    token, session = call.params.get("AccessToken"), call.params.get("Session")
    if bool(token) == bool(session):
        message = "Exactly one of AccessToken and Session is required."
        raise AwsError("InvalidParameterException", message)
    return bool(session)


def _refuse_where_off(pool: Pool, user: CognitoIdpUser) -> None:
    if SOFTWARE_TOKEN_MFA not in mfa.offered(pool):
        message = "Software Token MFA has not been enabled by the userPool."
        raise AwsError("SoftwareTokenMFANotFoundException", message)
    if mfa.is_federated(user):
        message = "A user of an outside provider has no second factor in the user pool."
        raise AwsError("InvalidParameterException", message)
