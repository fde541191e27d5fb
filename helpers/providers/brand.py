"""What distinguishes one provider from another: addresses, names, claims and quirks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.flask_oauth2 import AuthorizationServer as FlaskServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Request
from authlib.oauth2.rfc6749 import OAuth2Request
from flask import Request, Response

from helpers.providers.apps import App
from helpers.providers.ids import Ids

Claims = dict[str, Any]
# Which claims a scope asks for (OpenID Connect Core, section 5.4; groups are customary).
CLAIMS_OF_SCOPE = {
    "email": ("email", "email_verified"),
    "profile": ("name", "given_name", "family_name", "picture"),
    "groups": ("groups",),
}


class Brand(ABC):
    """An OAuth 2.0 provider with nothing special about it. Brands say what is special."""

    name = "Provider"
    colour, ink = "#4a3aa7", "#ffffff"
    issuer = ""
    authorize_url = ""
    token_url = ""
    # Empty where the brand has none.
    keys_url = ""
    discovery_url = ""
    # Paths may hold a werkzeug variable, like the version in Facebook's.
    also_hosts: tuple[str, ...] = ()
    # What faults may rely on: "id_token", "profile", "verified", "discovery", "plain".
    features: frozenset[str] = frozenset()
    subject_claim = "sub"
    scopes: tuple[str, ...] = ()
    default_scope = ""
    scope_required = False
    strict_scopes = True
    auth_methods: tuple[str, ...] = ("client_secret_basic", "client_secret_post")
    # The PKCE methods on offer (RFC 7636); none: the brand does not look at a challenge.
    pkce: tuple[str, ...] = ("S256", "plain")
    response_modes: tuple[str, ...] = ("query",)
    token_methods: tuple[str, ...] = ("POST",)
    token_type = "Bearer"
    code_seconds = 300
    token_seconds = 3600
    id_token_seconds = 3600
    loopback_redirects = True

    @property
    def host(self) -> str:
        """The host that shows the sign-in page, and answers for the provider as a whole."""
        return urlsplit(self.authorize_url).hostname or ""

    def hosts(self) -> list[str]:
        """All hosts of the provider."""
        urls = (self.authorize_url, self.token_url, self.keys_url, self.discovery_url)
        names = [urlsplit(url).hostname for url in urls if url]
        return list(dict.fromkeys([*names, *self.also_hosts]))  # type: ignore[list-item]

    @abstractmethod
    def claims_of(self, username: str, basic: Claims) -> Claims:
        """All that this provider knows of a person, its own form of subject included."""

    @abstractmethod
    def new_app(self, ids: Ids, redirect_uris: tuple[str, ...]) -> App:
        """An app as the brand's console makes it."""

    def app(self, client_id: str, client_secret: str, redirect_uris: tuple[str, ...]) -> App:
        """An app with what the brand offers to every app."""
        return App(
            client_id,
            client_secret,
            redirect_uris,
            auth_methods=self.auth_methods,
            scopes=self.scopes,
            default_scope=self.default_scope,
            strict_scopes=self.strict_scopes,
        )

    def new_code(self, ids: Ids) -> str:
        """An authorization code in the brand's form."""
        return ids.token(40)

    def new_access_token(self, ids: Ids) -> str:
        """An access token in the brand's form."""
        return ids.token(64)

    def new_refresh_token(self, ids: Ids) -> str:
        """A refresh token in the brand's form."""
        return ids.token(64)

    def id_claims(self, claims: Claims, scopes: list[str], app: App) -> Claims:
        """What the ID token says about a person, besides the claims that every ID token has."""
        return self.selected(claims, scopes)

    def selected(self, claims: Claims, scopes: list[str]) -> Claims:
        """The subject and those claims that the scopes ask for."""
        names = [name for scope in scopes for name in CLAIMS_OF_SCOPE.get(scope, ())]
        return {n: claims[n] for n in (self.subject_claim, *names) if n in claims}

    def has_id_token(self, scopes: list[str]) -> bool:
        """Whether these scopes bring an ID token."""
        return "id_token" in self.features and "openid" in scopes

    def offers_refresh_token(self, asked: Mapping[str, str], first: bool) -> bool:
        """Whether this sign-in brings a refresh token; `first` time that person meets the app."""
        return True

    def as_oauth(self, request: Request) -> OAuth2Request:
        """An HTTP request as an OAuth request."""
        return FlaskOAuth2Request(request)

    def refused_token(self, answer: Response) -> Response:
        """How the token endpoint says no."""
        return answer

    def token_answer(self, token: Claims) -> None:  # noqa: B027 - most brands change nothing
        """Change what the token endpoint answers, where the brand has a way of its own."""

    def problem(self, asked: Mapping[str, str]) -> tuple[str, str] | None:
        """(error, description) for a request that the brand does not take, shown on its page."""
        return None

    def denied(self) -> Claims:
        """What the app is told when a person presses Cancel."""
        return {"error": "access_denied", "error_description": "The person pressed Cancel."}

    def beside_the_code(self, claims: Claims, scopes: list[str], first: bool) -> Claims:
        """Parameters that go to the app with the code."""
        return {}

    def unknown_client(self) -> tuple[int, str, str]:
        """Status, error and sentence of the page for a client id that is not registered."""
        return 400, "invalid_client", "There is no app with this client id."

    def wrong_redirect(self) -> tuple[int, str, str]:
        """Status, error and sentence of the page for an address the app has not registered."""
        return 400, "invalid_request", "The app has not registered this redirect address."

    def discovery(self) -> Claims:
        """The discovery document (OpenID Connect Discovery, section 3)."""
        return {}

    def prepare(self, server: FlaskServer) -> None:  # noqa: B027 - most brands add nothing
        """Add to an authorization server what the brand alone has."""
