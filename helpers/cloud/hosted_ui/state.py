"""What the domains of a world remember: sessions, codes, and sign-ins that are under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class BrowserSession:
    """Somebody who is signed in at a domain with this browser. Kept under its cookie's hash.

    `provider` is the outside provider's name, "" for the pool's own directory; `provider_session`
    is what a single logout at that provider must name. `password` is the hash of the password that
    counted then.
    """

    pool_id: str
    sub: str
    auth_time: datetime
    expires: datetime
    provider: str = ""
    provider_session: Mapping[str, str] = field(default_factory=dict)
    password: bytes = field(default=b"", repr=False)
    times_disabled: int = 0


@dataclass
class AuthorizationCode:
    """A code on its way to the app. `origin_jti` is set once tokens were issued for it."""

    client_id: str
    redirect_uri: str
    sub: str
    scopes: tuple[str, ...]
    nonce: str
    challenge: str
    expires: datetime
    times_disabled: int = 0
    origin_jti: str | None = None


@dataclass(frozen=True)
class Errand:
    """A browser that was sent to an outside provider and is to come back.

    `query` is the app's authorization request, `secrets` what the provider's answer must match,
    `browser` the hash of the cookie that the same browser brings back.
    """

    pool_id: str
    provider: str
    query: Mapping[str, str]
    secrets: Mapping[str, str]
    browser: str
    expires: datetime


@dataclass
class HostedUiState:
    """The room's state in one world."""

    sessions: dict[str, BrowserSession] = field(default_factory=dict)
    codes: dict[str, AuthorizationCode] = field(default_factory=dict)
    errands: dict[str, Errand] = field(default_factory=dict)
