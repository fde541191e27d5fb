"""The portal's API: which accounts and roles somebody has, and the credentials for one of them.

Every call brings an access token of CreateToken instead of a signature.
Source: IAM Identity Center Portal API Reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from helpers.cloud import identity_center, paging
from helpers.cloud.access_portal import portals, role_sessions
from helpers.cloud.access_portal.refusals import forbidden, unauthorized
from helpers.cloud.access_portal.state import PortalSession
from helpers.cloud.access_portal.tokens import user_of_token
from helpers.cloud.call import Call
from helpers.cloud.identity_center import Access, Instance
from helpers.cloud.identity_store import StoreUser


def list_accounts(call: Call) -> dict[str, Any]:
    """sso ListAccounts: every account in which the user has a role."""
    accounts = {
        one.account_id: {
            "accountId": one.account_id,
            "accountName": one.account_name,
            "emailAddress": one.account_email,
        }
        for one in _access(call)[1]
    }
    return _page(call, "accountList", accounts.values())


def list_account_roles(call: Call) -> dict[str, Any]:
    """sso ListAccountRoles: the user's permission sets in one account."""
    wanted = call.params["accountId"]
    roles = [
        {"roleName": one.permission_set_name, "accountId": one.account_id}
        for one in _access(call)[1]
        if one.account_id == wanted
    ]
    if not roles:
        raise forbidden()
    return _page(call, "roleList", roles)


def get_role_credentials(call: Call) -> dict[str, Any]:
    """sso GetRoleCredentials: a session of the permission set's role. ForbiddenException."""
    user, has = _access(call)
    wanted = (call.params["accountId"], call.params["roleName"])
    access = next((one for one in has if (one.account_id, one.permission_set_name) == wanted), None)
    if access is None:
        raise forbidden()
    given = role_sessions.begin(call, access, user)
    return {
        "roleCredentials": {
            "accessKeyId": given.access_key_id,
            "secretAccessKey": given.secret_access_key,
            "sessionToken": given.session_token,
            "expiration": int(given.expires.timestamp() * 1000),
        }
    }


def logout(call: Call) -> dict[str, Any]:
    """sso Logout: the user's session ends, in the browser and for every program it let in.

    Credentials of roles that were given out before live on until they expire.
    """
    session, _, _ = _signed_in(call)
    session.ended = True
    return {}


def _access(call: Call) -> tuple[StoreUser, list[Access]]:
    _, user, instance = _signed_in(call)
    return user, identity_center.access_of(call.world, instance, user.user_id)


def _signed_in(call: Call) -> tuple[PortalSession, StoreUser, Instance]:
    """Whose token it is, and the instance that it is of; in another region it is unknown."""
    grant, user = user_of_token(call.world, call.params["accessToken"])
    instance = identity_center.instance_by_portal(call.world, grant.session.store_id)
    if instance is None or not portals.is_reached(call, instance):
        raise unauthorized()
    return grant.session, user, instance


def _page(call: Call, name: str, items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One page of a list, a hundred at most."""
    asked = {"MaxResults": call.params.get("maxResults"), "NextToken": call.params.get("nextToken")}
    given = {key: value for key, value in asked.items() if value is not None}
    listed, onward = paging.page(list(items), given, 100, "InvalidRequestException")
    return {name: listed} | ({"nextToken": onward["NextToken"]} if onward else {})
