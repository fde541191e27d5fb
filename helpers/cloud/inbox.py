"""What Cognito e-mailed or texted, and to whom."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Message:
    """One delivered message. `medium` is EMAIL or SMS; `code` is the code inside it, if any."""

    to: str
    medium: str
    subject: str
    body: str
    code: str | None
    sent: str

    def as_dict(self) -> dict[str, Any]:
        """The message as JSON-able data."""
        return asdict(self)


class EmptyInbox(LookupError):
    """Nothing was ever sent to that address."""


class Inbox:
    """The mailbox and the telephone of every person in the lesson."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    def deliver(
        self, *, to: str, medium: str, subject: str, body: str, code: str | None, sent: datetime
    ) -> None:
        """Keep a message. Addresses are compared without regard to case."""
        self._messages.append(Message(to, medium, subject, body, code, sent.isoformat()))

    def to(self, address: str | None = None) -> list[Message]:
        """All messages to an address, oldest first; all messages when no address is given."""
        if address is None:
            return list(self._messages)
        return [m for m in self._messages if m.to.casefold() == address.casefold()]

    def latest(self, address: str) -> Message:
        """The newest message to an address. EmptyInbox if there is none."""
        messages = self.to(address)
        if not messages:
            known = sorted({m.to for m in self._messages})
            raise EmptyInbox(f"nothing was sent to {address!r}; messages so far went to {known}")
        return messages[-1]
