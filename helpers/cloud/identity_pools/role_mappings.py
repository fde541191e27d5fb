"""RoleMappings of SetIdentityPoolRoles: what an administrator may say about choosing roles.

Source: Amazon Cognito Federated Identities API Reference, SetIdentityPoolRoles, RoleMapping and
MappingRule. Two of the sentences are AWS's, from public reports: that of a provider that is not
configured, and that of too many rules. The API Reference states the other requirements, and the
words for them are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from helpers.cloud.errors import AwsError
from helpers.cloud.sts import is_role_arn

from .provider_keys import role_mapping_keys
from .state import IdentityPool

_MOST_RULES = 25


def check_role_mappings(pool: IdentityPool, mappings: Mapping[str, Mapping[str, Any]]) -> None:
    """AwsError InvalidParameterException for mappings that do not hold together."""
    known = role_mapping_keys(pool)
    for provider, mapping in mappings.items():
        if provider not in known:
            fault = "is not a valid RoleMapping ProviderName or is not a configured provider."
            _invalid(f"({provider}) {fault}")
        _check_members(mapping)
        for rule in rules_of(mapping):
            check_role(rule["RoleARN"])


def check_role(role_arn: str) -> None:
    """AwsError InvalidParameterException for what is no role's ARN.

    Whether the caller may pass the role has been decided before; nobody passes another account's.
    """
    if not is_role_arn(role_arn):
        _invalid(f"Invalid role ARN: {role_arn}")


def rules_of(mapping: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The rules of a role mapping, in order; none for the type Token."""
    return list(mapping.get("RulesConfiguration", {}).get("Rules", []))


def _check_members(mapping: Mapping[str, Any]) -> None:
    kind, has_rules = mapping["Type"], "RulesConfiguration" in mapping
    if "AmbiguousRoleResolution" not in mapping:
        _invalid(f"AmbiguousRoleResolution is required for role mapping type {kind}.")
    if kind == "Rules" and not has_rules:
        _invalid("RulesConfiguration is required for role mapping type Rules.")
    if kind == "Token" and has_rules:
        _invalid("RulesConfiguration is not allowed for role mapping type Token.")
    if len(rules_of(mapping)) > _MOST_RULES:
        _invalid(f"The number of rules in the request exceeded {_MOST_RULES}.")


def _invalid(text: str) -> NoReturn:
    raise AwsError("InvalidParameterException", text)
