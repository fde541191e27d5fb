"""ID tokens of OpenID providers: of outside ones by discovery, of user pools by their keys.

Sources: OpenID Connect Core 1.0, section 3.1.3.7; OpenID Connect Discovery 1.0, section 4; IAM User
Guide, "Create an OpenID Connect (OIDC) identity provider in IAM".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from helpers.cloud import user_pools
from helpers.cloud.outside import Unreachable
from helpers.cloud.world import World

from .answers import ask
from .faults import TokenFault
from .signed_tokens import key_for, read_claims, read_header, signed_claims

GOOGLE = "https://accounts.google.com"
_USER_POOL = re.compile(r"https://cognito-idp\.([a-z0-9-]+)\.amazonaws\.com/(\1_[0-9A-Za-z]+)")
_REQUIRED = ("iss", "sub", "aud", "exp", "iat")
# Google writes its issuer with and without the scheme ("OpenID Connect", Google Identity).
_SAME = {"accounts.google.com": GOOGLE}
# A user pool's reasons that have another name here: a token without `aud` is an access token, and
# the pool of an issuer that has none is gone.
_OF_USER_POOL = {"token_use": "missing:aud", "issuer": "unreachable"}


def verify_oidc(
    world: World,
    token: str,
    *,
    issuer: str,
    audiences: Collection[str] | None,
    leeway: int = 0,
) -> dict[str, Any]:
    """The claims of an ID token of `issuer` for one of these audiences, or TokenFault.

    `audiences` None takes a token for anybody: only where somebody else asks whom it is for, as
    the trust policy of a role does. `leeway` is how many seconds an outside provider's clock may
    differ from ours.
    """
    unverified = read_claims(token)
    try:
        if named(unverified.get("iss")) != issuer:
            raise TokenFault("issuer")
        if pool := _USER_POOL.fullmatch(issuer):
            return _of_user_pool(world, token, pool[1], pool[2], audiences)
        header = read_header(token)
        key = key_for(header, _published_keys(world, issuer))
        claims = signed_claims(token, key, header["alg"], require=_REQUIRED, leeway=leeway)
        _check_forms(claims)
        _check_audience(claims, audiences)
    except TokenFault as fault:
        raise TokenFault(fault.reason, unverified, part=fault.part) from fault
    return claims


def issuer_of(token: str) -> str:
    """Who a token says has issued it, believed by nobody yet; "" if it does not say.

    TokenFault malformed for what is no token.
    """
    return named(read_claims(token).get("iss"))


def named(said: Any) -> str:
    """An issuer by the name it is known by here, "" for what is no text."""
    return _SAME.get(said, said) if isinstance(said, str) else ""


def presenter(claims: Mapping[str, Any]) -> str:
    """The app that a token was issued to: `azp` where there is one, else the audience.

    "" if it does not say (several audiences, none of which is named in `azp`).
    """
    audience, party = claims.get("aud"), claims.get("azp")
    if party is None:
        party = audience[0] if isinstance(audience, list) and len(audience) == 1 else audience
    return party if isinstance(party, str) else ""


def _check_forms(claims: Mapping[str, Any]) -> None:
    """A subject that is text, and times in whole seconds, as AWS wants them."""
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise TokenFault("missing:sub", part="sub")
    for name in ("exp", "iat", "nbf"):
        if name in claims and type(claims[name]) is not int:
            raise TokenFault("malformed", part=name)


def _check_audience(claims: Mapping[str, Any], audiences: Collection[str] | None) -> None:
    """The token is for us; if it names the app it was issued to, that is one of ours too."""
    said = claims["aud"]
    all_said = said if isinstance(said, list) else [said]
    if not all_said or not all(isinstance(one, str) and one for one in all_said):
        raise TokenFault("audience", part="aud")
    party = presenter(claims)
    if not party:
        raise TokenFault("audience", part="azp")
    if audiences is not None and not (party in audiences and any(a in audiences for a in all_said)):
        raise TokenFault("audience", part="aud")


def _of_user_pool(
    world: World, token: str, region: str, pool_id: str, audiences: Collection[str] | None
) -> dict[str, Any]:
    """A user pool is an OpenID provider of this very cloud: its keys are at hand."""
    try:
        return user_pools.verify_token(
            world,
            token,
            pool_id=pool_id,
            region=region,
            account=user_pools.pool_account(pool_id) or "",
            token_use="id",
            client_ids=audiences,
            check_revocation=False,
        )
    except user_pools.TokenError as error:
        reason = _OF_USER_POOL.get(error.reason, error.reason)
        raise TokenFault(reason, part=str(error)) from error


def _published_keys(world: World, issuer: str) -> Any:
    """The keys that the issuer publishes now. TokenFault unreachable, or keys."""
    # Discovery, section 4: a slash at the end of the issuer is part of its name, not of the way.
    document = _document(world, f"{issuer.removesuffix('/')}/.well-known/openid-configuration")
    if named(document.get("issuer")) != issuer:
        raise TokenFault("keys", part="the discovery document is another issuer's")
    address = document.get("jwks_uri")
    if not isinstance(address, str) or not address.startswith("https://"):
        raise TokenFault("keys", part="the discovery document names no jwks_uri")
    return _document(world, address).get("keys")


def _document(world: World, url: str) -> dict[str, Any]:
    try:
        status, said = ask(world, "GET", url, caller="AWS")
    except Unreachable as error:
        raise TokenFault("unreachable", part=str(error)) from error
    if status != 200 or said is None:
        raise TokenFault("unreachable", part=f"{url} answered with status {status}")
    return said
