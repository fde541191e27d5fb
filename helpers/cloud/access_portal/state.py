"""What sign-in with IAM Identity Center remembers: programs, sessions, codes and tokens.

Everything that its bearer proves something with is kept under its hash.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from helpers.cloud.federation.saml.metadata_document import Metadata
from helpers.cloud.secret_hashes import StoredSecret


@dataclass(frozen=True)
class Client:
    """A program that has registered itself, in one region.

    `issuer_url` names the portal that its users sign in to; only for the authorization code grant.
    """

    client_id: str
    secret_hash: str
    name: str
    region: str
    grant_types: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    issuer_url: str
    expires: datetime


@dataclass
class PortalSession:
    """Somebody signed in to an access portal. What was made of it ends with it.

    `password` is the digest that counted when the session began; `changes` how often the identity
    source had been changed.
    """

    store_id: str
    user_id: str
    started: datetime
    expires: datetime
    password: bytes = field(default=b"", repr=False)
    changes: int = 0
    ended: bool = False


@dataclass
class DeviceAuthorization:
    """A program that waits until somebody allows it access in a browser.

    `early` counts how often it asked again too soon.
    """

    client: Client
    store_id: str
    user_code: str
    expires: datetime
    polled: datetime | None = None
    early: int = 0
    denied: bool = False
    session: PortalSession | None = None
    used: bool = False


@dataclass
class AuthorizationCode:
    """A code on its way to a program. `grant` is set once it was exchanged."""

    client_id: str
    redirect_uri: str
    challenge: str
    session: PortalSession
    expires: datetime
    grant: Grant | None = None


@dataclass
class Grant:
    """One program's access to one session: all its tokens live and die with it."""

    client_id: str
    session: PortalSession
    revoked: bool = False


@dataclass
class AccessToken:
    """A token of a grant; the portal's API takes it."""

    grant: Grant
    expires: datetime


@dataclass
class RefreshToken:
    """A token that gets the next access token of a grant, once."""

    grant: Grant
    expires: datetime
    used: bool = False


@dataclass(frozen=True)
class EmailedCode:
    """A code that was sent to a user's address."""

    digits: str
    expires: datetime


@dataclass
class Account:
    """What signing in needs to know of a user: the password's hash, and what was tried.

    `ticket` is the hash of what a right code was exchanged for: with it a password may be set.
    """

    password: StoredSecret | None = None
    history: list[StoredSecret] = field(default_factory=list)
    failures: int = 0
    failed_at: datetime | None = None
    code: EmailedCode | None = None
    code_failures: int = 0
    sent: list[datetime] = field(default_factory=list)
    ticket: str = ""
    ticket_expires: datetime | None = None


@dataclass
class ExternalProvider:
    """An instance as service provider, and the provider that it trusts (None: it trusts none).

    `changes` counts how often an administrator changed that.
    """

    store_id: str
    issuer_url: str
    acs_url: str
    metadata: Metadata | None = None
    changes: int = 0


@dataclass
class OutsideSignIn:
    """A browser that was sent to an external provider. `user_id` is who came back.

    `browser` is the hash of the cookie that it must still have, `changes` how often the identity
    source had been changed, `query` where the browser wanted to go.
    """

    store_id: str
    request_id: str
    browser: str
    changes: int
    query: Mapping[str, str]
    expires: datetime
    user_id: str = ""


@dataclass
class Guesses:
    """Wrong codes that came from one address."""

    failures: int = 0
    failed_at: datetime | None = None


@dataclass
class AccessPortalState:
    """The room's state in one world.

    `device_codes` lead to the same authorizations as `user_codes`. `guesses` are wrong user
    codes by the address they came from. `strangers` are names that nobody has, so that guessing at
    them looks the same. `outside` are sign-ins at an external provider, by relay state, and
    `on_the_way` those that came back, by code.
    """

    clients: dict[str, Client] = field(default_factory=dict)
    accounts: dict[tuple[str, str], Account] = field(default_factory=dict)
    strangers: OrderedDict[tuple[str, str], Account] = field(default_factory=OrderedDict)
    browsers: dict[str, PortalSession] = field(default_factory=dict)
    device_codes: dict[str, DeviceAuthorization] = field(default_factory=dict)
    user_codes: dict[str, DeviceAuthorization] = field(default_factory=dict)
    sources: dict[str, ExternalProvider] = field(default_factory=dict)
    outside: dict[str, OutsideSignIn] = field(default_factory=dict)
    on_the_way: dict[str, OutsideSignIn] = field(default_factory=dict)
    guesses: dict[str, Guesses] = field(default_factory=dict)
    codes: dict[str, AuthorizationCode] = field(default_factory=dict)
    access_tokens: dict[str, AccessToken] = field(default_factory=dict)
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict)
