"""What a provider remembers: apps, codes, tokens, sessions."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass, field

from authlib.oidc.core import AuthorizationCodeMixin

from helpers.providers.apps import App


@dataclass
class Code(AuthorizationCodeMixin):
    """An authorization code and all that it is bound to."""

    code: str = field(repr=False)
    client_id: str
    redirect_uri: str
    scope: str
    username: str
    expires_at: float
    nonce: str | None = None
    auth_time: int = 0
    code_challenge: str | None = None
    code_challenge_method: str | None = None
    offline: bool = True
    used: bool = False

    def get_redirect_uri(self) -> str:
        """The address the code was sent to."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """What was granted."""
        return self.scope

    def get_nonce(self) -> str | None:
        """The nonce of the authorization request."""
        return self.nonce

    def get_auth_time(self) -> int:
        """When the person signed in, in seconds since 1970."""
        return self.auth_time

    def get_acr(self) -> None:
        """No authentication context class is claimed."""

    def get_amr(self) -> None:
        """No authentication methods are claimed."""


@dataclass
class Token:
    """An access token, with the refresh token that was issued beside it."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    client_id: str
    username: str
    scope: str
    issued_at: float
    expires_in: int
    auth_time: int = 0
    code: str | None = field(default=None, repr=False)
    revoked: bool = False

    @property
    def expires_at(self) -> float:
        """When the access token ends, in seconds since 1970."""
        return self.issued_at + self.expires_in

    def check_client(self, client: App) -> bool:
        """Whether the token was issued to this app."""
        return self.client_id == client.client_id

    def get_scope(self) -> str:
        """What was granted."""
        return self.scope

    def get_expires_in(self) -> int:
        """How long the access token lives, in seconds."""
        return self.expires_in

    def is_expired(self) -> bool:
        """Whether the access token has ended."""
        return time.time() >= self.expires_at

    def is_revoked(self) -> bool:
        """Whether it was taken back."""
        return self.revoked


@dataclass(frozen=True)
class Session:
    """A browser that is signed in at the provider."""

    username: str
    auth_time: int


@dataclass
class Records:
    """All of it, for one provider."""

    apps: dict[str, App] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    met: set[tuple[str, str]] = field(default_factory=set)

    def by_access_token(self, text: str) -> Token | None:
        """The live access token with this text."""
        for token in self.tokens:
            live = not token.revoked and not token.is_expired()
            if _same(token.access_token, text) and live:
                return token
        return None

    def by_refresh_token(self, text: str) -> Token | None:
        """The live refresh token with this text."""
        for token in self.tokens:
            if _same(token.refresh_token or "", text) and text and not token.revoked:
                return token
        return None

    def use_code(self, text: str, client: App) -> Code | None:
        """The code, used up by this call; None unless it is live and this app's.

        A code that comes twice was stolen: the tokens issued for it are taken back
        (RFC 6749 section 4.1.2).
        """
        code = self.codes.get(text)
        if code is None or code.client_id != client.client_id:
            return None
        if code.used:
            self.revoke_all_of(text)
            return None
        code.used = True
        return code if time.time() < code.expires_at else None

    def revoke_all_of(self, code: str) -> None:
        """Take back every token that goes back to a code."""
        for token in self.tokens:
            token.revoked = token.revoked or token.code == code


def _same(known: str, sent: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(known.encode(), sent.encode())
