"""Sign in with Apple, as its REST API documentation describes it."""

from __future__ import annotations

import json
import string
import time
from collections.abc import Mapping
from typing import Any

import jwt
from authlib.integrations.flask_oauth2 import AuthorizationServer as FlaskServer
from authlib.oauth2.rfc6749 import InvalidClientError
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from helpers.providers import endpoints
from helpers.providers.apps import App
from helpers.providers.authorization_server import AuthorizationServer
from helpers.providers.brand import Brand, Claims
from helpers.providers.ids import Ids, fixed
from helpers.providers.site import Route

_AT = "https://appleid.apple.com"
_METHOD = "apple_client_secret"
# Six months, as Apple's page on client secrets has it.
LONGEST_SECRET = 15_777_000
_RELAY = "privaterelay.appleid.com"
_NAMES = string.ascii_uppercase + string.digits


class Apple(Brand):
    """https://appleid.apple.com."""

    name = "Apple"
    colour = "#1d1d1f"
    issuer = _AT
    authorize_url = f"{_AT}/auth/authorize"
    token_url = f"{_AT}/auth/token"
    keys_url = f"{_AT}/auth/keys"
    discovery_url = f"{_AT}/.well-known/openid-configuration"
    features = frozenset({"id_token", "verified", "discovery"})
    scopes = ("openid", "name", "email")
    auth_methods = (_METHOD,)
    pkce = ()
    response_modes = ("query", "form_post")
    id_token_seconds = 86_400
    loopback_redirects = False

    def claims_of(self, username: str, basic: Claims) -> Claims:
        """A subject like 001234.<32 hexadecimal digits>.0456."""
        parts = [
            fixed(alphabet, count, part, self.issuer, username)
            for alphabet, count, part in (
                (string.digits, 4, "team"),
                ("0123456789abcdef", 32, "person"),
                (string.digits, 3, "end"),
            )
        ]
        known = ("given_name", "family_name", "email", "email_verified")
        subject = f"00{parts[0]}.{parts[1]}.0{parts[2]}"
        return {"sub": subject, **{n: basic[n] for n in known}, "is_private_email": False}

    def new_app(self, ids: Ids, redirect_uris: tuple[str, ...]) -> App:
        """A Services ID, with the team's key. The private key can be had this once."""
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        client_id = f"com.example.photos.{ids.pick(string.ascii_lowercase, 8)}"
        app = self.app(client_id, "", redirect_uris)
        app.public_key = key.public_key()
        team, name = ids.pick(_NAMES, 10), ids.pick(_NAMES, 10)
        app.more = {"team_id": team, "key_id": name, "private_key": pem}
        return app

    def new_code(self, ids: Ids) -> str:
        """c…"""
        return f"c{_value(ids)}"

    def new_access_token(self, ids: Ids) -> str:
        """a…"""
        return f"a{_value(ids)}"

    def new_refresh_token(self, ids: Ids) -> str:
        """r…"""
        return f"r{_value(ids)}"

    def has_id_token(self, scopes: list[str]) -> bool:
        """Always, whatever the scope."""
        return True

    def id_claims(self, claims: Claims, scopes: list[str], app: App) -> Claims:
        """The e-mail address if asked for, perhaps a relay's. The name is never in a token."""
        about = {"nonce_supported": True, **({"sub": claims["sub"]} if "sub" in claims else {})}
        if "email" not in scopes or "email" not in claims:
            return about
        about["email"] = _address(claims)
        if "email_verified" in claims:
            about["email_verified"] = claims["email_verified"]
        if claims.get("is_private_email"):
            about["is_private_email"] = True
        return about

    def problem(self, asked: Mapping[str, str]) -> tuple[str, str] | None:
        """Name and e-mail are only sent in a form."""
        wants = {"name", "email"} & set(asked.get("scope", "").split())
        if wants and asked.get("response_mode") != "form_post":
            text = "response_mode must be form_post when name or email scope is requested."
            return "invalid_request", text
        return None

    def denied(self) -> Claims:
        """Apple's own error code."""
        return {"error": "user_cancelled_authorize"}

    def beside_the_code(self, claims: Claims, scopes: list[str], first: bool) -> Claims:
        """`user`, a JSON text with the name: only when person and app meet for the first time."""
        wanted = {"name", "email"} & set(scopes)
        if not first or not wanted:
            return {}
        user: Claims = {}
        if "name" in wanted:
            names = (claims.get("given_name"), claims.get("family_name"))
            user["name"] = dict(zip(("firstName", "lastName"), names, strict=True))
        if "email" in wanted and "email" in claims:
            user["email"] = _address(claims)
        return {"user": json.dumps(user)}

    def token_answer(self, token: Claims) -> None:
        """Apple does not say what scope was granted."""
        token.pop("scope", None)

    def wrong_redirect(self) -> tuple[int, str, str]:
        """Apple's words are shorter still."""
        return 400, "invalid_request", "Invalid web redirect url."

    def discovery(self) -> Claims:
        """As Apple publishes it."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": self.authorize_url,
            "token_endpoint": self.token_url,
            "revocation_endpoint": f"{_AT}/auth/revoke",
            "jwks_uri": self.keys_url,
            "response_types_supported": ["code"],
            "response_modes_supported": list(self.response_modes),
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": list(self.scopes),
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "claims_supported": ["aud", "email", "email_verified", "exp", "iat",
                                 "is_private_email", "iss", "nonce", "nonce_supported", "sub"],
        }  # fmt: skip

    def prepare(self, server: FlaskServer) -> None:
        """The client secret is a JWT that the app signs itself."""
        server.register_client_auth_method(_METHOD, _authenticated)


def routes(server: AuthorizationServer) -> list[Route]:
    """Revocation; there is no userinfo endpoint."""
    return [(f"{_AT}/auth/revoke", lambda: endpoints.revocation(server), ("POST",))]


def _value(ids: Ids) -> str:
    middle = ids.pick(string.ascii_lowercase, 4)
    return f"{ids.hex(32)}.0.{middle}.{ids.token(22)}"


def _address(claims: Claims) -> str:
    if not claims.get("is_private_email"):
        return claims["email"]
    alphabet = string.ascii_lowercase + string.digits
    return f"{fixed(alphabet, 10, 'relay', str(claims.get('sub')))}@{_RELAY}"


def _authenticated(query_client: Any, request: Any) -> App:
    """The app whose client secret is true. Like Apple, it never says what is wrong with one.

    Source: "Creating a client secret" in Apple's documentation: ES256; kid the key's, iss the
    team's id, sub the client id, aud https://appleid.apple.com, exp at most six months ahead.
    """
    app = query_client(request.form.get("client_id", ""))
    if app is None or not _is_true(app, request.form.get("client_secret", "")):
        raise InvalidClientError
    return app


def _is_true(app: App, secret: str) -> bool:
    try:
        if jwt.get_unverified_header(secret).get("kid") != app.more["key_id"]:
            return False
        claims = jwt.decode(
            secret,
            app.public_key,
            algorithms=["ES256"],
            audience=_AT,
            issuer=app.more["team_id"],
            subject=app.client_id,
            options={"require": ["iss", "iat", "exp", "aud", "sub"], "strict_aud": True},
        )
        return claims["exp"] - time.time() <= LONGEST_SECRET
    except (jwt.InvalidTokenError, TypeError, ValueError, OverflowError):
        return False
