"""Where a provider's endpoints are: as the pool's configuration says, else as it publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.cloud.federation.answers import ask
from helpers.cloud.federation.refusals import refused
from helpers.cloud.user_pools.directory import Pool
from helpers.cloud.user_pools.identity_providers import IdentityProvider

_GIVEN = {
    "authorize": ("authorize_url", "authorization_endpoint"),
    "token": ("token_url", "token_endpoint"),
    "userinfo": ("attributes_url", "userinfo_endpoint"),
    "keys": ("jwks_uri", "jwks_uri"),
}


@dataclass(frozen=True)
class Endpoints:
    """A provider's https addresses; "" for what it has not."""

    authorize: str
    token: str
    userinfo: str
    keys: str


def endpoints(pool: Pool, provider: IdentityProvider, *needed: str) -> Endpoints:
    """The endpoints of a provider. FederationError if a needed one cannot be found.

    Those in ProviderDetails come first. An OIDC, Google or Apple provider that lacks one is asked
    for its discovery document (OpenID Connect Discovery, section 4), which must be its issuer's.
    """
    details = provider.details
    found = {name: details.get(detail, "") for name, (detail, _) in _GIVEN.items()}
    if details.get("oidc_issuer") and not all(found[name] for name in needed):
        document = _discover(pool, provider, details["oidc_issuer"])
        for name, (_, member) in _GIVEN.items():
            if not found[name] and isinstance(document.get(member), str):
                found[name] = document[member]
    for name in needed:
        if not found[name].startswith("https://"):
            raise refused(f"{provider.name} Error - no {name} endpoint")
    return Endpoints(**found)


def same_issuer(said: Any, configured: str) -> bool:
    """Whether two texts name one issuer. AWS takes a slash at the end for nothing."""
    return isinstance(said, str) and said.rstrip("/") == configured.rstrip("/") != ""


def _discover(pool: Pool, provider: IdentityProvider, issuer: str) -> dict[str, Any]:
    url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    document = ask(pool, provider.name, "well-known endpoint", "GET", url)
    if not same_issuer(document.get("issuer"), issuer):
        raise refused(f"{provider.name} Error - the well-known endpoint is of another issuer")
    return document
