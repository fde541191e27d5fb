"""What the offline cloud does not do, and says so: it never pretends that it has checked."""

from __future__ import annotations

from typing import Any

from helpers.cloud.not_offered import refuse

OPERATIONS_NOT_OFFERED = (
    # the older way to turn on text messages as a second factor
    "AdminSetUserSettings",
    "SetUserSettings",
    # passkeys, and factors in place of a password
    "AdminGetUserAuthFactors",
    "GetUserAuthFactors",
    "CompleteWebAuthnRegistration",
    "DeleteWebAuthnCredential",
    "ListWebAuthnCredentials",
    "StartWebAuthnRegistration",
    # remembered devices and sessions
    "AdminForgetDevice",
    "AdminGetDevice",
    "AdminListDevices",
    "AdminListUserSessions",
    "AdminRevokeUserSession",
    "AdminUpdateDeviceStatus",
    "ConfirmDevice",
    "ForgetDevice",
    "GetDevice",
    "GetUserPoolClientSessionConfiguration",
    "GetUserPoolSessionConfiguration",
    "ListDevices",
    "ListUserSessions",
    "RevokeUserSession",
    "SetUserPoolClientSessionConfiguration",
    "SetUserPoolSessionConfiguration",
    "UpdateDeviceStatus",
    # further client secrets and tokens
    "AddUserPoolClientSecret",
    "DeleteUserPoolClientSecret",
    "GetClientToken",
    "GetDerivedToken",
    "ListUserPoolClientSecrets",
    # the look of managed login
    "CreateManagedLoginBranding",
    "DeleteManagedLoginBranding",
    "DescribeManagedLoginBranding",
    "DescribeManagedLoginBrandingByClient",
    "UpdateManagedLoginBranding",
    # texts that users must accept
    "CreateTerms",
    "DeleteTerms",
    "DescribeTerms",
    "DescribeTermsByClient",
    "ListTerms",
    "UpdateTerms",
    # threat protection
    "AdminListUserAuthEvents",
    "AdminUpdateAuthEventFeedback",
    "DescribeRiskConfiguration",
    "SetRiskConfiguration",
    "UpdateAuthEventFeedback",
)


def refuse_pool_settings(settings: dict[str, Any]) -> None:
    """Refuse pool settings that would promise a protection nobody enforces here."""
    if any((settings.get("LambdaConfig") or {}).values()):
        refuse("LambdaConfig (Lambda triggers of a user pool)")
    mode = (settings.get("UserPoolAddOns") or {}).get("AdvancedSecurityMode", "OFF")
    if mode != "OFF":
        refuse(f"AdvancedSecurityMode {mode}")
    if any((settings.get("DeviceConfiguration") or {}).values()):
        refuse("DeviceConfiguration")
    policies = settings.get("Policies") or {}
    factors = (policies.get("SignInPolicy") or {}).get("AllowedFirstAuthFactors") or ["PASSWORD"]
    if factors != ["PASSWORD"]:
        refuse(f"AllowedFirstAuthFactors {factors}")
    template = settings.get("VerificationMessageTemplate") or {}
    if template.get("DefaultEmailOption") == "CONFIRM_WITH_LINK":
        refuse("DefaultEmailOption CONFIRM_WITH_LINK")
