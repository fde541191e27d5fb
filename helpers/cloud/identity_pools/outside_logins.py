"""Logins of providers outside AWS: Google, Apple, Facebook, Amazon, and OpenID providers of IAM.

Source: Amazon Cognito Developer Guide, "Identity pools third-party identity providers" (what each
provider's token is, and how it is validated). How the amr claim names a user of Facebook and of an
OpenID provider, tokens and events show that users of AWS have published; for Google, Apple and
Amazon it is written as for Facebook.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.cloud import resources, web_identity
from helpers.cloud.not_offered import refuse
from helpers.cloud.web_identity import TokenFault
from helpers.cloud.world import World

from .login import Login
from .login_refusals import UNSUPPORTED, not_authorized, refuse_access_token, refuse_token
from .state import IdentityPool

# "Amazon Cognito allows for a grace period of 5 minutes to handle any clock skew between systems"
# (Open ID Connect providers).
_GRACE = 5 * 60
_OPENID = frozenset({"accounts.google.com", "appleid.apple.com"})
_ACCESS_TOKENS = {
    web_identity.FACEBOOK: web_identity.verify_facebook,
    web_identity.AMAZON: web_identity.verify_amazon,
}


def verify_social_login(world: World, pool: IdentityPool, provider: str, token: str) -> Login:
    """The login at one of the pool's SupportedLoginProviders.

    AwsError NotAuthorizedException, ExternalServiceException; NotImplementedException for Twitter
    and Digits, whose sign-in exists no longer.
    """
    app_id = pool.settings["SupportedLoginProviders"][provider]
    if provider in _OPENID:
        claims = _verified(world, token, f"https://{provider}", [app_id])
        user = claims["sub"]
        return Login(provider, user, f"{provider}:{app_id}:{user}", claims)
    if provider not in _ACCESS_TOKENS:
        refuse(f"logins of {provider} in identity pools")
    try:
        social = _ACCESS_TOKENS[provider](world, token, app_ids=[app_id])
    except TokenFault as fault:
        refuse_access_token(world, fault.reason, fault.claims)
    claims = {"iss": provider, "sub": social.user, "aud": social.app}
    return Login(provider, social.user, f"{provider}:{social.app}:{social.user}", claims)


def openid_provider_of(pool: IdentityPool, provider: str) -> str:
    """The ARN of the pool's OpenID provider that a login's name stands for, "" if there is none."""
    arns = pool.settings.get("OpenIdConnectProviderARNs", [])
    named = (arn for arn in arns if arn.partition(":oidc-provider/")[2] == provider)
    return next(named, "")


def verify_openid_login(world: World, pool: IdentityPool, provider: str, token: str) -> Login:
    """The login at an OpenID provider that IAM keeps; its name is the issuer without https://.

    AwsError NotAuthorizedException, ExternalServiceException.
    """
    arn = openid_provider_of(pool, provider)
    # Looked up in the account of the pool: another account's provider vouches for nobody here.
    known = resources.backend("iam", pool.account, "aws").open_id_providers.get(arn)
    if known is None:
        not_authorized(UNSUPPORTED)
    claims = _verified(world, token, f"https://{provider}", known.client_id_list, _GRACE)
    user = claims["sub"]
    return Login(provider, user, f"{arn}:OIDC:{user}", claims)


def _verified(
    world: World, token: str, issuer: str, audiences: list[str], leeway: int = 0
) -> Mapping[str, Any]:
    try:
        return web_identity.verify_oidc(
            world, token, issuer=issuer, audiences=tuple(audiences), leeway=leeway
        )
    except TokenFault as fault:
        refuse_token(world, fault.reason, fault.claims)
