"""Logins: is the token that a user brings true, and is it from a provider this pool accepts?

Source: Amazon Cognito Developer Guide, "Getting credentials" and "Identity pools third-party
identity providers".
"""

from __future__ import annotations

from collections.abc import Mapping

from helpers.cloud.errors import AwsError
from helpers.cloud.web_identity import AMAZON, FACEBOOK, cognito_identity
from helpers.cloud.world import World

from .login import Login
from .login_refusals import UNSUPPORTED, invalid_token, not_authorized
from .outside_logins import openid_provider_of, verify_openid_login, verify_social_login
from .saml_logins import verify_saml_login
from .state import IdentityPool
from .user_pool_logins import accepted_clients, verify_user_pool_login

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
        text = f"Identity pool - {pool.pool_id} does not have identity providers configured."
        not_authorized(text)
    return [_verify(world, pool, provider, token) for provider, token in logins.items()]


def _verify(world: World, pool: IdentityPool, provider: str, token: str) -> Login:
    if provider == cognito_identity.HOST:
        invalid_token("own token")
    if provider == pool.developer_provider:
        # Without AWS credentials nobody's word for a user of the developer counts.
        raise AwsError("InvalidParameterException", "Please provide a valid public provider.")
    if provider in pool.settings.get("SupportedLoginProviders", {}):
        return verify_social_login(world, pool, provider, token)
    if provider in pool.settings.get("SamlProviderARNs", []):
        return verify_saml_login(world, provider, token)
    if openid_provider_of(pool, provider) and not accepted_clients(pool, provider):
        return verify_openid_login(world, pool, provider, token)
    if provider in (FACEBOOK, AMAZON):
        not_authorized(UNSUPPORTED)
    # A name that the pool does not know is read as an OpenID provider's: then AWS looks first
    # whether the token is one, and of the issuer of that name.
    return verify_user_pool_login(world, pool, provider, token)
