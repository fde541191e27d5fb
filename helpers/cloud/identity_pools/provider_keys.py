"""Under which name a provider stands in a pool's role mappings and in its principal tag maps.

A login's name is not always that of its provider's settings: a user pool has a role mapping for
each app client, and a provider that IAM keeps (OpenID Connect or SAML) is named by its ARN.
Source: Amazon Cognito Federated Identities API Reference, SetIdentityPoolRoles and
SetPrincipalTagAttributeMap; AWS CloudFormation Template Reference, IdentityPoolPrincipalTag.
"""

from __future__ import annotations

from .login import Login
from .outside_logins import openid_provider_of
from .state import IdentityPool


def role_mapping_keys(pool: IdentityPool) -> set[str]:
    """The names that RoleMappings of this pool may have: "PROVIDER:CLIENT" for a user pool."""
    clients = {f"{one['ProviderName']}:{one['ClientId']}" for one in _user_pools(pool)}
    return clients | _other_providers(pool)


def tag_map_keys(pool: IdentityPool) -> set[str]:
    """The names that principal tag maps of this pool may have."""
    return {one["ProviderName"] for one in _user_pools(pool)} | _other_providers(pool)


def role_mapping_key(pool: IdentityPool, login: Login) -> str:
    """The name of the role mapping that is for this login, "" if none can be."""
    of_client = f"{login.provider}:{login.claims.get('aud', '')}"
    return of_client if of_client in role_mapping_keys(pool) else tag_map_key(pool, login)


def tag_map_key(pool: IdentityPool, login: Login) -> str:
    """The name of the principal tag map that is for this login, "" if none can be."""
    is_own_name = login.provider in tag_map_keys(pool)
    return login.provider if is_own_name else openid_provider_of(pool, login.provider)


def _user_pools(pool: IdentityPool) -> list[dict[str, str]]:
    return list(pool.settings.get("CognitoIdentityProviders", []))


def _other_providers(pool: IdentityPool) -> set[str]:
    social = pool.settings.get("SupportedLoginProviders", {})
    kept_by_iam = ("OpenIdConnectProviderARNs", "SamlProviderARNs")
    return {*social, *(arn for kind in kept_by_iam for arn in pool.settings.get(kind, []))}
