"""Sign-in: InitiateAuth and AdminInitiateAuth."""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse
from helpers.cloud.user_pools import challenges, tokens
from helpers.cloud.user_pools.client_secrets import check_secret_hash
from helpers.cloud.user_pools.directory import (
    App,
    admin_app_of,
    app_of,
)
from helpers.cloud.user_pools.password_check import check_password

_LEGACY = frozenset({"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"})
_REFRESH = ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")
_ADMIN_PASSWORD = ("ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH")
# What a client must have in ExplicitAuthFlows for a flow, and what AWS says when it has not.
_NEEDED = {
    "USER_PASSWORD_AUTH": (
        {"ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"},
        "USER_PASSWORD_AUTH flow not enabled for this client",
    ),
    "ADMIN_USER_PASSWORD_AUTH": (
        {"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"},
        "Auth flow not enabled for this client",
    ),
    "USER_SRP_AUTH": ({"ALLOW_USER_SRP_AUTH"}, "USER_SRP_AUTH is not enabled for the client."),
    "REFRESH_TOKEN_AUTH": ({"ALLOW_REFRESH_TOKEN_AUTH"}, "Auth flow not enabled for this client"),
}


def initiate_auth(call: Call) -> dict[str, Any]:
    """InitiateAuth: sign-in by anybody who knows the client id."""
    app, flow = app_of(call), call.params["AuthFlow"]
    if flow in _ADMIN_PASSWORD:
        raise AwsError("InvalidParameterException", "Initiate Auth method not supported.")
    return _start(call, app, flow)


def admin_initiate_auth(call: Call) -> dict[str, Any]:
    """AdminInitiateAuth: sign-in through a server that has IAM credentials."""
    app, flow = admin_app_of(call), call.params["AuthFlow"]
    if flow == "USER_PASSWORD_AUTH":
        raise AwsError("InvalidParameterException", "Initiate Auth method not supported.")
    return _start(call, app, flow)


def _start(call: Call, app: App, flow: str) -> dict[str, Any]:
    given = call.params.get("AuthParameters") or {}
    if flow in _REFRESH:
        return _refresh(app, given)
    if flow in _ADMIN_PASSWORD:
        flow = "ADMIN_USER_PASSWORD_AUTH"
    if flow not in _NEEDED:
        refuse(f"the authentication flow {flow}")
    require_flow(app, flow)
    username = _parameter(given, "USERNAME")
    if flow == "USER_SRP_AUTH":
        client_public = _parameter(given, "SRP_A")
        check_secret_hash(app, username, given.get("SECRET_HASH"))
        return challenges.start_srp(app, username, client_public)
    password = _parameter(given, "PASSWORD")
    check_secret_hash(app, username, given.get("SECRET_HASH"))
    user = check_password(app, username, password)
    return challenges.next_step(app, user)


def _refresh(app: App, given: dict[str, str]) -> dict[str, Any]:
    require_flow(app, "REFRESH_TOKEN_AUTH")
    token = _parameter(given, "REFRESH_TOKEN")
    if (app.setting("RefreshTokenRotation") or {}).get("Feature") == "ENABLED":
        message = "Refresh token rotation is enabled. Use GetTokensFromRefreshToken."
        raise AwsError("InvalidParameterException", message)
    owner = tokens.refresh_owner(app, token)
    if owner is not None:
        # The app computes the hash over the username it finds in the access token.
        check_secret_hash(app, owner.username, given.get("SECRET_HASH"))
    return {"AuthenticationResult": tokens.renew(app, token), "ChallengeParameters": {}}


def require_flow(app: App, flow: str) -> None:
    """InvalidParameterException if the client's ExplicitAuthFlows lack a flow."""
    flows = set(app.setting("ExplicitAuthFlows") or ())
    if not flows or flows & _LEGACY:
        # No flows named, or only by their old names: SRP and refresh are always on.
        flows |= {"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    needed, message = _NEEDED[flow]
    if not flows & needed:
        raise AwsError("InvalidParameterException", message)


def _parameter(given: dict[str, str], name: str) -> str:
    if not given.get(name):
        raise AwsError("InvalidParameterException", f"Missing required parameter {name}")
    return given[name]
