"""What an app client may do with the domain: OAuth 2.0 flows, scopes, addresses, providers.

API reference, CreateUserPoolClient; developer guide, "Application-specific settings with app
clients". OAuth settings of a client whose AllowedOAuthFlowsUserPoolClient is false are kept and
have no effect.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools.directory import Pool
from helpers.cloud.user_pools.identity_providers import OWN_DIRECTORY
from helpers.cloud.user_pools.resource_servers import scopes_of

STANDARD_SCOPES = ("openid", "email", "phone", "profile", "aws.cognito.signin.user.admin")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ABSOLUTE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://[^\\\s]*")
# A browser would not leave for these: it would run or show what the address itself says.
_NO_APP = frozenset({"about", "blob", "data", "file", "javascript", "vbscript"})


def check(pool: Pool, settings: Mapping[str, Any], *, has_secret: bool) -> None:
    """Refuse settings that no client can have. AwsError in the codes of CreateUserPoolClient."""
    flows = settings.get("AllowedOAuthFlows") or []
    scopes = settings.get("AllowedOAuthScopes") or []
    if settings.get("AllowedOAuthFlowsUserPoolClient") and not (flows and scopes):
        raise _invalid(
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed "
            "to use OAuth flows."
        )
    _check_scopes(pool, scopes)
    if "client_credentials" in flows:
        _check_client_credentials(flows, scopes, has_secret=has_secret)
    elif flows and not settings.get("CallbackURLs"):
        message = "CallbackUrls can not be empty when code flow or implicit flow is selected"
        raise AwsError("InvalidOAuthFlowException", message)
    _check_addresses(settings)
    for provider in settings.get("SupportedIdentityProviders") or []:
        if provider != OWN_DIRECTORY and provider not in pool.resource.identity_providers:
            raise _invalid(f"The provider {provider} does not exist for User Pool {pool.id}.")


def _check_scopes(pool: Pool, scopes: list[str]) -> None:
    custom = scopes_of(pool)
    for scope in scopes:
        if scope not in STANDARD_SCOPES and scope not in custom:
            raise AwsError("ScopeDoesNotExistException", f"Invalid scope requested: {scope}")


def _check_client_credentials(flows: list[str], scopes: list[str], *, has_secret: bool) -> None:
    """An app that signs in as itself has no user, so neither a page nor a user's scopes."""
    problem = ""
    if set(flows) != {"client_credentials"}:
        problem = (
            "client_credentials flow can not be selected along with code flow or implicit flow."
        )
    elif not has_secret:
        problem = (
            "client_credentials flow can not be selected if client does not have a client secret."
        )
    else:
        of_users = [scope for scope in scopes if scope in STANDARD_SCOPES]
        if of_users:
            problem = f"{of_users[0]} is not supported with client_credentials flow"
    if problem:
        raise AwsError("InvalidOAuthFlowException", problem)


def _check_addresses(settings: Mapping[str, Any]) -> None:
    callbacks = settings.get("CallbackURLs") or []
    for url in [*callbacks, *(settings.get("LogoutURLs") or [])]:
        problem = _problem_with(url)
        if problem:
            raise _invalid(f"{url} {problem}")
    default = settings.get("DefaultRedirectURI")
    if default is not None and default not in callbacks:
        raise _invalid(f"The default redirect URI {default} is not in the callback URIs list.")


def _problem_with(url: str) -> str:
    """Why a user must not be sent to an address, "" if nothing is wrong with it.

    https anywhere, http to this machine only, and the schemes of apps (myapp://callback).
    """
    absolute = _ABSOLUTE.fullmatch(url)
    scheme = absolute[1].lower() if absolute else ""
    if not scheme or scheme in _NO_APP:
        return "is not an absolute URI."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not an absolute URI."
    if scheme in ("http", "https") and not host:
        return "is not an absolute URI."
    if "#" in url:
        return "cannot use fragment"
    if scheme == "http" and host not in _LOOPBACK:
        return "cannot use the HTTP protocol."
    return ""


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
