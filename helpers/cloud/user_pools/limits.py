"""Limits inside nested settings, refused in the words of the service's own validation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from helpers.cloud.errors import AwsError

TIME_UNITS = ("seconds", "minutes", "hours", "days")
AUTH_FLOWS = (
    "ADMIN_NO_SRP_AUTH",
    "CUSTOM_AUTH_FLOW_ONLY",
    "USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_AUTH",
)


def check_pool(settings: Mapping[str, Any]) -> None:
    """The settings of CreateUserPool and UpdateUserPool. InvalidParameterException."""
    policy = (settings.get("Policies") or {}).get("PasswordPolicy") or {}
    for name, low, high in (
        ("MinimumLength", 6, 99),
        ("PasswordHistorySize", 0, 24),
        ("TemporaryPasswordValidityDays", 0, 365),
    ):
        _between(f"policies.passwordPolicy.{name}", policy.get(name), low, high)
    recovery = settings.get("AccountRecoverySetting") or {}
    for way in recovery.get("RecoveryMechanisms") or []:
        where = "accountRecoverySetting.recoveryMechanisms"
        _one_of(where, way["Name"], ("verified_email", "verified_phone_number", "admin_only"))
        _between(where, way["Priority"], 1, 2)
    for name in ("AutoVerifiedAttributes", "UsernameAttributes"):
        for value in settings.get(name) or []:
            _one_of(name, value, ("email", "phone_number"))
    for value in settings.get("AliasAttributes") or []:
        _one_of("AliasAttributes", value, ("email", "phone_number", "preferred_username"))


def check_client(settings: Mapping[str, Any]) -> None:
    """The settings of CreateUserPoolClient and UpdateUserPoolClient."""
    for name, unit in (settings.get("TokenValidityUnits") or {}).items():
        _one_of(f"tokenValidityUnits.{name}", unit, TIME_UNITS)
    for flow in settings.get("ExplicitAuthFlows") or []:
        _one_of("explicitAuthFlows", flow, AUTH_FLOWS)
    _between("authSessionValidity", settings.get("AuthSessionValidity"), 3, 15)
    rotation = settings.get("RefreshTokenRotation") or {}
    _one_of("refreshTokenRotation.feature", rotation.get("Feature"), ("ENABLED", "DISABLED"))
    grace = rotation.get("RetryGracePeriodSeconds")
    _between("refreshTokenRotation.retryGracePeriodSeconds", grace, 0, 60)


def _one_of(where: str, value: Any, allowed: Collection[str]) -> None:
    if value is not None and value not in allowed:
        rule = f"Member must satisfy enum value set: [{', '.join(allowed)}]"
        raise _broken(where, value, rule)


def _between(where: str, value: int | None, low: int, high: int) -> None:
    if value is None:
        return
    if value < low:
        raise _broken(where, value, f"Member must have value greater than or equal to {low}")
    if value > high:
        raise _broken(where, value, f"Member must have value less than or equal to {high}")


def _broken(where: str, value: Any, rule: str) -> AwsError:
    start = where[:1].lower() + where[1:]
    message = (
        f"1 validation error detected: Value '{str(value)[:256]}' at '{start}' "
        f"failed to satisfy constraint: {rule}"
    )
    return AwsError("InvalidParameterException", message)
