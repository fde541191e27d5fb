"""Which role an identity gets: what its logins and the pool's role mappings make of it.

Source: Amazon Cognito Developer Guide, "Using role-based access control" (tokens, rules, role
resolution) and "Setting up a SAML provider as an identity pool IdP" (roles of the assertion);
RoleMapping in the API Reference. The documents say nothing of several logins in one request: here
all that have a say must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.cloud.errors import AwsError

from .claim_values import claim_values
from .login import Login
from .provider_keys import role_mapping_key
from .role_mappings import rules_of
from .roles import AUTHENTICATED, UNAUTHENTICATED
from .state import IdentityPool
from .user_pool_logins import accepted_clients


@dataclass(frozen=True)
class Offer:
    """The roles that one login opens: all of them, and the one that it gets unasked.

    `preferred` is empty where none stands out; then `resolution` says what to do, "Deny" or
    "AuthenticatedRole". `provider` is the name that a refusal gives.
    """

    provider: str
    roles: Sequence[str]
    preferred: str
    resolution: str = "Deny"


def choose_role(
    pool: IdentityPool, logins: Sequence[Login], *, is_guest: bool, custom_role: str = ""
) -> str:
    """The ARN of the role for an identity, "" if the pool has none for its kind.

    `custom_role` is the CustomRoleArn of the request: one of several roles, never another one.
    AwsError NotAuthorizedException when that is not on offer, or when the choice is ambiguous.
    """
    offers = [offer for login in logins if (offer := _offer(pool, login))]
    if custom_role and not all(custom_role in offer.roles for offer in offers or [_NOTHING]):
        # The guide says that access is denied, and not in which words: these are AWS's for a
        # role that SetIdentityPoolRoles may not use.
        text = f"Access to Role '{custom_role}' is forbidden."
        raise AwsError("NotAuthorizedException", text)
    if custom_role:
        return custom_role
    usual = pool.roles.get(UNAUTHENTICATED if is_guest else AUTHENTICATED, "")
    chosen = {_resolved(offer, usual) for offer in offers}
    if len(chosen) > 1:
        raise _denied(*(offer.provider for offer in offers))
    return chosen.pop() if chosen else usual


_NOTHING = Offer(provider="", roles=(), preferred="")


def _resolved(offer: Offer, usual: str) -> str:
    if not offer.preferred and offer.resolution != "AuthenticatedRole":
        raise _denied(offer.provider)
    return offer.preferred or usual


def _denied(*providers: str) -> AwsError:
    names = ", ".join(providers)
    text = f"The ambiguous role mapping rules for: {names} denied this request."
    return AwsError("NotAuthorizedException", text)


def _offer(pool: IdentityPool, login: Login) -> Offer | None:
    """What a login opens; None if neither a role mapping nor an assertion says anything."""
    provider = role_mapping_key(pool, login)
    mapping = pool.role_mappings.get(provider)
    if mapping is None:
        return Offer(login.provider, login.roles, _only(login.roles)) if login.roles else None
    if mapping["Type"] == "Rules":
        roles = _roles_of_rules(mapping, login.claims)
        preferred = roles[0] if roles else ""
    else:
        roles, preferred = _roles_of_token(pool, login)
    return Offer(provider, roles, preferred, mapping["AmbiguousRoleResolution"])


def _only(roles: Sequence[str]) -> str:
    return roles[0] if len(roles) == 1 else ""


def _roles_of_token(pool: IdentityPool, login: Login) -> tuple[Sequence[str], str]:
    """(the roles that the provider names, the preferred one).

    cognito:roles and cognito:preferred_role are claims of the pool's own user pools; in a token of
    anybody else they would be a stranger's word, and so they are in one of a user pool that IAM
    keeps as an OpenID provider: it may be another account's. A SAML provider names roles in a way
    of its own.
    """
    if accepted_clients(pool, login.provider):
        preferred = claim_values(login.claims, "cognito:preferred_role")
        return claim_values(login.claims, "cognito:roles"), _only(preferred)
    return login.roles, _only(login.roles)


def _roles_of_rules(mapping: Mapping[str, Any], claims: Mapping[str, Any]) -> list[str]:
    """The roles of all rules that match, in the order of the rules."""
    return [rule["RoleARN"] for rule in rules_of(mapping) if _matches(rule, claims)]


def _matches(rule: Mapping[str, str], claims: Mapping[str, Any]) -> bool:
    """Whether the claim is as the rule says. A rule about a claim that is missing never matches.

    The documents do not say how a claim with several values compares. One of them is enough for
    Contains; for the others all must fit, so that no further value opens or hides anything.
    """
    values = claim_values(claims, rule["Claim"])
    enough, fits = _MATCH[rule["MatchType"]]
    return bool(values) and enough(fits(value, rule["Value"]) for value in values)


_MATCH: Mapping[str, tuple[Callable[[Iterator[bool]], bool], Callable[[str, str], bool]]] = {
    "Equals": (all, str.__eq__),
    "NotEqual": (all, str.__ne__),
    "StartsWith": (all, str.startswith),
    "Contains": (any, str.__contains__),
}
