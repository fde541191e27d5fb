"""Google, as its OpenID Connect guide describes it."""

from __future__ import annotations

import string
from collections.abc import Mapping

from flask import Response, request

from helpers.providers import endpoints
from helpers.providers.apps import App
from helpers.providers.authorization_server import AuthorizationServer
from helpers.providers.brand import Brand, Claims
from helpers.providers.ids import Ids, fixed
from helpers.providers.provider import Provider
from helpers.providers.site import Route

_USERINFO = "https://openidconnect.googleapis.com/v1/userinfo"
# Still in use by those who configured it long ago, Cognito among them.
_OLD_TOKEN = "https://www.googleapis.com/oauth2/v4/token"
_REVOKE = "https://oauth2.googleapis.com/revoke"
# Two scopes have a short and a long name; answers use the long one.
_LONG = {
    "email": "https://www.googleapis.com/auth/userinfo.email",
    "profile": "https://www.googleapis.com/auth/userinfo.profile",
}
_SHORT = {long: short for short, long in _LONG.items()}
# Accounts of the company's own domain carry its name in hd. Carol has a private account.
_WORKSPACE = {"alice": "example.com", "bob": "example.com"}


class Google(Brand):
    """https://accounts.google.com."""

    name = "Google"
    colour = "#0b57d0"
    issuer = "https://accounts.google.com"
    authorize_url = "https://accounts.google.com/o/oauth2/v2/auth"
    token_url = "https://oauth2.googleapis.com/token"
    keys_url = "https://www.googleapis.com/oauth2/v3/certs"
    discovery_url = "https://accounts.google.com/.well-known/openid-configuration"
    also_hosts = ("openidconnect.googleapis.com",)
    features = frozenset({"id_token", "profile", "verified", "discovery"})
    scopes = ("openid", "email", "profile", *_SHORT)
    scope_required = True
    code_seconds = 600
    token_seconds = 3599

    def claims_of(self, username: str, basic: Claims) -> Claims:
        """21 digits as subject; hd for accounts of a company's domain."""
        basic.pop("groups")
        about = {"sub": "1" + fixed(string.digits, 20, self.issuer, username), **basic}
        face = fixed(string.ascii_letters + string.digits, 30, "picture", username)
        about["picture"] = f"https://lh3.googleusercontent.com/a/{face}=s96-c"
        return about | ({"hd": _WORKSPACE[username]} if username in _WORKSPACE else {})

    def new_app(self, ids: Ids, redirect_uris: tuple[str, ...]) -> App:
        """Names and secrets in the form of Google's console."""
        name = ids.pick(string.ascii_lowercase + string.digits, 32)
        client_id = f"{ids.digits(12)}-{name}.apps.googleusercontent.com"
        return self.app(client_id, f"GOCSPX-{ids.token(28)}", redirect_uris)

    def new_code(self, ids: Ids) -> str:
        """4/0…"""
        return f"4/0{ids.token(70)}"

    def new_access_token(self, ids: Ids) -> str:
        """ya29.…"""
        return f"ya29.a0{ids.token(160)}"

    def new_refresh_token(self, ids: Ids) -> str:
        """1//0…"""
        return f"1//0{ids.token(96)}"

    def id_claims(self, claims: Claims, scopes: list[str], app: App) -> Claims:
        """With azp, and hd where the account belongs to a company."""
        about = self.selected(claims, scopes)
        return {"azp": app.client_id, **({"hd": claims["hd"]} if "hd" in claims else {}), **about}

    def selected(self, claims: Claims, scopes: list[str]) -> Claims:
        """By the short names of scopes; hd belongs to profile and e-mail alike."""
        short = [_SHORT.get(scope, scope) for scope in scopes]
        about = super().selected(claims, short)
        return about | ({"hd": claims["hd"]} if "hd" in claims and len(about) > 1 else {})

    def offers_refresh_token(self, asked: Mapping[str, str], first: bool) -> bool:
        """Only with access_type=offline, and once, unless consent is asked for again."""
        again = "consent" in asked.get("prompt", "").split()
        return asked.get("access_type") == "offline" and (first or again)

    def token_answer(self, token: Claims) -> None:
        """Scopes by their long names."""
        token["scope"] = " ".join(_LONG.get(s, s) for s in token["scope"].split())

    def unknown_client(self) -> tuple[int, str, str]:
        """Error 401: invalid_client."""
        return 401, "invalid_client", "The OAuth client was not found."

    def wrong_redirect(self) -> tuple[int, str, str]:
        """Error 400: redirect_uri_mismatch."""
        text = "The redirect address of this request is not registered for the app."
        return 400, "redirect_uri_mismatch", text

    def discovery(self) -> Claims:
        """As https://accounts.google.com/.well-known/openid-configuration has it."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": self.authorize_url,
            "token_endpoint": self.token_url,
            "userinfo_endpoint": _USERINFO,
            "revocation_endpoint": _REVOKE,
            "jwks_uri": self.keys_url,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "claims_supported": ["aud", "email", "email_verified", "exp", "family_name",
                                 "given_name", "iat", "iss", "name", "picture", "sub"],
            "code_challenge_methods_supported": ["plain", "S256"],
        }  # fmt: skip


def routes(server: AuthorizationServer) -> list[Route]:
    """Userinfo, the older token endpoint, and revocation, which wants the token alone."""
    provider = server.provider
    return [
        (_OLD_TOKEN, lambda: endpoints.token(server), ("POST",)),
        (_USERINFO, lambda: endpoints.userinfo(provider), ("GET", "POST")),
        (_REVOKE, lambda: _revoke(provider), ("POST",)),
    ]


def _revoke(provider: Provider) -> Response:
    text = request.values.get("token", "")
    found = provider.records.by_access_token(text) or provider.records.by_refresh_token(text)
    if found is None:
        return endpoints.refusal(400, "invalid_token", "Token expired or revoked")
    endpoints.revoke(provider, found)
    return Response("{}", 200, content_type="application/json")
