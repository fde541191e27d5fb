"""An HTTP answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Response:
    """Status, headers and body bytes."""

    status: int
    headers: dict[str, str]
    body: bytes
