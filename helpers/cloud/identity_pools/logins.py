"""Logins: is the token that a user brings true, and is it from a provider this pool accepts?

Source: Amazon Cognito Developer Guide, "Getting credentials" and "Identity pools: external
identity providers". Wordings that no source gives are marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import jwt

from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse
from helpers.cloud.user_pools import TokenError, verify_token
from helpers.cloud.world import World

from .pools import user_pool_of
from .state import IdentityPool

UNSUPPORTED = "Token is not from a supported provider of this identity pool."
MISMATCH = "Logins don't match. Please include at least one valid login for this identity or "
MISMATCH += "identity pool."

# verify_token's reasons in the words of GetId and GetCredentialsForIdentity.
_INVALID = {
    "malformed": "Not a valid OpenId Connect identity token.",
    "algorithm": "Couldn't verify signed token.",
    "signature": "Token signature invalid.",
    "issuer": "Issuer doesn't match providerName",
    "token_use": "Missing a required claim: aud",
    # Our wording: AWS's for a failed server-side token check was not found.
    "revoked": "Token has been revoked.",
    "user": "User is disabled or does not exist.",
}
# Where a pool keeps providers whose tokens the offline cloud cannot check yet.
_OTHER_PROVIDERS = (
    "SupportedLoginProviders",
    "OpenIdConnectProviderARNs",
    "SamlProviderARNs",
    "DeveloperProviderName",
)


@dataclass(frozen=True)
class Login:
    """A verified login: the provider's name, and the user's id there.

    `claims` are what the provider says of the user, verified: a token's claims, or the attributes
    of a SAML assertion with their values.
    """

    provider: str
    user: str
    claims: Mapping[str, Any] = field(default_factory=dict, compare=False)


def verify_logins(world: World, pool: IdentityPool, logins: Mapping[str, str]) -> list[Login]:
    """Every login of the request, each fully verified.

    AwsError NotAuthorizedException at the first that is not true or not accepted by the pool.
    """
    providers = pool.settings.get("CognitoIdentityProviders", [])
    if logins and not any(pool.settings.get(kind) for kind in _OTHER_PROVIDERS) and not providers:
        _not_authorized(MISMATCH)
    return [_verify(world, pool, provider, token) for provider, token in logins.items()]


def _verify(world: World, pool: IdentityPool, provider: str, token: str) -> Login:
    user_pool = user_pool_of(provider)
    if user_pool is None:
        _refuse_other_provider(pool, provider)
    claims = _unverified(token)
    if claims.get("iss") != f"https://{provider}":
        _invalid_token("issuer")
    accepted = [
        one
        for one in pool.settings.get("CognitoIdentityProviders", [])
        if one["ProviderName"] == provider
    ]
    if not accepted:
        _not_authorized(UNSUPPORTED)
    region, pool_id = user_pool
    try:
        verified = verify_token(
            world,
            token,
            pool_id=pool_id,
            region=region,
            account=pool.account,
            token_use="id",
            client_ids=[one["ClientId"] for one in accepted],
            check_revocation=_is_checked(accepted, claims),
        )
    except TokenError as untrue:
        _explain(world, claims, untrue.reason)
    return Login(provider, verified["sub"], verified)


def _is_checked(accepted: list[Mapping[str, Any]], claims: Mapping[str, Any]) -> bool:
    """Whether the app client the token is for asks for ServerSideTokenCheck."""
    mine = (one for one in accepted if one["ClientId"] == claims.get("aud"))
    return any(one.get("ServerSideTokenCheck", False) for one in mine)


def _explain(world: World, claims: Mapping[str, Any], reason: str) -> NoReturn:
    if reason == "expired":
        now = world.clock.timestamp()
        _not_authorized(f"Invalid login token. Token expired: {now} >= {claims.get('exp')}")
    if reason == "audience" and "aud" in claims:
        _not_authorized(UNSUPPORTED)
    _invalid_token("token_use" if reason == "audience" else reason)


def _refuse_other_provider(pool: IdentityPool, provider: str) -> NoReturn:
    """Tokens of other providers are never taken on trust: they cannot be verified yet."""
    if any(pool.settings.get(kind) for kind in _OTHER_PROVIDERS):
        refuse(f"logins of {provider} in identity pools")
    _not_authorized(UNSUPPORTED)


def _unverified(token: str) -> dict[str, Any]:
    """What the token claims, believed only for choosing what to say about it."""
    try:
        return jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        _invalid_token("malformed")


def _invalid_token(reason: str) -> NoReturn:
    _not_authorized(f"Invalid login token. {_INVALID.get(reason, _INVALID['signature'])}")


def _not_authorized(message: str) -> NoReturn:
    raise AwsError("NotAuthorizedException", message)
