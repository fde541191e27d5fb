"""Multi-factor authentication: which second factors a pool offers, and which a user has.

Source: developer guide, "Adding MFA to a user pool", "Details of MFA logic at user runtime".
"""

from __future__ import annotations

from typing import Any

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.user_pools.directory import EXTERNAL_PROVIDER, Pool, status_of
from helpers.cloud.user_pools.state import SecondFactor
from helpers.cloud.user_pools.totp import SOFTWARE_TOKEN_MFA

SMS_MFA = "SMS_MFA"
FACTORS = (SMS_MFA, SOFTWARE_TOKEN_MFA)


def mode(pool: Pool) -> str:
    """MfaConfiguration: OFF, OPTIONAL or ON."""
    return str(pool.resource.mfa_config)


def offered(pool: Pool) -> list[str]:
    """The factors that users of the pool can set up."""
    if mode(pool) == "OFF":
        return []
    found = [SMS_MFA] if pool.resource.sms_mfa_config else []
    return found + ([SOFTWARE_TOKEN_MFA] if pool.resource.token_mfa_config else [])


def is_federated(user: CognitoIdpUser) -> bool:
    """Whether an outside provider alone vouches for a user: then it asks for second factors."""
    return status_of(user) == EXTERNAL_PROVIDER


def ready(pool: Pool, user: CognitoIdpUser) -> list[str]:
    """The factors that could be asked of a user now: an app he has proved, a phone to text to.

    An app goes on to serve where the pool no longer offers new ones.
    """
    found = [SMS_MFA] if SMS_MFA in offered(pool) and _phone(user) else []
    has_app = pool.account(user).second_factor.token is not None
    return found + ([SOFTWARE_TOKEN_MFA] if has_app else [])


def asked(pool: Pool, user: CognitoIdpUser) -> list[str]:
    """The factors that sign-in asks of a user: none, one, or several to choose from."""
    if mode(pool) == "OFF" or is_federated(user):
        return []
    factor = pool.account(user).second_factor
    able = ready(pool, user)
    active = [name for name in able if name in factor.active]
    if factor.preferred in active:
        return [factor.preferred]
    if mode(pool) == "OPTIONAL":
        return active
    # The pool requires a factor and the user prefers none.
    texted = SMS_MFA in able and (SMS_MFA in active or not _phone_recovers(pool))
    found = [SMS_MFA] if texted else []
    return found + ([SOFTWARE_TOKEN_MFA] if SOFTWARE_TOKEN_MFA in able else [])


def to_set_up(pool: Pool, user: CognitoIdpUser) -> list[str]:
    """MFAS_CAN_SETUP: what a user may set up who has none of the factors that the pool requires."""
    found = offered(pool)
    if SMS_MFA in found and (_phone(user) or _phone_recovers(pool)):
        found.remove(SMS_MFA)
    return found


def texts(pool: Pool, user: CognitoIdpUser) -> bool:
    """Whether text messages are a second factor of a user, so that they cannot be a recovery."""
    factor = pool.account(user).second_factor
    return SMS_MFA in asked(pool, user) or (SMS_MFA in factor.active and mode(pool) != "OFF")


def described(pool: Pool, user: CognitoIdpUser) -> dict[str, Any]:
    """UserMFASettingList and PreferredMfaSetting, as GetUser and AdminGetUser show them."""
    factor: SecondFactor = pool.account(user).second_factor
    active = [name for name in FACTORS if name in factor.active]
    shown: dict[str, Any] = {"UserMFASettingList": active} if active else {}
    return shown | ({"PreferredMfaSetting": factor.preferred} if factor.preferred else {})


def _phone(user: CognitoIdpUser) -> str:
    return str(user.attribute_lookup.get("phone_number") or "")


def _phone_recovers(pool: Pool) -> bool:
    """Whether the pool's first way to a new password is a text message.

    Without AccountRecoverySetting AWS keeps its older rule, which lets a phone be both.
    """
    ways = (pool.setting("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or []
    first = min(ways, key=lambda way: way["Priority"], default={"Name": ""})
    return bool(first["Name"] == "verified_phone_number")
