"""User pools and app clients, where moto's answer is not AWS's: ids, defaults and limits."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

from moto.cognitoidp.models import (
    DEFAULT_USER_POOL_CONFIG,
    CognitoIdpUserPool,
    CognitoIdpUserPoolAttribute,
)
from moto.core.exceptions import JsonRESTError
from moto.moto_api._internal import mock_random
from moto.utilities.utils import get_partition

from helpers.cloud import resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools import client_oauth, limits, mfa_settings, tokens
from helpers.cloud.user_pools.directory import App, Pool, admin_app_of, pool_of
from helpers.cloud.user_pools.not_offered import refuse_pool_settings
from helpers.cloud.user_pools.state import Home, UserPoolsState

_FIXED_AT_CREATION = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")
_CLIENT_DEFAULTS: dict[str, Any] = {
    "AllowedOAuthFlowsUserPoolClient": False,
    "AuthSessionValidity": 3,
    "EnablePropagateAdditionalUserContextData": False,
    "EnableTokenRevocation": True,
    "RefreshTokenValidity": 30,
}


def create_user_pool(call: Call) -> dict[str, Any]:
    """CreateUserPool."""
    settings = dict(call.params)
    name = settings.pop("PoolName")
    _check_pool(settings)
    mfa_settings.check_new(settings)
    settings = _pool_defaults(settings)
    with _as_aws_error():
        schema = _schema(settings.pop("Schema", []))
    # AWS's form of the id: the region and nine letters or digits.
    pool_id = f"{call.region}_{call.world.ids.letters(9)}"
    pool = _new_pool(call.account, call.region, pool_id)
    pool.name, pool.schema_attributes = name, schema
    pool.update_extended_config(settings)
    mfa_settings.apply(pool, settings)
    pool.creation_date = pool.last_modified_date = call.world.clock.now()
    resources.backend("cognito-idp", call.account, call.region).user_pools[pool_id] = pool
    return {"UserPool": pool.to_json(extended=True)}


def update_user_pool(call: Call) -> dict[str, Any]:
    """UpdateUserPool: what is not given returns to its default; some settings never change."""
    pool = pool_of(call).resource
    settings = {k: v for k, v in call.params.items() if k not in ("UserPoolId", "PoolName")}
    _check_pool(settings)
    mfa_settings.check_change(pool, settings)
    fixed = {k: pool.extended_config[k] for k in _FIXED_AT_CREATION if k in pool.extended_config}
    pool.update_extended_config(_pool_defaults({**settings, **fixed}))
    mfa_settings.apply(pool, settings)
    pool.name = call.params.get("PoolName", pool.name)
    pool.last_modified_date = call.world.clock.now()
    return {}


def delete_user_pool(call: Call) -> dict[str, Any]:
    """DeleteUserPool."""
    pool = pool_of(call)
    if pool.setting("DeletionProtection") == "ACTIVE":
        message = (
            "The user pool cannot be deleted because deletion protection is activated. "
            "Deletion protection must be inactivated first."
        )
        raise AwsError("InvalidParameterException", message)
    if pool.resource.domain:
        message = (
            "User pool cannot be deleted. It has a domain configured that should be deleted first."
        )
        raise AwsError("InvalidParameterException", message)
    backend = resources.backend("cognito-idp", call.account, call.region)
    backend.delete_user_pool(pool.id)
    state = call.world.room(UserPoolsState)
    state.pools.pop(pool.id, None)
    for client_id in pool.resource.clients:
        state.clients.pop(client_id, None)
    return {}


def create_user_pool_client(call: Call) -> dict[str, Any]:
    """CreateUserPoolClient."""
    pool = pool_of(call)
    settings = {k: v for k, v in call.params.items() if k not in _NOT_STORED}
    given_secret = call.params.get("ClientSecret")
    with_secret = bool(call.params.get("GenerateSecret"))
    if with_secret and given_secret:
        message = "ClientSecret cannot be given together with GenerateSecret."
        raise AwsError("InvalidParameterException", message)
    has_secret = with_secret or bool(given_secret)
    _check_client(pool, settings, "creating", has_secret=has_secret)
    backend = resources.backend("cognito-idp", call.account, call.region)
    now = call.world.clock.now()
    settings |= {"CreationDate": now, "LastModifiedDate": now}
    client = backend.create_user_pool_client(pool.id, has_secret, {**_CLIENT_DEFAULTS, **settings})
    del pool.resource.clients[client.id]
    client.id = call.world.ids.letters(26)
    client.secret = given_secret or call.world.ids.letters(51)
    pool.resource.clients[client.id] = client
    home = Home(call.account, call.region, pool.id)
    call.world.room(UserPoolsState).clients[client.id] = home
    return _described(client)


def update_user_pool_client(call: Call) -> dict[str, Any]:
    """UpdateUserPoolClient: what is not given returns to its default."""
    app = admin_app_of(call)
    settings = {k: v for k, v in call.params.items() if k not in _NOT_STORED}
    has_secret = app.client.generate_secret
    _check_client(app.pool, settings, "updating", has_secret=has_secret)
    old = app.client.extended_config
    kept = {k: old[k] for k in ("ClientName", "CreationDate") if k in old}
    kept |= {"LastModifiedDate": call.world.clock.now()}
    app.client.extended_config = {**_CLIENT_DEFAULTS, **kept, **settings}
    return _described(app.client)


def describe_user_pool_client(call: Call) -> dict[str, Any]:
    """DescribeUserPoolClient."""
    return _described(admin_app_of(call).client)


def delete_user_pool_client(call: Call) -> dict[str, Any]:
    """DeleteUserPoolClient."""
    app: App = admin_app_of(call)
    del app.pool.resource.clients[app.client.id]
    call.world.room(UserPoolsState).clients.pop(app.client.id, None)
    return {}


_NOT_STORED = ("UserPoolId", "ClientId", "GenerateSecret", "ClientSecret")


def _described(client: Any) -> dict[str, Any]:
    return {"UserPoolClient": client.to_json(extended=True)}


@contextmanager
def _as_aws_error() -> Iterator[None]:
    """moto's refusals in our own words' form."""
    try:
        yield
    except JsonRESTError as error:
        raise AwsError(error.error_type, str(error.message)) from error


# --- pools -------------------------------------------------------------------------------------


@cache
def _prototype() -> CognitoIdpUserPool:
    """An empty pool of moto's. The first costs a tenth of a second: moto checks a private key.

    moto's random numbers go on as if nothing had been made, so that every lesson repeats.
    """
    before = mock_random.getstate()
    pool = CognitoIdpUserPool("0" * 12, "us-east-1", "prototype", {})
    mock_random.setstate(before)
    return pool


def _new_pool(account: str, region: str, pool_id: str) -> CognitoIdpUserPool:
    """An empty pool of moto's. Nothing but moto's signing key is shared, and nobody uses that."""
    pool = copy.copy(_prototype())
    vars(pool).update({k: copy.copy(v) for k, v in vars(pool).items() if isinstance(v, dict)})
    pool.account_id, pool.region, pool.id = account, region, pool_id
    pool.arn = f"arn:{get_partition(region)}:cognito-idp:{region}:{account}:userpool/{pool_id}"
    return pool


def _check_pool(settings: Mapping[str, Any]) -> None:
    limits.check_pool(settings)
    refuse_pool_settings(dict(settings))
    if settings.get("AliasAttributes") and settings.get("UsernameAttributes"):
        message = "Only one of the aliasAttributes or usernameAttributes can be set in a user pool."
        raise AwsError("InvalidParameterException", message)
    names = [attribute.get("Name") for attribute in settings.get("Schema") or []]
    if None in names or len(names) != len(set(names)):
        message = "Schema attributes need distinct names."
        raise AwsError("InvalidParameterException", message)


def _pool_defaults(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings with AWS's defaults. A password rule that is left out is off."""
    full = copy.deepcopy({**DEFAULT_USER_POOL_CONFIG, **settings})
    policies = full["Policies"]
    if "PasswordPolicy" in (settings.get("Policies") or {}):
        policy = policies["PasswordPolicy"]
        defaults = {
            "MinimumLength": 8,
            "RequireUppercase": False,
            "RequireLowercase": False,
            "RequireNumbers": False,
            "RequireSymbols": False,
        }
        policies["PasswordPolicy"] = {**defaults, **policy}
        policies["PasswordPolicy"]["TemporaryPasswordValidityDays"] = (
            policy.get("TemporaryPasswordValidityDays") or 7
        )
    else:
        policies["PasswordPolicy"] = dict(DEFAULT_USER_POOL_CONFIG["Policies"]["PasswordPolicy"])
    policies.setdefault("SignInPolicy", {"AllowedFirstAuthFactors": ["PASSWORD"]})
    full.setdefault("DeletionProtection", "INACTIVE")
    full.setdefault("UserPoolTier", "ESSENTIALS")
    admin = full["AdminCreateUserConfig"]
    admin.setdefault("AllowAdminCreateUserOnly", False)
    admin.setdefault("UnusedAccountValidityDays", 7)
    return full


def _schema(given: list[dict[str, Any]]) -> dict[str, CognitoIdpUserPoolAttribute]:
    """All standard attributes, as the request changes them, and then the custom ones."""
    standard = dict(CognitoIdpUserPoolAttribute.STANDARD_SCHEMA)
    changed = {a["Name"]: a for a in given}
    rules = [
        CognitoIdpUserPoolAttribute(
            name, False, {"AttributeDataType": rule["AttributeDataType"], **changed.get(name, {})}
        )
        for name, rule in standard.items()
    ]
    rules += [
        CognitoIdpUserPoolAttribute(name, True, rule)
        for name, rule in changed.items()
        if name not in standard
    ]
    return {rule.name: rule for rule in rules}


# --- clients -----------------------------------------------------------------------------------

_RANGES = {
    "Access": (timedelta(minutes=5), timedelta(days=1)),
    "Id": (timedelta(minutes=5), timedelta(days=1)),
    "Refresh": (timedelta(minutes=60), timedelta(days=3650)),
}


def _check_client(pool: Pool, settings: dict[str, Any], doing: str, *, has_secret: bool) -> None:
    """Refuse a client whose tokens would live too long or whose attributes do not exist."""
    limits.check_client(settings)
    client_oauth.check(pool, settings, has_secret=has_secret)
    if settings.get("RefreshTokenValidity") == 0:
        settings["RefreshTokenValidity"] = 30
    for kind, (least, most) in _RANGES.items():
        if not least <= tokens.lifetime(settings, kind) <= most:
            message = "Invalid range for token validity."
            raise AwsError("InvalidParameterException", message)
    refresh = tokens.lifetime(settings, "Refresh")
    if any(tokens.lifetime(settings, kind) > refresh for kind in ("Access", "Id")):
        message = "Access and ID tokens cannot outlive the refresh token."
        raise AwsError("InvalidParameterException", message)
    for verb in ("Read", "Write"):
        for name in settings.get(f"{verb}Attributes") or []:
            if name not in pool.resource.schema_attributes or (verb, name) == ("Write", "sub"):
                message = f"Invalid {verb.lower()} attributes specified while {doing} a client"
                raise AwsError("InvalidParameterException", message)
    rotation = (settings.get("RefreshTokenRotation") or {}).get("Feature") == "ENABLED"
    if rotation and "ALLOW_REFRESH_TOKEN_AUTH" in (settings.get("ExplicitAuthFlows") or []):
        message = "ALLOW_REFRESH_TOKEN_AUTH cannot be used with refresh token rotation."
        raise AwsError("InvalidParameterException", message)
