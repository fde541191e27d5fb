"""Signing in with IAM Identity Center: the AWS access portal, and the APIs of its programs."""

from __future__ import annotations

from helpers.cloud.access_portal import (
    clients,
    device_authorization,
    portal_api,
    tokens,
)
from helpers.cloud.access_portal.authorization_request import address_for
from helpers.cloud.access_portal.routes import answer
from helpers.cloud.call import Operations
from helpers.cloud.not_offered import refuse_operation

OIDC_OPERATIONS: Operations = {
    "CreateToken": tokens.create_token,
    "CreateTokenWithIAM": refuse_operation,
    "RegisterClient": clients.register_client,
    "StartDeviceAuthorization": device_authorization.start_device_authorization,
}
PORTAL_OPERATIONS: Operations = {
    "GetRoleCredentials": portal_api.get_role_credentials,
    "ListAccountRoles": portal_api.list_account_roles,
    "ListAccounts": portal_api.list_accounts,
    "Logout": portal_api.logout,
}

__all__ = ["OIDC_OPERATIONS", "PORTAL_OPERATIONS", "address_for", "answer"]
