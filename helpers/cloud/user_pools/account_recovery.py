"""Forgotten passwords."""

from __future__ import annotations

from typing import Any

from moto.cognitoidp.models import LEGACY_ACCOUNT_RECOVERY_MECHANISMS, CognitoIdpUser, UserStatus

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.lockout import forgive
from helpers.cloud.user_pools import codes, mfa, passwords
from helpers.cloud.user_pools.client_secrets import check_secret_hash
from helpers.cloud.user_pools.directory import (
    EXTERNAL_PROVIDER,
    Pool,
    app_of,
    find_user,
    stranger,
)
from helpers.cloud.user_pools.sign_up import known_user, simulated_delivery

_ATTRIBUTE = {"verified_email": "email", "verified_phone_number": "phone_number"}


def forgot_password(call: Call) -> dict[str, Any]:
    """ForgotPassword: a reset code to a verified address of the user."""
    app, params = app_of(call), call.params
    username = params["Username"]
    check_secret_hash(app, username, params.get("SecretHash"))
    user = find_user(app.pool, username)
    if app.hides_users and (user is None or not can_recover(app.pool, user)):
        codes.count_attempt(app.pool, stranger(app.pool, username), f"send {codes.RESET}")
        return {"CodeDeliveryDetails": simulated_delivery(username)}
    user = known_user(app, username, codes.mismatch())
    target = recovery_target(app.pool, user)
    return {"CodeDeliveryDetails": codes.send(app.pool, user, codes.RESET, *target)}


def confirm_forgot_password(call: Call) -> dict[str, Any]:
    """ConfirmForgotPassword: with the code that was sent, a new password."""
    app, params = app_of(call), call.params
    check_secret_hash(app, params["Username"], params.get("SecretHash"))
    # The password is looked at first, so that a bad one does not use up the code.
    passwords.check_policy(app.pool, params["Password"])
    if app.hides_users and find_user(app.pool, params["Username"]) is None:
        nobody = stranger(app.pool, params["Username"])
        codes.count_attempt(app.pool, nobody, f"take {codes.RESET}")
    user = known_user(app, params["Username"], codes.mismatch())
    account = app.pool.account(user)
    if user.status not in (UserStatus.CONFIRMED, UserStatus.RESET_REQUIRED):
        raise codes.expired()
    codes.take(app.pool, account, codes.RESET, params["ConfirmationCode"])
    passwords.set_password(app.pool, user, params["Password"], temporary=False)
    forgive(account)
    user.status = UserStatus.CONFIRMED
    return {}


def recovery_target(pool: Pool, user: CognitoIdpUser) -> tuple[str, str]:
    """The verified address a reset code goes to, by the pool's AccountRecoverySetting.

    Without the setting: the phone, else the e-mail. With it, a phone that gets the codes of a
    second factor gets none of these.
    """
    if user.status in (UserStatus.FORCE_CHANGE_PASSWORD, EXTERNAL_PROVIDER):
        message = "User password cannot be reset in the current state."
        raise AwsError("NotAuthorizedException", message)
    setting = pool.setting("AccountRecoverySetting") or {}
    ways = setting.get("RecoveryMechanisms") or LEGACY_ACCOUNT_RECOVERY_MECHANISMS
    for way in sorted(ways, key=lambda w: w["Priority"]):
        if way["Name"] == "admin_only":
            message = "Contact administrator to reset password."
            raise AwsError("NotAuthorizedException", message)
        attribute = _ATTRIBUTE[way["Name"]]
        if setting and attribute == "phone_number" and mfa.texts(pool, user):
            continue
        value = user.attribute_lookup.get(attribute)
        if value and user.attribute_lookup.get(f"{attribute}_verified") == "true":
            return attribute, value
    message = (
        "Cannot reset password for the user as there is no registered/verified email or "
        "phone_number"
    )
    raise AwsError("InvalidParameterException", message)


def can_recover(pool: Pool, user: CognitoIdpUser) -> bool:
    """Whether ForgotPassword would send this user a code."""
    try:
        recovery_target(pool, user)
    except AwsError:
        return False
    return bool(user.enabled)
