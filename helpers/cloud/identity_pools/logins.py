"""Logins: is the token that a user brings true, and is it from a provider this pool accepts?

Source: Amazon Cognito Developer Guide, "Getting credentials" and "Identity pools third-party
identity providers".
"""

from __future__ import annotations

from collections.abc import Mapping

from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse
from helpers.cloud.web_identity import cognito_identity
from helpers.cloud.world import World

from .login import (
    MISMATCH,
    UNSUPPORTED,
    Login,
    invalid_token,
    not_authorized,
    refuse_token,
)
from .pools import user_pool_of
from .state import IdentityPool
from .user_pool_logins import verify_user_pool_login

__all__ = ["MISMATCH", "UNSUPPORTED", "Login", "refuse_token", "verify_logins"]

_PROVIDERS = (
    "CognitoIdentityProviders",
    "SupportedLoginProviders",
    "OpenIdConnectProviderARNs",
    "SamlProviderARNs",
    "DeveloperProviderName",
)


def verify_logins(world: World, pool: IdentityPool, logins: Mapping[str, str]) -> list[Login]:
    """Every login of the request, each fully verified.

    AwsError NotAuthorizedException at the first that is not true or not accepted by the pool;
    InvalidParameterException, ExternalServiceException.
    """
    if logins and not any(pool.settings.get(kind) for kind in _PROVIDERS):
        not_authorized(MISMATCH)
    return [_verify(world, pool, provider, token) for provider, token in logins.items()]


def _verify(world: World, pool: IdentityPool, provider: str, token: str) -> Login:
    if provider == cognito_identity.HOST:
        invalid_token("own token")
    if provider == pool.developer_provider:
        # Without AWS credentials nobody's word for a user of the developer counts.
        raise AwsError("InvalidParameterException", "Please provide a valid public provider.")
    if user_pool_of(provider) is not None:
        return verify_user_pool_login(world, pool, provider, token)
    if any(pool.settings.get(kind) for kind in _PROVIDERS[1:]):
        refuse(f"logins of {provider} in identity pools")
    not_authorized(UNSUPPORTED)
