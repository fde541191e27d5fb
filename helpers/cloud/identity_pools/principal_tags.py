"""Attributes for access control: claims of a login that become tags of the session.

Source: Amazon Cognito Developer Guide, "Using attributes for access control" and "Default provider
mappings"; SetPrincipalTagAttributeMap and GetPrincipalTagAttributeMap in the API Reference. They do
not say what a claim with several values becomes, nor what holds when two logins disagree: the
first gives no tag, the second no session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse

from .claim_values import claim_values
from .login import Login
from .provider_keys import tag_map_key, tag_map_keys
from .state import IdentityPool, TagMap, named_pool

DEFAULTS: Final[Mapping[str, str]] = {"client": "aud", "username": "sub"}
# "The aggregated character limit for all attributes is 460 bytes" (the guide).
_MOST_BYTES: Final = 460


def set_principal_tag_attribute_map(call: Call) -> dict[str, Any]:
    """Say which claims of a provider's users become tags; neither defaults nor tags means none.

    AwsError InvalidParameterException, ResourceNotFoundException.
    """
    pool, provider = _asked_for(call)
    own, is_default = call.params.get("PrincipalTags", {}), call.params.get("UseDefaults", False)
    if is_default and own:
        text = "PrincipalTags cannot be set when UseDefaults is true."
        raise AwsError("InvalidParameterException", text)
    if is_default and ":saml-provider/" in provider:
        # The guide names two attributes of an assertion and not which of them is which tag.
        refuse("UseDefaults for SAML providers in cognito-identity:SetPrincipalTagAttributeMap")
    pool.tag_maps[provider] = TagMap(DEFAULTS if is_default else dict(own), is_default)
    return _described(pool, provider)


def get_principal_tag_attribute_map(call: Call) -> dict[str, Any]:
    """Which claims of a provider's users become tags.

    AwsError InvalidParameterException, ResourceNotFoundException.
    """
    return _described(*_asked_for(call))


def principal_tags(pool: IdentityPool, logins: Sequence[Login]) -> dict[str, str]:
    """The session tags that these logins bring: those whose claims are there.

    AwsError InvalidParameterException when logins disagree about a tag or the values are too long;
    whoever asks for credentials is not told so (see credentials.py).
    """
    pairs = [pair for login in logins for pair in _tags_of(pool, login)]
    tags = dict(pairs)
    if any(tags[tag] != value for tag, value in pairs):
        raise AwsError("InvalidParameterException", "Duplicate tag keys found.")
    if sum(len(value.encode(errors="surrogatepass")) for value in tags.values()) > _MOST_BYTES:
        text = f"The values of the principal tags exceed {_MOST_BYTES} bytes."
        raise AwsError("InvalidParameterException", text)
    return tags


def _tags_of(pool: IdentityPool, login: Login) -> list[tuple[str, str]]:
    mapped = pool.tag_maps.get(tag_map_key(pool, login), TagMap())
    found = [(tag, claim_values(login.claims, claim)) for tag, claim in mapped.claims.items()]
    return [(tag, values[0]) for tag, values in found if len(values) == 1]


def _asked_for(call: Call) -> tuple[IdentityPool, str]:
    """The pool, and the provider that must be one of its own."""
    pool, provider = named_pool(call), call.params["IdentityProviderName"]
    if provider not in tag_map_keys(pool):
        text = f"{provider} is not a configured identity provider of this identity pool."
        raise AwsError("InvalidParameterException", text)
    return pool, provider


def _described(pool: IdentityPool, provider: str) -> dict[str, Any]:
    kept = pool.tag_maps.get(provider, TagMap())
    return {
        "IdentityPoolId": pool.pool_id,
        "IdentityProviderName": provider,
        "UseDefaults": kept.is_default,
        "PrincipalTags": dict(kept.claims),
    }
