"""A provider by the book: OpenID Connect with discovery, as many companies run it."""

from __future__ import annotations

import string
import uuid
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer as FlaskServer
from authlib.oauth2 import OAuth2Error
from authlib.oidc.rpinitiated import EndSessionEndpoint, EndSessionRequest
from flask import Response, render_template

from helpers.providers import endpoints, sign_in
from helpers.providers.apps import App
from helpers.providers.authorization_server import AuthorizationServer
from helpers.providers.brand import Brand, Claims
from helpers.providers.ids import Ids
from helpers.providers.site import Route

_AT = "https://login.example.org"


class OpenId(Brand):
    """https://login.example.org."""

    name = "Example Login"
    issuer = _AT
    authorize_url = f"{_AT}/oauth2/authorize"
    token_url = f"{_AT}/oauth2/token"
    keys_url = f"{_AT}/oauth2/jwks"
    discovery_url = f"{_AT}/.well-known/openid-configuration"
    features = frozenset({"id_token", "profile", "verified", "discovery"})
    scopes = ("openid", "email", "profile", "groups", "offline_access")
    strict_scopes = False
    pkce = ("S256",)
    code_seconds = 60

    def claims_of(self, username: str, basic: Claims) -> Claims:
        """A UUID as subject, the same on every run."""
        return {"sub": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{_AT}/{username}")), **basic}

    def new_app(self, ids: Ids, redirect_uris: tuple[str, ...]) -> App:
        """Plain random names."""
        client_id = ids.pick(string.ascii_lowercase + string.digits, 24)
        return self.app(client_id, ids.token(43), redirect_uris)

    def prepare(self, server: FlaskServer) -> None:
        """Sign-out belongs to this brand alone."""
        server.register_endpoint(_EndSession)

    def discovery(self) -> Claims:
        """OpenID Connect Discovery section 3, and RP-Initiated Logout section 2.1."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": self.authorize_url,
            "token_endpoint": self.token_url,
            "userinfo_endpoint": f"{_AT}/oauth2/userinfo",
            "revocation_endpoint": f"{_AT}/oauth2/revoke",
            "end_session_endpoint": f"{_AT}/oauth2/logout",
            "jwks_uri": self.keys_url,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": list(self.scopes),
            "token_endpoint_auth_methods_supported": list(self.auth_methods),
            "claims_supported": ["sub", "name", "given_name", "family_name", "email",
                                 "email_verified", "groups", "auth_time"],
            "code_challenge_methods_supported": list(self.pkce),
        }  # fmt: skip


def routes(server: AuthorizationServer) -> list[Route]:
    """Userinfo, revocation and sign-out."""
    provider = server.provider
    both = ("GET", "POST")
    return [
        (f"{_AT}/oauth2/userinfo", lambda: endpoints.userinfo(provider), both),
        (f"{_AT}/oauth2/revoke", lambda: endpoints.revocation(server), ("POST",)),
        (f"{_AT}/oauth2/logout", lambda: _sign_out(server), both),
    ]


class _EndSession(EndSessionEndpoint):
    """Sign-out at the wish of an app (OpenID Connect RP-Initiated Logout)."""

    def get_server_jwks(self) -> dict[str, Any]:
        """The keys that an id_token_hint must be signed with."""
        return self.server.provider.keys.key_set()

    def get_algorithms(self) -> list[str]:
        """Only the algorithm that we sign with."""
        return ["RS256"]

    def end_session(self, end_session_request: EndSessionRequest) -> None:
        """Forget the browser."""
        self.server.provider.sign_out()


def _sign_out(server: AuthorizationServer) -> Any:
    try:
        asked = server.validate_endpoint_request("end_session")
    except (OAuth2Error, ValueError):
        return sign_in.problem_page(400, "invalid_request", "The id_token_hint is not ours.")
    # Without a hint anybody could have sent this browser here: the person is asked.
    if asked.needs_confirmation and not sign_in.form_came_back():
        page = render_template("sign_out.html", form=sign_in.form_value())
        return Response(page, 200)
    gone = server.create_endpoint_response("end_session", asked)
    return gone or Response(render_template("signed_out.html"), 200)
