"""The apps that developers have registered at a provider."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749 import ClientMixin

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass
class App(ClientMixin):
    """A registered app, in the form that Authlib asks for."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...] = ()
    signed_out_uris: tuple[str, ...] = ()
    auth_methods: tuple[str, ...] = ("client_secret_basic", "client_secret_post")
    scopes: tuple[str, ...] = ()
    default_scope: str = ""
    strict_scopes: bool = True
    # Only Apple's: the key that the app's client secrets are signed with.
    public_key: Any = field(default=None, repr=False)
    # Only Amazon's: the security profile that the client id belongs to.
    app_id: str = ""
    # What else the console shows to the developer.
    more: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def client_metadata(self) -> dict[str, Any]:
        """What the sign-out endpoint reads (OpenID Connect RP-Initiated Logout, section 3.1)."""
        return {"post_logout_redirect_uris": list(self.signed_out_uris)}

    def get_client_id(self) -> str:
        """The client id."""
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        """None: every request must name its redirect_uri."""
        return None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The granted scopes; None refuses the request (RFC 6749 section 3.3).

        Most brands refuse a scope that they do not have. OpenID Connect Core 3.1.2.1 would rather
        have it ignored.
        """
        wanted = (scope or self.default_scope).split()
        known = [name for name in wanted if name in self.scopes]
        return None if self.strict_scopes and known != wanted else " ".join(known)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Exactly one of the registered addresses, character by character (RFC 9700, 2.1)."""
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Compared in constant time."""
        return hmac.compare_digest(self.client_secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Whether the app may prove itself in this way."""
        return method in self.auth_methods

    def check_response_type(self, response_type: str) -> bool:
        """Only the authorization code flow."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """A code, and a refresh token where the provider gave one."""
        return grant_type in ("authorization_code", "refresh_token")


def checked_redirect_uri(uri: Any, *, loopback: bool = True) -> str:
    """A redirect address as a provider's console accepts it. ValueError says what is wrong.

    https, or plain http to this very machine where `loopback` is allowed; no fragment
    (RFC 6749 section 3.1.2).
    """
    if not isinstance(uri, str) or not uri.isascii() or any(c <= " " for c in uri):
        raise ValueError(f"{uri!r} is not a URL")
    parts = urlsplit(uri)
    local = loopback and parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or local):
        raise ValueError(f"a redirect URI must begin with https://, not {uri!r}")
    if "#" in uri or parts.username is not None:
        raise ValueError(f"a redirect URI has no fragment and no user name: {uri!r}")
    return uri
