"""SetUserMFAPreference and AdminSetUserMFAPreference: a user's own factors, one of them preferred.

Source: API reference, SMSMfaSettingsType and SoftwareTokenMfaSettingsType; developer guide, "User
MFA preferences".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse
from helpers.cloud.user_pools import mfa
from helpers.cloud.user_pools.directory import Pool, pool_of, user_of
from helpers.cloud.user_pools.mfa import SMS_MFA
from helpers.cloud.user_pools.totp import SOFTWARE_TOKEN_MFA
from helpers.cloud.user_pools.verification import bearer

_SETTINGS = {"SMSMfaSettings": SMS_MFA, "SoftwareTokenMfaSettings": SOFTWARE_TOKEN_MFA}
_NOT_OFFERED = ("EmailMfaSettings", "WebAuthnMfaSettings")


def set_user_mfa_preference(call: Call) -> dict[str, Any]:
    """SetUserMFAPreference: by the user, with an access token."""
    who = bearer(call)
    _set(who.app.pool, who.user, call.params)
    return {}


def admin_set_user_mfa_preference(call: Call) -> dict[str, Any]:
    """AdminSetUserMFAPreference: by an administrator."""
    pool = pool_of(call)
    _set(pool, user_of(call, pool), call.params)
    return {}


def _set(pool: Pool, user: CognitoIdpUser, params: Mapping[str, Any]) -> None:
    """Change what is named, keep the rest. All checks come first."""
    for name in _NOT_OFFERED:
        if any((params.get(name) or {}).values()):
            refuse(name)
    factor = pool.account(user).second_factor
    active, preferred = set(factor.active), factor.preferred
    wished = []
    for setting, name in _SETTINGS.items():
        given = params.get(setting) or {}
        if given.get("Enabled"):
            _refuse_unable(pool, user, name)
            active.add(name)
        elif given.get("Enabled") is False:
            active.discard(name)
        if given.get("PreferredMfa"):
            wished.append(name)
        elif given.get("PreferredMfa") is False and preferred == name:
            preferred = ""
    if len(wished) > 1 or not set(wished) <= active:
        message = "One MFA type can be preferred, and it must be enabled."
        raise AwsError("InvalidParameterException", message)
    if mfa.mode(pool) == "ON" and factor.active - active:
        message = "An MFA type cannot be disabled while the user pool requires MFA."
        raise AwsError("InvalidParameterException", message)
    factor.active = active
    factor.preferred = wished[0] if wished else preferred if preferred in active else ""


def _refuse_unable(pool: Pool, user: CognitoIdpUser, name: str) -> None:
    """Refuse a factor that could not be asked for: no phone, no app, or not in this pool."""
    if name not in mfa.ready(pool, user) or mfa.is_federated(user):
        message = f"User does not have delivery config set to turn on {name}"
        raise AwsError("InvalidParameterException", message)
