"""What the console remembers: who is in, and who is on the way in. Secrets only as hashes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from helpers.cloud.sessions import Credentials


@dataclass(frozen=True)
class ConsoleSession:
    """Somebody in the console. `issuer` is where to sign in again, "" if nobody said."""

    credentials: Credentials
    expires: datetime
    issuer: str = ""


@dataclass(frozen=True)
class OnTheWay:
    """A session that a browser may fetch with a secret, until `expires`."""

    session: ConsoleSession
    expires: datetime


@dataclass
class ConsoleState:
    """Sign-in tokens, one-time codes and sessions, by the hash of the secret that opens them."""

    tokens: dict[str, OnTheWay] = field(default_factory=dict)
    codes: dict[str, OnTheWay] = field(default_factory=dict)
    sessions: dict[str, ConsoleSession] = field(default_factory=dict)
