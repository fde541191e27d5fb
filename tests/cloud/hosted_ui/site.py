"""A browser and a web app, as the tests of the pages use them. Plain boto3, requests and lxml."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import boto3
import lxml.html
import requests

PREFIX = "photo-app"
BASE = f"https://{PREFIX}.auth.us-east-1.amazoncognito.com"
CALLBACK = "https://photos.example.com/callback"
SIGNED_OUT = "https://photos.example.com/signed-out"
VERIFIER = "a-verifier-that-is-long-enough-for-RFC-7636"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())[:43].decode()
SCOPES = ["openid", "email", "profile", "aws.cognito.signin.user.admin"]


@dataclass
class Browser:
    """A person's browser: cookies, redirects, forms."""

    base: str = BASE
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, follow: bool = True, **query: str) -> requests.Response:
        """Go to a page of the domain, or to an absolute address."""
        url = path if "://" in path else self.base + path
        return self.session.get(url, params=query, allow_redirects=follow)

    def submit(
        self, page: requests.Response, form: int = -1, follow: bool = True, **typed: str
    ) -> requests.Response:
        """Type into a form of a page, and send it."""
        found = lxml.html.fromstring(page.text, base_url=page.url).forms[form]
        for name, value in typed.items():
            found.fields[name.replace("__", ".")] = value
        return self.session.request(
            found.method,
            urljoin(page.url, found.action),
            data=dict(found.form_values()),
            allow_redirects=follow,
        )


@dataclass
class WebApp:
    """An app client of the scene's pool that uses the domain."""

    client_id: str
    pool_id: str
    password: str
    secret: str = ""

    def request(self, **changes: str | None) -> dict[str, str]:
        """The parameters of an authorization request; None leaves one out."""
        usual: dict[str, str | None] = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": "openid email",
            "state": "state-1",
            "nonce": "nonce-1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return {k: v for k, v in {**usual, **changes}.items() if v is not None}

    def url(self, **changes: str | None) -> str:
        """The address at which a sign-in begins."""
        return f"{BASE}/oauth2/authorize?{urlencode(self.request(**changes))}"

    def sign_in(self, browser: Browser | None = None, **changes: str | None) -> requests.Response:
        """Alice signs in with her password; the page at which her browser ends."""
        browser = browser or Browser()
        page = browser.get("/oauth2/authorize", **self.request(**changes))
        return browser.submit(page, username="alice", password=self.password)

    def code(self, browser: Browser | None = None, **changes: str | None) -> str:
        """A fresh code for alice."""
        return answered(self.sign_in(browser, **changes))["code"]

    def exchange(self, code: str, /, **changes: str | None) -> requests.Response:
        """Bring a code to the token endpoint."""
        usual: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        form = {k: v for k, v in {**usual, **changes}.items() if v is not None}
        return requests.post(f"{BASE}/oauth2/token", data=form)

    def tokens(self, **changes: str | None) -> dict[str, Any]:
        """Alice's tokens, through the pages."""
        response = self.exchange(self.code(**changes))
        assert response.status_code == 200, response.text
        return dict(response.json())


def answered(page: requests.Response) -> dict[str, str]:
    """What the browser brought back to the app in its query."""
    assert page.url.startswith(CALLBACK), page.url
    return {k: v[0] for k, v in parse_qs(urlsplit(page.url).query).items()}


def new_app(pool_id: str, password: str, **settings: Any) -> WebApp:
    """An app client with the code grant."""
    usual = {
        "ClientName": "Photos",
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": SCOPES,
        "CallbackURLs": [CALLBACK],
        "LogoutURLs": [SIGNED_OUT],
        "SupportedIdentityProviders": ["COGNITO"],
    }
    made = boto3.client("cognito-idp").create_user_pool_client(
        UserPoolId=pool_id, **{**usual, **settings}
    )["UserPoolClient"]
    return WebApp(made["ClientId"], pool_id, password, made.get("ClientSecret", ""))
