"""What this room remembers: keys, password verifiers, codes, challenges and tokens.

moto keeps pools, clients, groups and users. Nothing here holds a password, and nothing in moto
does either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from helpers.cloud.secret_hashes import StoredSecret


@dataclass(frozen=True)
class Home:
    """Where a user pool lives."""

    account: str
    region: str
    pool_id: str


@dataclass(frozen=True)
class SigningKeys:
    """A pool's two RSA keys with their `kid`s: one signs ID tokens, the other access tokens."""

    id_kid: str
    id_key: RSAPrivateKey
    access_kid: str
    access_key: RSAPrivateKey


@dataclass(frozen=True)
class StoredPassword(StoredSecret):
    """What is kept of a password: a salted slow hash, and the verifier that SRP needs."""

    srp_salt: int
    srp_verifier: int


@dataclass(frozen=True)
class Code:
    """A code that was sent: what it proves (`attribute` and its `value` then) and until when."""

    digits: str
    attribute: str
    value: str
    expires: datetime


@dataclass
class Attempts:
    """How often something was tried since `since`."""

    since: datetime
    count: int = 0


@dataclass
class Grant:
    """One sign-in: all tokens that share an `origin_jti`. It is revoked as a whole.

    `from_domain` is true for a sign-in through the pages of the pool's domain.
    """

    event_id: str
    origin_jti: str
    sub: str
    client_id: str
    auth_time: int
    ends: datetime
    scopes: tuple[str, ...]
    from_domain: bool = False
    revoked: bool = False


@dataclass
class RefreshToken:
    """A refresh token, kept under its hash. `retired` is when rotation replaced it."""

    grant: Grant
    expires: datetime
    retired: datetime | None = None


@dataclass
class Challenge:
    """A sign-in that waits for an answer. `sub` is None for a user who does not exist.

    `session` is the string that the answer must bring, `parameters` what the client is told, and
    `from_domain` is true for a sign-in through the pages of the pool's domain.
    """

    name: str
    client_id: str
    sub: str | None
    username: str
    expires: datetime
    session: str = ""
    from_domain: bool = False
    used: bool = False
    parameters: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, Any] = field(default_factory=dict)


@dataclass
class SoftwareToken:
    """An authenticator app of a user. `last_step` is the time step of the code used last."""

    secret: str = field(repr=False)
    name: str = ""
    last_step: int = -1


@dataclass
class SecondFactor:
    """How a user proves a second time who he is.

    `token` is proved, `candidate` a secret that was handed out and not proved yet. `active` and
    `preferred` hold names of challenges. Wrong codes are counted apart from wrong passwords.
    """

    token: SoftwareToken | None = None
    candidate: str = field(default="", repr=False)
    active: set[str] = field(default_factory=set)
    preferred: str = ""
    failures: int = 0
    failed_at: datetime | None = None


@dataclass
class Identity:
    """One account of a user at an outside provider.

    `attribute` is Cognito_Subject and `value` the provider's name for the user. A link that has
    not been used yet may name another attribute and its value. `primary` is the identity that the
    user himself was made from. `sub` is the user's, `created` in milliseconds since 1970.
    """

    provider: str
    kind: str
    attribute: str
    value: str
    sub: str
    created: int
    primary: bool = False
    issuer: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What an identity is found by."""
        return self.provider, self.attribute, self.value


@dataclass
class Account:
    """What is kept of one user besides moto's resource: secrets and outside identities.

    Kept under the user's `sub`. `times_disabled` grows each time that an administrator disables
    the user: what was begun before stays over when he is enabled again.
    """

    password: StoredPassword | None = None
    times_disabled: int = 0
    history: list[StoredPassword] = field(default_factory=list)
    temporary_until: datetime | None = None
    failures: int = 0
    failed_at: datetime | None = None
    codes: dict[str, Code] = field(default_factory=dict)
    attempts: dict[str, Attempts] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    pending: dict[str, str] = field(default_factory=dict)
    identities: list[Identity] = field(default_factory=list)
    second_factor: SecondFactor = field(default_factory=SecondFactor)


@dataclass
class PoolState:
    """The secrets of one user pool."""

    keys: SigningKeys | None = None
    accounts: dict[str, Account] = field(default_factory=dict)
    # Names nobody has: kept so that guessing at them looks the same as guessing at real ones.
    strangers: dict[str, Account] = field(default_factory=dict)
    stranger_key: bytes = b""
    names: dict[str, str] = field(default_factory=dict)
    names_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict)
    challenges: dict[str, Challenge] = field(default_factory=dict)
    identities: dict[tuple[str, str, str], Identity] = field(default_factory=dict)


@dataclass
class UserPoolsState:
    """All user pools of a world, by pool id, and every app client's pool."""

    pools: dict[str, PoolState] = field(default_factory=dict)
    clients: dict[str, Home] = field(default_factory=dict)

    def pool(self, pool_id: str) -> PoolState:
        """The state of one pool, made on first use."""
        return self.pools.setdefault(pool_id, PoolState())
