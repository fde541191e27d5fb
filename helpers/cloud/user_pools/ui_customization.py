"""How a pool's sign-in pages look: the style sheet and the logo of the classic hosted UI."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from helpers.cloud.user_pools.directory import App

# The "client" whose style all clients have that have none of their own.
ALL = "ALL"


@dataclass(frozen=True)
class Customization:
    """What SetUICustomization set, and when."""

    css: str
    logo: bytes | None
    version: str
    created: datetime
    modified: datetime


@dataclass
class Customizations:
    """All customizations of a world, by pool id and client id (or ALL)."""

    kept: dict[tuple[str, str], Customization] = field(default_factory=dict)


def customization(app: App) -> tuple[str, bytes | None, str]:
    """(CSS, logo, CSSVersion) for a client's pages: its own or the pool's; empty if none is set.

    Source: API reference, SetUICustomization: a client without a customization of its own shows
    that of ALL.
    """
    kept = app.world.room(Customizations).kept
    found = kept.get((app.pool.id, app.client.id)) or kept.get((app.pool.id, ALL))
    return ("", None, "") if found is None else (found.css, found.logo, found.version)
