"""What the offline cloud remembers of organizations beyond moto's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class OrganizationsState:
    """`requests`: by management account and request id, how each CreateAccount ended."""

    requests: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
