"""A served cloud as a client's machine sees it: an address, and the lab controls beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests


@dataclass(frozen=True)
class Served:
    """An offline cloud in a process of its own."""

    url: str

    def reset(self) -> None:
        """Empty the cloud; its clock shows the real time again."""
        requests.post(f"{self.url}/_lab/reset").raise_for_status()

    def advance(self, seconds: int) -> None:
        """Move the cloud's clock, not this process's."""
        requests.post(
            f"{self.url}/_lab/clock", json={"advance_seconds": seconds}
        ).raise_for_status()

    def code(self, to: str) -> str:
        """The code that was last e-mailed to an address."""
        answer = requests.get(f"{self.url}/_lab/inbox", params={"to": to})
        return answer.json()["messages"][-1]["code"]

    def jwks_url(self, pool_id: str) -> str:
        """Where a user pool publishes its keys."""
        return f"{self.url}/{pool_id}/.well-known/jwks.json"

    def document(self, path: str) -> Any:
        """A published JSON document."""
        answer = requests.get(f"{self.url}/{path}")
        answer.raise_for_status()
        return answer.json()
