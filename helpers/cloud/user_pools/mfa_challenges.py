"""Challenges of the second factor: SOFTWARE_TOKEN_MFA, SMS_MFA, SELECT_MFA_TYPE and MFA_SETUP.

Source: API reference, RespondToAuthChallenge; developer guide, "Adding MFA to a user pool".
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud import lockout
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools import attributes, codes, mfa, password_check, totp
from helpers.cloud.user_pools.challenge_sessions import (
    find_challenge,
    invalid_session,
    open_challenge,
    waiting_user,
)
from helpers.cloud.user_pools.directory import App, find_user
from helpers.cloud.user_pools.mfa import SMS_MFA
from helpers.cloud.user_pools.state import Challenge
from helpers.cloud.user_pools.totp import SOFTWARE_TOKEN_MFA

SELECT_MFA_TYPE = "SELECT_MFA_TYPE"
MFA_SETUP = "MFA_SETUP"

_TEXT = "Your authentication code is {####}. "
_SENDING = "send mfa"


def challenge_for(app: App, user: CognitoIdpUser, *, from_domain: bool) -> Challenge | None:
    """The challenge that a user who has proved his password must answer, None if none."""
    asked = mfa.asked(app.pool, user)
    if len(asked) > 1:
        choice = {"MFAS_CAN_CHOOSE": _json(asked)}
        return _open(app, SELECT_MFA_TYPE, user, from_domain, choice)
    if asked:
        return _ask_for(app, asked[0], user, from_domain)
    if mfa.mode(app.pool) != "ON" or mfa.is_federated(user):
        return None
    able = mfa.to_set_up(app.pool, user)
    if not able:
        message = "The user has no second factor that the user pool allows."
        raise AwsError("InvalidUserPoolConfigurationException", message)
    return _open(app, MFA_SETUP, user, from_domain, {"MFAS_CAN_SETUP": _json(able)})


def answer(
    app: App, name: str, given: Mapping[str, str], session: str, *, from_domain: bool = False
) -> Challenge | CognitoIdpUser:
    """Check the answer to a challenge of the second factor.

    The user, who has now proved all that is asked, or the challenge that follows. After a wrong
    code the same session may try again, until the lock-out.
    """
    challenge = find_challenge(app, name, session, from_domain=from_domain)
    user = waiting_user(app, challenge)
    if find_user(app.pool, given.get("USERNAME", "")) is not user:
        raise invalid_session()
    return ANSWERERS[name](app, challenge, user, given)


def send_again(app: App, session: str) -> Challenge:
    """Another text message for a page's SMS_MFA challenge; the session and code before are void."""
    challenge = find_challenge(app, SMS_MFA, session, from_domain=True)
    user = waiting_user(app, challenge)
    if SMS_MFA not in mfa.ready(app.pool, user):
        raise invalid_session()
    again = _ask_for(app, SMS_MFA, user, from_domain=True)
    challenge.used = True
    return again


def open_setup(app: App, before: Challenge, user: CognitoIdpUser, **secrets: object) -> Challenge:
    """The next session of an enrolment: with the `secret` handed out, then the `token` proved."""
    before.used = True
    before.secrets.pop("secret", None)
    return _open(app, MFA_SETUP, user, before.from_domain, before.parameters, **secrets)


def _open(
    app: App,
    name: str,
    user: CognitoIdpUser,
    from_domain: bool,
    parameters: Mapping[str, str],
    *,
    session: str = "",
    **secrets: object,
) -> Challenge:
    return open_challenge(
        app,
        name,
        user,
        user.username,
        session=session,
        from_domain=from_domain,
        parameters={"USER_ID_FOR_SRP": user.username, **parameters},
        password=app.pool.account(user).password,
        **secrets,
    )


# --- a code from an app, or from a text message --------------------------------------------------


def _ask_for(app: App, name: str, user: CognitoIdpUser, from_domain: bool) -> Challenge:
    if name == SMS_MFA:
        return _send(app, user, from_domain)
    token = app.pool.account(user).second_factor.token
    named = {"FRIENDLY_DEVICE_NAME": token.name} if token and token.name else {}
    return _open(app, SOFTWARE_TOKEN_MFA, user, from_domain, named)


def _send(app: App, user: CognitoIdpUser, from_domain: bool) -> Challenge:
    """Text a code to the user's phone. Only its digest is kept, bound to the session."""
    pool, world = app.pool, app.world
    account = pool.account(user)
    password_check.refuse_while_locked(world, account.second_factor)
    codes.count_attempt(pool, account, _SENDING)
    phone, code, session = user.attribute_lookup["phone_number"], *_fresh(app)
    sms = pool.resource.sms_mfa_config or {}
    body = sms.get("SmsAuthenticationMessage") or _TEXT
    codes.send_message(pool, user, "phone_number", phone, "", body, code)
    sent = codes.delivery_details("phone_number", phone)
    shown = {
        "CODE_DELIVERY_DELIVERY_MEDIUM": sent["DeliveryMedium"],
        "CODE_DELIVERY_DESTINATION": sent["Destination"],
    }
    return _open(
        app, SMS_MFA, user, from_domain, shown,
        session=session, digest=_digest(session, code), phone=phone,
    )  # fmt: skip


def _fresh(app: App) -> tuple[str, str]:
    return app.world.ids.digits(6), app.world.ids.token(256)


def _digest(session: str, code: str) -> bytes:
    octets = code.encode("utf-8", "surrogatepass")
    return hmac.digest(session.encode(), octets, hashlib.sha256)


def _answer_sms(
    app: App, challenge: Challenge, user: CognitoIdpUser, given: Mapping[str, str]
) -> CognitoIdpUser:
    code = _required(given, "SMS_MFA_CODE")
    account, phone = app.pool.account(user), challenge.secrets["phone"]
    password_check.refuse_while_locked(app.world, account.second_factor)
    # A number that changed in between is not the one that was asked.
    current = user.attribute_lookup.get("phone_number") == phone
    right = hmac.compare_digest(_digest(challenge.session, code), challenge.secrets["digest"])
    if not (right and current):
        password_check.count_failure(app.world, account.second_factor)
        message = "Invalid code or auth state for the user."
        raise AwsError("CodeMismatchException", message)
    challenge.used = True
    lockout.forgive(account.second_factor)
    account.attempts.pop(_SENDING, None)
    _verify_phone(app, user, phone)
    return user


def _verify_phone(app: App, user: CognitoIdpUser, phone: str) -> None:
    """A code that came back proves the phone. It stays unverified if it is another's alias."""
    if user.attribute_lookup.get("phone_number_verified") == "true":
        return
    try:
        attributes.mark_verified(app.pool, user, "phone_number", phone)
    except AwsError as taken:
        if taken.code != "AliasExistsException":
            raise


def _answer_totp(
    app: App, challenge: Challenge, user: CognitoIdpUser, given: Mapping[str, str]
) -> CognitoIdpUser:
    totp.check_code(app.pool, user, _required(given, "SOFTWARE_TOKEN_MFA_CODE"))
    challenge.used = True
    return user


# --- a choice, and an enrolment ------------------------------------------------------------------


def _answer_select(
    app: App, challenge: Challenge, user: CognitoIdpUser, given: Mapping[str, str]
) -> Challenge:
    chosen = _required(given, "ANSWER")
    if chosen not in mfa.asked(app.pool, user):
        message = f"Invalid MFA type {chosen[:64]}."
        raise AwsError("InvalidParameterException", message)
    following = _ask_for(app, chosen, user, challenge.from_domain)
    challenge.used = True
    return following


def _answer_setup(
    app: App, challenge: Challenge, user: CognitoIdpUser, given: Mapping[str, str]
) -> CognitoIdpUser:
    """Only the session that VerifySoftwareToken gave back shows that the enrolment is done."""
    token = challenge.secrets.get("token")
    if token is None or app.pool.account(user).second_factor.token is not token:
        raise invalid_session()
    challenge.used = True
    return user


ANSWERERS: Mapping[
    str,
    Callable[[App, Challenge, CognitoIdpUser, Mapping[str, str]], Challenge | CognitoIdpUser],
] = {
    SOFTWARE_TOKEN_MFA: _answer_totp,
    SMS_MFA: _answer_sms,
    SELECT_MFA_TYPE: _answer_select,
    MFA_SETUP: _answer_setup,
}


def _required(given: Mapping[str, str], name: str) -> str:
    if not given.get(name):
        raise AwsError("InvalidParameterException", f"Missing required parameter {name}")
    return given[name]


def _json(names: list[str]) -> str:
    return json.dumps(names, separators=(",", ":"))
