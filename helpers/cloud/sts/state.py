"""What STS remembers beyond the credentials themselves."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class StsState:
    """`transitive_tags`: by access key id, the tags that sessions made from a session inherit.

    `last_code`: by MFA device, the time step of the code used last, so that none serves twice.
    `chained`: the access key ids of role sessions that a session made (role chaining).
    """

    transitive_tags: dict[str, dict[str, str]] = field(default_factory=dict)
    last_code: dict[str, int] = field(default_factory=dict)
    chained: set[str] = field(default_factory=set)
