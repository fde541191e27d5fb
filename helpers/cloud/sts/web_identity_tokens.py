"""Whose token is it? Every kind of token that AssumeRoleWithWebIdentity takes, verified.

An identity pool's tokens, ID tokens of the OpenID providers in the role's account and of Google,
and access tokens of Facebook and Amazon (named by ProviderId). Sources: AWS STS API Reference,
AssumeRoleWithWebIdentity; IAM User Guide, "OIDC federation" and "Available keys for AWS OIDC
federation".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.cloud import resources, web_identity
from helpers.cloud.errors import AwsError
from helpers.cloud.web_identity import TokenFault, cognito_identity
from helpers.cloud.world import World

from .trust import Keys
from .web_identity_refusals import refused_access_token, refused_token

_GOOGLE = "accounts.google.com"
# "A five-minute window … to account for clock skew" (IAM User Guide, "OIDC federation").
_CLOCK_SKEW = 5 * 60


@dataclass(frozen=True)
class WebIdentity:
    """A user of an identity provider, as STS sees him.

    `provider` is the principal that a trust policy names. `keys` are the provider's condition keys
    that stay with the session, `trust_keys` those that the trust policy alone sees.
    """

    provider: str
    subject: str
    audience: str
    keys: Keys
    trust_keys: Keys = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)


def identify(world: World, account: str, token: str) -> WebIdentity:
    """The user of an OpenID token, for a role of this account.

    AwsError InvalidIdentityToken, ExpiredTokenException.
    """
    try:
        issuer = web_identity.issuer_of(token)
        if not issuer:
            raise TokenFault("missing:iss")
        return _of_issuer(world, account, issuer, token)
    except TokenFault as fault:
        raise refused_token(world, fault) from fault


def identify_access_token(world: World, provider_id: str, token: str) -> WebIdentity:
    """The user of an OAuth 2.0 access token.

    AwsError IDPRejectedClaim, IDPCommunicationError, InvalidIdentityToken, ValidationError for a
    ProviderId that STS has no agreement with.
    """
    if provider_id not in _ACCESS_TOKENS:
        raise AwsError("ValidationError", f"Invalid ProviderId: {provider_id}")
    verify, user_key = _ACCESS_TOKENS[provider_id]
    try:
        # Which app's tokens are welcome, the trust policy says.
        social = verify(world, token, app_ids=None)
    except TokenFault as fault:
        raise refused_access_token(fault) from fault
    keys = {f"{provider_id}:app_id": social.app, f"{provider_id}:{user_key}": social.user}
    return WebIdentity(provider_id, social.user, social.app, keys)


_Verify = Callable[..., web_identity.Social]
_ACCESS_TOKENS: Mapping[str, tuple[_Verify, str]] = {
    web_identity.FACEBOOK: (web_identity.verify_facebook, "id"),
    web_identity.AMAZON: (web_identity.verify_amazon, "user_id"),
}


def _of_issuer(world: World, account: str, issuer: str, token: str) -> WebIdentity:
    """The user, if the token holds and its issuer is one that the account knows."""
    if issuer == cognito_identity.ISSUER:
        claims = cognito_identity.verify(world, token)
        return _from_claims(cognito_identity.HOST, cognito_identity.HOST, claims)
    host = issuer.removeprefix("https://")
    known = _registered(account, host) if host != issuer else None
    if known is not None:
        claims = _verified(world, token, issuer, tuple(known.client_id_list))
        return _from_claims(known.arn, host, claims)
    if host == _GOOGLE:
        # Built in, so no client ids are registered: the trust policy must say whose tokens.
        claims = _verified(world, token, issuer, None)
        return _from_claims(_GOOGLE, host, claims)
    text = f"No OpenIDConnect provider found in your account for {issuer}"
    raise AwsError("InvalidIdentityToken", text)


def _verified(
    world: World, token: str, issuer: str, audiences: tuple[str, ...] | None
) -> Mapping[str, Any]:
    return web_identity.verify_oidc(
        world, token, issuer=issuer, audiences=audiences, leeway=_CLOCK_SKEW
    )


def _registered(account: str, host: str) -> Any | None:
    """moto's OpenID Connect provider with this address in this account."""
    known = resources.backend("iam", account, "aws").open_id_providers.values()
    return next((provider for provider in known if provider.url == host), None)


def _from_claims(provider: str, host: str, claims: Mapping[str, Any]) -> WebIdentity:
    """`aud` is the app the token was issued to (`azp` where it is set), `oaud` its audience."""
    audience = web_identity.presenter(claims)
    kept = {"aud": audience, "sub": claims["sub"], "amr": claims.get("amr")}
    seen = {"oaud": claims["aud"], "email": claims.get("email")}
    return WebIdentity(
        provider,
        claims["sub"],
        audience,
        keys=_named(host, kept),
        trust_keys=_named(host, seen),
        claims=claims,
    )


def _named(host: str, values: Mapping[str, Any]) -> Keys:
    """Condition keys of a provider. A value of an odd type is left out: it allows nothing."""
    return {f"{host}:{name}": value for name, value in values.items() if _is_text(value)}


def _is_text(value: Any) -> bool:
    """Text, or a list of texts."""
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(one, str) for one in value)
    )
