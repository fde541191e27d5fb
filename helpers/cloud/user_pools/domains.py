"""The domain of a user pool: where its sign-in pages and OAuth 2.0 endpoints are found.

Developer guide, "Using the Amazon Cognito prefix domain"; API reference, CreateUserPoolDomain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.cognitoidp.models import CognitoIdpUserPoolDomain, cognitoidp_backends

from helpers.cloud import resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse
from helpers.cloud.user_pools.directory import Pool, find_pool, pool_of
from helpers.cloud.world import World

CLASSIC, MANAGED_LOGIN = 1, 2
_FORM = r"^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$"
_RESERVED = ("aws", "amazon", "cognito")


@dataclass(frozen=True)
class Customization:
    """What SetUICustomization set: the style sheet, the logo, and when."""

    css: str
    logo: bytes | None
    version: str
    created: datetime
    modified: datetime


@dataclass
class DomainSettings:
    """What moto does not keep of a domain. Its customizations go when the domain goes.

    `customizations` are by client id, with "ALL" for the clients that have none of their own.
    """

    version: str
    distribution: str
    managed_login_version: int
    customizations: dict[str, Customization] = field(default_factory=dict)


@dataclass
class Domains:
    """The settings of all domains of a world, by region and prefix."""

    settings: dict[tuple[str, str], DomainSettings] = field(default_factory=dict)


def find_domain(world: World, prefix: str, region: str | None = None) -> Pool | None:
    """The pool whose prefix domain this is, in one region or (None) in any; None if there is none.

    A prefix is unique in its region, across all accounts.
    """
    for account, regions in list(cognitoidp_backends.items()):
        for name, backend in list(regions.items()):
            domain = backend.user_pool_domains.get(prefix)
            if domain is not None and region in (None, name):
                return find_pool(world, account, name, domain.user_pool_id)
    return None


def settings_of(pool: Pool) -> DomainSettings | None:
    """The settings of the pool's domain, None if it has no domain."""
    domain = pool.resource.domain
    if domain is None:
        return None
    return pool.world.room(Domains).settings[pool.resource.region, domain.domain]


def create_user_pool_domain(call: Call) -> dict[str, Any]:
    """CreateUserPoolDomain: a prefix domain; custom domains are not offered."""
    pool = pool_of(call)
    _refuse_custom(call)
    prefix = call.params["Domain"]
    _check_prefix(prefix)
    version = call.params.get("ManagedLoginVersion", CLASSIC)
    _check_version(pool, version)
    if pool.resource.domain is not None:
        raise _invalid("User pool already has a domain configured.")
    if find_domain(call.world, prefix, call.region) is not None:
        raise _invalid("Domain already associated with another user pool.")
    made = CognitoIdpUserPoolDomain(pool.id, prefix)
    resources.backend("cognito-idp", call.account, call.region).user_pool_domains[prefix] = made
    call.world.room(Domains).settings[call.region, prefix] = DomainSettings(
        version=call.world.clock.now().strftime("%Y%m%d%H%M%S"),
        distribution=f"d{call.world.ids.letters(13)}.cloudfront.net",
        managed_login_version=version,
    )
    # No CloudFrontDomain: AWS names the distribution of a custom domain only.
    return {"ManagedLoginVersion": version}


def describe_user_pool_domain(call: Call) -> dict[str, Any]:
    """DescribeUserPoolDomain. A domain that this account does not have is described as {}."""
    prefix = call.params["Domain"]
    backend = resources.backend("cognito-idp", call.account, call.region)
    domain = backend.user_pool_domains.get(prefix)
    if domain is None:
        return {"DomainDescription": {}}
    settings = call.world.room(Domains).settings[call.region, prefix]
    description = {
        "UserPoolId": domain.user_pool_id,
        "AWSAccountId": call.account,
        "Domain": prefix,
        "CloudFrontDistribution": settings.distribution,
        "Version": settings.version,
        "Status": "ACTIVE",
        "CustomDomainConfig": {},
        "ManagedLoginVersion": settings.managed_login_version,
    }
    return {"DomainDescription": description}


def update_user_pool_domain(call: Call) -> dict[str, Any]:
    """UpdateUserPoolDomain: which version of the pages the domain shows."""
    pool = _pool_with_domain(call)
    _refuse_custom(call)
    settings = call.world.room(Domains).settings[call.region, call.params["Domain"]]
    version = call.params.get("ManagedLoginVersion", settings.managed_login_version)
    _check_version(pool, version)
    settings.managed_login_version = version
    return {"ManagedLoginVersion": version}


def delete_user_pool_domain(call: Call) -> dict[str, Any]:
    """DeleteUserPoolDomain. What was set with SetUICustomization goes with it."""
    _pool_with_domain(call)
    prefix = call.params["Domain"]
    del resources.backend("cognito-idp", call.account, call.region).user_pool_domains[prefix]
    del call.world.room(Domains).settings[call.region, prefix]
    return {}


def _pool_with_domain(call: Call) -> Pool:
    """The pool that is named, if the domain that is named is its own."""
    pool = find_pool(call.world, call.account, call.region, call.params["UserPoolId"])
    domain = pool.resource.domain if pool is not None else None
    if pool is None or domain is None or domain.domain != call.params["Domain"]:
        raise _invalid("No such domain or user pool exists.")
    return pool


def _refuse_custom(call: Call) -> None:
    if call.params.get("CustomDomainConfig"):
        refuse("CustomDomainConfig (custom domains)")
    if call.params.get("Routing"):
        refuse("Routing (replicas of a user pool)")


def _check_prefix(prefix: str) -> None:
    if not re.fullmatch(_FORM, prefix, re.ASCII):
        raise _invalid(
            "The domain name contains an invalid character. Domain names can only contain "
            "lower-case letters, numbers, and hyphens. Please enter a different name that follows "
            f"this format: {_FORM}"
        )
    for word in _RESERVED:
        if word in prefix:
            raise _invalid(f"Domain cannot contain reserved word: {word}")


def _check_version(pool: Pool, version: int) -> None:
    if version not in (CLASSIC, MANAGED_LOGIN):
        raise _invalid(f"Invalid managed login version: {version}")
    if version == MANAGED_LOGIN and pool.setting("UserPoolTier") == "LITE":
        message = (
            "The following feature is not available for the LITE pricing tier configured: "
            "Managed Login Version 2"
        )
        raise AwsError("FeatureUnavailableInTierException", message)


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
