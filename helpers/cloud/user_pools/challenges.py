"""Challenges between the first step of sign-in and the tokens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from helpers.cloud import lockout
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse
from helpers.cloud.user_pools import (
    attributes,
    mfa_challenges,
    password_check,
    passwords,
    srp,
    tokens,
)
from helpers.cloud.user_pools.challenge_sessions import (
    challenged_user,
    find_challenge,
    invalid_session,
    open_challenge,
)
from helpers.cloud.user_pools.client_secrets import check_secret_hash
from helpers.cloud.user_pools.directory import (
    App,
    Pool,
    admin_app_of,
    app_of,
    find_user,
    fold,
    user_with_sub,
)
from helpers.cloud.user_pools.state import Challenge

NEW_PASSWORD_REQUIRED = "NEW_PASSWORD_REQUIRED"
_PASSWORD_VERIFIER = "PASSWORD_VERIFIER"
_ATTRIBUTE = "userAttributes."


def next_step(app: App, user: CognitoIdpUser) -> dict[str, Any]:
    """What follows once the password is proved: another challenge, or the tokens."""
    return _answer(app, remaining_step(app, user) or user)


def remaining_step(
    app: App, user: CognitoIdpUser, *, from_domain: bool = False
) -> Challenge | None:
    """What a user who has proved his password must still do before he is signed in.

    The one place that decides it, for the API and (`from_domain`) for the pages.
    """
    if user.status == UserStatus.FORCE_CHANGE_PASSWORD:
        return ask_for_new_password(app, user, from_domain=from_domain)
    return mfa_challenges.challenge_for(app, user, from_domain=from_domain)


def _answer(app: App, step: Challenge | CognitoIdpUser) -> dict[str, Any]:
    """The response for a challenge that is open, or for a user who has answered all."""
    if isinstance(step, Challenge):
        return {
            "ChallengeName": step.name,
            "Session": step.session,
            "ChallengeParameters": step.parameters,
        }
    return {"AuthenticationResult": tokens.sign_in(app, step), "ChallengeParameters": {}}


def respond_to_auth_challenge(call: Call) -> dict[str, Any]:
    """RespondToAuthChallenge."""
    return _respond(call, app_of(call))


def admin_respond_to_auth_challenge(call: Call) -> dict[str, Any]:
    """AdminRespondToAuthChallenge."""
    return _respond(call, admin_app_of(call))


def _respond(call: Call, app: App) -> dict[str, Any]:
    name = call.params["ChallengeName"]
    # After these the password is proved; after one of the second factor nothing may be left.
    first: dict[str, Callable[[App, dict[str, str], str], CognitoIdpUser]] = {
        NEW_PASSWORD_REQUIRED: set_new_password,
        _PASSWORD_VERIFIER: _verify_srp,
    }
    if name not in first and name not in mfa_challenges.ANSWERERS:
        refuse(f"the challenge {name}")
    given = call.params.get("ChallengeResponses") or {}
    if not given.get("USERNAME"):
        message = "Missing required parameter USERNAME"
        raise AwsError("InvalidParameterException", message)
    check_secret_hash(app, given["USERNAME"], given.get("SECRET_HASH"))
    session = call.params.get("Session", "")
    if name in first:
        return next_step(app, first[name](app, given, session))
    return _answer(app, mfa_challenges.answer(app, name, given, session))


# --- NEW_PASSWORD_REQUIRED ---------------------------------------------------------------------


def ask_for_new_password(app: App, user: CognitoIdpUser, *, from_domain: bool = False) -> Challenge:
    """The challenge that follows a right temporary password."""
    missing = [_ATTRIBUTE + name for name in missing_attributes(app.pool, user)]
    known = {n: v for n, v in attributes.readable(app, user).items() if n != "sub"}
    shown = {
        "USER_ID_FOR_SRP": user.username,
        "requiredAttributes": json.dumps(missing),
        "userAttributes": json.dumps(known),
    }
    return open_challenge(
        app, NEW_PASSWORD_REQUIRED, user, user.username,
        from_domain=from_domain, parameters=shown,
    )  # fmt: skip


def missing_attributes(pool: Pool, user: CognitoIdpUser) -> list[str]:
    """The attributes that the pool requires and the user does not have yet."""
    return [n for n in attributes.required(pool) if not user.attribute_lookup.get(n)]


def user_of_session(app: App, session: str) -> CognitoIdpUser | None:
    """Who may still answer this new-password challenge of a page; None if nobody may."""
    try:
        challenge = find_challenge(app, NEW_PASSWORD_REQUIRED, session, from_domain=True)
    except AwsError:
        return None
    return user_with_sub(app.pool, challenge.sub) if challenge.sub else None


def set_new_password(
    app: App, given: dict[str, str], session: str, *, from_domain: bool = False
) -> CognitoIdpUser:
    """Answer a new-password challenge; the user who may now go on."""
    challenge = find_challenge(app, NEW_PASSWORD_REQUIRED, session, from_domain=from_domain)
    user = challenged_user(app, challenge, given["USERNAME"])
    if not given.get("NEW_PASSWORD"):
        message = "Missing required parameter NEW_PASSWORD"
        raise AwsError("InvalidParameterException", message)
    changes = {n.removeprefix(_ATTRIBUTE): v for n, v in given.items() if n.startswith(_ATTRIBUTE)}
    # All checks come first: after a refusal the same session may try again.
    password_check.refuse_unfit(app, user)
    if user.status != UserStatus.FORCE_CHANGE_PASSWORD:
        raise invalid_session()
    passwords.check_policy(app.pool, given["NEW_PASSWORD"])
    passwords.check_history(app.pool, app.pool.account(user), given["NEW_PASSWORD"])
    attributes.check_writable(app, changes)
    attributes.check_required(app.pool, {**user.attribute_lookup, **changes})
    if changes:
        attributes.update(app.pool, user, changes)
    challenge.used = True
    passwords.set_password(app.pool, user, given["NEW_PASSWORD"], temporary=False)
    user.status = UserStatus.CONFIRMED
    return user


# --- PASSWORD_VERIFIER (SRP) -------------------------------------------------------------------


def start_srp(app: App, username: str, client_public: str) -> dict[str, Any]:
    """The answer to USER_SRP_AUTH: the server's half of Secure Remote Password."""
    a_public = _hexadecimal(client_public)
    user = find_user(app.pool, username)
    account = password_check.account_for(app, user, username)
    password_check.refuse_while_locked(app.world, account)
    stored = account.password
    if user is not None and stored is not None:
        name, salt, v = user.username, stored.srp_salt, stored.srp_verifier
    else:
        name, salt, v = _stranger(app, username)
    b = int.from_bytes(app.world.ids.bytes(32), "big")
    b_public = srp.server_public(b, v)
    block = base64.b64encode(app.world.ids.bytes(96)).decode()
    half = {"a_public": a_public, "b": b, "b_public": b_public, "stored": stored, "v": v}
    open_challenge(app, _PASSWORD_VERIFIER, user, username, session=block, user_id=name, **half)
    return {
        "ChallengeName": _PASSWORD_VERIFIER,
        "ChallengeParameters": {
            "SALT": f"{salt:x}".zfill(32),
            "SRP_B": f"{b_public:x}",
            "SECRET_BLOCK": block,
            "USERNAME": name,
            "USER_ID_FOR_SRP": name,
        },
    }


def _verify_srp(app: App, given: dict[str, str], session: str) -> CognitoIdpUser:
    """Check the proof. The secret block, not Session, names the challenge; it serves once."""
    for name in ("PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"):
        if not given.get(name):
            raise AwsError("InvalidParameterException", f"Missing required parameter {name}")
    block = given["PASSWORD_CLAIM_SECRET_BLOCK"]
    challenge = find_challenge(app, _PASSWORD_VERIFIER, block)
    challenge.used = True
    secrets = challenge.secrets
    user = user_with_sub(app.pool, challenge.sub) if challenge.sub else None
    account = password_check.account_for(app, user, challenge.username)
    password_check.refuse_while_locked(app.world, account)
    key = srp.session_key(secrets["a_public"], secrets["b"], secrets["b_public"], secrets["v"])
    octets = base64.b64decode(block)
    expected = srp.proof(key, app.pool.short_name, secrets["user_id"], octets, given["TIMESTAMP"])
    proved = hmac.compare_digest(expected, _base64(given["PASSWORD_CLAIM_SIGNATURE"]))
    same_user = user is not None and find_user(app.pool, given["USERNAME"]) is user
    # A password that changed in between voids the challenge: the verifier was the old one's.
    if not (proved and same_user and account.password is secrets["stored"]) or user is None:
        password_check.count_failure(app.world, account)
        raise password_check.wrong_password()
    lockout.forgive(account)
    password_check.refuse_unfit(app, user)
    return user


def _stranger(app: App, username: str) -> tuple[str, int, int]:
    """Name, salt and verifier for somebody who does not exist: steady, like a real user's."""
    state = app.pool.state
    state.stranger_key = state.stranger_key or app.world.ids.bytes(32)
    name = fold(app.pool, username).encode("utf-8", "surrogatepass")
    seed = hmac.digest(state.stranger_key, name, "sha256")
    salt = (1 + seed[0] % 127) << 120 | int.from_bytes(seed[1:16], "big")
    shown = str(uuid.UUID(bytes=seed[16:], version=4)) if app.pool.username_attributes else username
    return shown, salt, srp.power(int.from_bytes(hashlib.sha256(seed).digest(), "big"))


def _hexadecimal(text: str) -> int:
    """SRP_A. It is refused if it is 0 modulo N: then anybody would know the key."""
    if not re.fullmatch(r"[0-9a-fA-F]{1,1024}", text) or int(text, 16) % srp.N == 0:
        raise AwsError("InvalidParameterException", "Invalid SRP_A value")
    return int(text, 16)


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
