"""Signing in with IAM Identity Center: the AWS access portal, and the APIs of its programs."""

from __future__ import annotations

from moto.core.request import Request

from helpers.cloud import web
from helpers.cloud.access_portal import (
    clients,
    device_authorization,
    portal_api,
    tokens,
)
from helpers.cloud.call import Operations
from helpers.cloud.not_offered import refuse_operation
from helpers.cloud.response import Response
from helpers.cloud.world import World

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

__all__ = ["OIDC_OPERATIONS", "PORTAL_OPERATIONS", "answer"]


def answer(world: World, request: Request) -> Response:
    """What a page of the portal answers."""
    return web.problem_page(404, "There is no such page.")
