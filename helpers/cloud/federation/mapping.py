"""Attribute mapping: from what a provider says to what the user pool keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote_plus

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.errors import AwsError
from helpers.cloud.federation.profile import Profile
from helpers.cloud.federation.refusals import refused
from helpers.cloud.user_pools import attributes
from helpers.cloud.user_pools.directory import App
from helpers.cloud.user_pools.identity_providers import IdentityProvider

_ADDRESSES = ("email", "phone_number")
_VERIFIED = {f"{name}_verified": name for name in _ADDRESSES}


def mapped(
    app: App, provider: IdentityProvider, profile: Profile, user: CognitoIdpUser | None
) -> dict[str, str]:
    """The attributes a sign-in sets, by the pool's names and checked against its schema.

    A claim that does not come changes nothing, nor one whose attribute the client may not write.
    An address counts as verified only if the provider says so in a mapped claim of this very
    sign-in. Source: developer guide, "Mapping IdP attributes to profiles and tokens".
    FederationError for a value that does not fit, an immutable attribute of a known user, or a
    required attribute that is missing.
    """
    values = _values(app, provider, profile)
    for name in _ADDRESSES:
        if name in values:
            values.setdefault(f"{name}_verified", "false")
    values = {n: v for n, v in values.items() if n not in _VERIFIED or _VERIFIED[n] in values}
    values = {n: v.lower() if n in _VERIFIED else v for n, v in values.items()}
    _refuse_immutable(app, values, user)
    try:
        attributes.check_values(app.pool, values)
    except AwsError as error:
        raise refused(error.message) from error
    _refuse_missing(app, values, user)
    return values


def as_value(claim: str | Sequence[str]) -> str:
    """A claim as Cognito writes it: several values in one text, `[a, b]`.

    Each of several values is form-encoded, where all but letters, digits and .-*_ are escaped.
    """
    if isinstance(claim, str):
        return claim
    # quote_plus leaves ~ as it is and escapes *; a form (and Java, which Cognito uses) does not.
    coded = [quote_plus(v, safe="*").replace("~", "%7E") for v in claim]
    return f"[{', '.join(coded)}]"


def _values(app: App, provider: IdentityProvider, profile: Profile) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, claim in provider.mapping.items():
        if name in ("username", "sub") or claim not in profile.claims:
            continue
        if name in _VERIFIED or attributes.may_write(app, name):
            value = as_value(profile.claims[claim])
            found |= {name: value} if value else {}
    return found


def _refuse_immutable(app: App, values: Mapping[str, str], user: CognitoIdpUser | None) -> None:
    """Cognito sets every mapped attribute again at each sign-in, be it the same or not."""
    schema = app.pool.resource.schema_attributes
    for name in values:
        known = user is not None and name in user.attribute_lookup
        if known and name in schema and not schema[name].mutable:
            raise refused(f"user.{name}: Attribute cannot be updated.")


def _refuse_missing(app: App, values: Mapping[str, str], user: CognitoIdpUser | None) -> None:
    known = {**(user.attribute_lookup if user else {}), **values}
    missing = [name for name in attributes.required(app.pool) if not known.get(name)]
    if missing:
        raise refused(f"attributes required: [{', '.join(missing)}]")
