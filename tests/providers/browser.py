"""A browser as a test needs it, and what is common to all brands in tests."""

from __future__ import annotations

import hashlib
import hmac
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import jwt
import requests
from lxml import html

from helpers import providers
from helpers.providers import App

CALLBACK = "https://photos.example.com/callback"
PASSWORD = "Provider-pass1!"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
BRANDS = ("google", "apple", "amazon", "facebook", "openid")
OPENID = ("google", "apple", "openid")
AUTHORIZE = {
    "google": "https://accounts.google.com/o/oauth2/v2/auth",
    "apple": "https://appleid.apple.com/auth/authorize",
    "amazon": "https://www.amazon.com/ap/oa",
    "facebook": "https://www.facebook.com/v21.0/dialog/oauth",
    "openid": "https://login.example.org/oauth2/authorize",
}
TOKEN = {
    "google": "https://oauth2.googleapis.com/token",
    "apple": "https://appleid.apple.com/auth/token",
    "amazon": "https://api.amazon.com/auth/o2/token",
    "facebook": "https://graph.facebook.com/v21.0/oauth/access_token",
    "openid": "https://login.example.org/oauth2/token",
}
SCOPE = {
    "google": "openid email profile",
    "apple": "name email",
    "amazon": "profile postal_code",
    "facebook": "public_profile,email",
    "openid": "openid email profile groups",
}
PROFILES = {
    "amazon": ("https://api.amazon.com/user/profile", "user_id"),
    "facebook": ("https://graph.facebook.com/v21.0/me", "id"),
}
DISCOVERY = {
    "google": "https://accounts.google.com/.well-known/openid-configuration",
    "apple": "https://appleid.apple.com/.well-known/openid-configuration",
    "openid": "https://login.example.org/.well-known/openid-configuration",
}


@dataclass
class Browser:
    """Keeps cookies, follows nothing by itself, fills in the one form of a page."""

    session: requests.Session = field(default_factory=requests.Session)

    def get(self, url: str, **params: Any) -> requests.Response:
        """Ask for a page."""
        return self.session.get(url, params=params, allow_redirects=False)

    def submit(self, page: requests.Response, button: str = "", **fields: str) -> Any:
        """Send the form of a page, as a press on a button does."""
        form = html.fromstring(page.text).forms[0]
        data = dict(form.form_values()) | fields
        if button:
            data[button] = "yes"
        url = urljoin(page.url, form.action or page.url)
        return self.session.request(form.method, url, data=data, allow_redirects=False)

    def sign_in(
        self, url: str, user: str = "alice", password: str = PASSWORD, **params: Any
    ) -> Any:
        """Ask for a page and sign in on it."""
        page = self.get(url, **params)
        assert page.status_code == 200, page.text
        return self.submit(page, username=user, password=password)


def came_back(answer: requests.Response) -> dict[str, str]:
    """The parameters that an answer carries to the app, by redirect or by form."""
    if answer.status_code == 302:
        where = answer.headers["Location"]
        assert where.startswith(f"{CALLBACK}?"), where
        return dict(parse_qsl(urlsplit(where).query))
    form = html.fromstring(answer.text).forms[0]
    assert form.action == CALLBACK
    return dict(form.form_values())


def request_for(brand: str, app: App, **more: Any) -> dict[str, Any]:
    """An authorization request as the brand wants it."""
    asked = {
        "client_id": app.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": SCOPE[brand],
        "state": "the-state",
        "nonce": "the-nonce",
    }
    if brand == "apple":
        asked["response_mode"] = "form_post"
    return {k: v for k, v in {**asked, **more}.items() if v is not None}


def secret_of(app: App, **changes: Any) -> str:
    """The client secret: Apple's is a JWT that the app signs."""
    if app.client_secret:
        return app.client_secret
    now = int(time.time())
    claims = {"iss": app.team_id, "sub": app.client_id, "aud": "https://appleid.apple.com"}
    claims |= {"iat": now, "exp": now + 300, **changes}
    claims = {k: v for k, v in claims.items() if v is not None}
    return jwt.encode(claims, app.private_key, "ES256", {"kid": app.key_id})


def redeem(brand: str, app: App, code: str, **more: str | None) -> requests.Response:
    """Send a code to the token endpoint."""
    data = {
        "grant_type": "authorization_code",
        "client_id": app.client_id,
        "client_secret": secret_of(app),
        "redirect_uri": CALLBACK,
        "code": code,
        **more,
    }
    return requests.post(TOKEN[brand], data={k: v for k, v in data.items() if v is not None})


def code_for(brand: str, app: App, user: str = "alice", **more: Any) -> str:
    """A fresh code of a new browser."""
    asked = request_for(brand, app, **more)
    return came_back(Browser().sign_in(AUTHORIZE[brand], user, **asked))["code"]


def register(brand: str) -> App:
    """A new app at a brand."""
    return getattr(providers, brand)().register(CALLBACK)


class Refused(Exception):
    """A careful client did not accept what came."""


def strict_sign_in(brand: str, app: App) -> dict[str, Any]:
    """What a careful OpenID client does; Refused says what it noticed (OpenID Connect Core 3.1)."""
    pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    came = came_back(Browser().sign_in(AUTHORIZE[brand], **request_for(brand, app, **pkce)))
    if came.get("state") != "the-state":
        raise Refused("state")
    found = requests.get(DISCOVERY[brand]).json()
    if f"{found['issuer']}/.well-known/openid-configuration" != DISCOVERY[brand]:
        raise Refused("discovery issuer")
    answer = redeem(brand, app, came["code"], code_verifier=VERIFIER)
    if answer.status_code != 200 or len(answer.content) > 100_000:
        raise Refused("token endpoint")
    try:
        token = answer.json()
        claims = verified(token["id_token"], found, app)
    except (KeyError, ValueError, jwt.PyJWTError) as wrong:
        raise Refused(f"{type(wrong).__name__}: {wrong}") from wrong
    half = hashlib.sha256(token["access_token"].encode()).digest()[:16]
    if claims["at_hash"] != urlsafe_b64encode(half).rstrip(b"=").decode():
        raise Refused("at_hash")
    return claims | profile_of(found, token, claims)


def verified(id_token: str, found: dict[str, Any], app: App) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, times and nonce are right."""
    keys = requests.get(found["jwks_uri"]).json()["keys"]
    kid = jwt.get_unverified_header(id_token)["kid"]
    (key,) = [jwt.PyJWK(key) for key in keys if key["kid"] == kid]
    claims = jwt.decode(
        id_token,
        key.key,
        algorithms=["RS256"],
        audience=app.client_id,
        issuer=found["issuer"],
        options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
    )
    if not hmac.compare_digest(claims["nonce"], "the-nonce"):
        raise ValueError("another nonce")
    return claims


def profile_of(found: dict[str, Any], token: dict[str, Any], claims: dict[str, Any]) -> Any:
    """The userinfo answer, which must be about the ID token's subject."""
    if "userinfo_endpoint" not in found:
        return {}
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    answer = requests.get(found["userinfo_endpoint"], headers=bearer)
    if answer.status_code != 200 or answer.headers["Content-Type"] != "application/json":
        raise Refused("userinfo")
    if answer.json().get("sub") != claims["sub"]:
        raise Refused("another subject in userinfo")
    return answer.json()
