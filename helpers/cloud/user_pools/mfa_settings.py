"""A pool's own MFA settings: SetUserPoolMfaConfig, GetUserPoolMfaConfig, and MfaConfiguration of
CreateUserPool and UpdateUserPool.

Source: API reference; where it gives no words, what AWS has answered to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUserPool

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse
from helpers.cloud.user_pools.directory import pool_of

_NOT_OFFERED = ("EmailMfaConfiguration", "WebAuthnConfiguration")
_NO_PHONES = (
    "SMS configuration and Auto verification for phone_number are required when MFA is "
    "required/optional"
)


def set_user_pool_mfa_config(call: Call) -> dict[str, Any]:
    """SetUserPoolMfaConfig: which factors, and whether they are required. What is left out ends."""
    pool, params = pool_of(call).resource, call.params
    for name in _NOT_OFFERED:
        if name in params:
            refuse(name)
    wanted = params.get("MfaConfiguration") or pool.mfa_config
    sms = _sms(pool, params)
    token = {"Enabled": True} if _token_wanted(params) else None
    if wanted == "OFF" and (sms or token):
        message = (
            "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
        )
        raise AwsError("InvalidParameterException", message)
    if wanted != "OFF" and not (sms or token):
        message = (
            "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be "
            "enabled."
        )
        raise AwsError("InvalidParameterException", message)
    _keep(pool, wanted, sms, token)
    return _config(pool)


def get_user_pool_mfa_config(call: Call) -> dict[str, Any]:
    """GetUserPoolMfaConfig."""
    return _config(pool_of(call).resource)


def check_new(settings: Mapping[str, Any]) -> None:
    """Refuse MfaConfiguration of CreateUserPool where no text message could be sent."""
    if settings.get("MfaConfiguration", "OFF") == "OFF":
        return
    verified = settings.get("AutoVerifiedAttributes") or []
    if not settings.get("SmsConfiguration") or "phone_number" not in verified:
        raise AwsError("InvalidParameterException", _NO_PHONES)


def check_change(pool: CognitoIdpUserPool, settings: Mapping[str, Any]) -> None:
    """Refuse MfaConfiguration of UpdateUserPool where the pool would have no factor."""
    wanted = settings.get("MfaConfiguration", "OFF")
    if wanted == "OFF" or pool.token_mfa_config or settings.get("SmsConfiguration"):
        return
    if wanted == "ON":
        message = "Cannot turn MFA functionality ON, once the user pool has been created."
        raise AwsError("InvalidParameterException", message)
    raise AwsError("InvalidParameterException", _NO_PHONES)


def apply(pool: CognitoIdpUserPool, settings: Mapping[str, Any]) -> None:
    """Keep what CreateUserPool or UpdateUserPool says. A pool that can text offers SMS_MFA."""
    wanted = settings.get("MfaConfiguration") or "OFF"
    sms = None
    if wanted != "OFF" and settings.get("SmsConfiguration"):
        sms = {"SmsConfiguration": settings["SmsConfiguration"]}
        if settings.get("SmsAuthenticationMessage"):
            sms["SmsAuthenticationMessage"] = settings["SmsAuthenticationMessage"]
    _keep(pool, wanted, sms, pool.token_mfa_config if wanted != "OFF" else None)


def _keep(
    pool: CognitoIdpUserPool,
    wanted: str,
    sms: dict[str, Any] | None,
    token: dict[str, bool] | None,
) -> None:
    pool.mfa_config, pool.sms_mfa_config, pool.token_mfa_config = wanted, sms, token
    pool.extended_config["MfaConfiguration"] = wanted
    for name in ("SmsConfiguration", "SmsAuthenticationMessage"):
        if sms and name in sms:
            pool.extended_config[name] = sms[name]


def _sms(pool: CognitoIdpUserPool, params: Mapping[str, Any]) -> dict[str, Any] | None:
    """The text messages asked for, sent as the request says or as the pool does already."""
    if "SmsMfaConfiguration" not in params:
        return None
    given = dict(params["SmsMfaConfiguration"])
    sender = given.get("SmsConfiguration") or pool.extended_config.get("SmsConfiguration")
    if not sender or not sender.get("SnsCallerArn"):
        message = "SMS configuration is required to turn on SMS MFA."
        raise AwsError("InvalidParameterException", message)
    return {**given, "SmsConfiguration": sender}


def _token_wanted(params: Mapping[str, Any]) -> bool:
    return bool((params.get("SoftwareTokenMfaConfiguration") or {}).get("Enabled"))


def _config(pool: CognitoIdpUserPool) -> dict[str, Any]:
    shown: dict[str, Any] = {"MfaConfiguration": pool.mfa_config}
    if pool.sms_mfa_config:
        shown["SmsMfaConfiguration"] = pool.sms_mfa_config
    if pool.token_mfa_config:
        shown["SoftwareTokenMfaConfiguration"] = pool.token_mfa_config
    return shown
