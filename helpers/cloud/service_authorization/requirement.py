"""What a call must be allowed to do before it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ContextValue = str | list[str]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One action on one resource that the caller must be allowed.

    `resource` is an ARN, or "*" where the action knows no resource. `resource_account` is the
    owner of the resource where its ARN does not tell (a bucket), "" for what the ARN says.
    `context` are the condition keys that the service itself supplies. `item` names the part of a
    batch that AWS refuses by itself (DeleteObjects: the key); "" means a refusal is of the whole.
    """

    action: str
    resource: str
    resource_account: str = ""
    context: Mapping[str, ContextValue] = field(default_factory=dict, hash=False)
    item: str = ""
