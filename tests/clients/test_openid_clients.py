"""Well-known OpenID Connect clients, unchanged: Authlib, openid-client, oidc-client-ts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc6749.errors import MismatchingStateException
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from tests.clients.node import run
from tests.clients.sign_in_app import SignInApp
from tests.clients.tls import TlsFront
from tests.cloud.hosted_ui.site import Browser

VERIFIER = "a-verifier-that-is-long-enough-for-RFC-7636"


# --- Authlib -------------------------------------------------------------------------------------


def session(app: SignInApp) -> tuple[OAuth2Session, dict[str, Any]]:
    document = requests.get(f"{app.issuer}/.well-known/openid-configuration").json()
    made = OAuth2Session(
        app.client_id,
        redirect_uri=app.callback,
        scope="openid email",
        code_challenge_method="S256",
        token_endpoint=document["token_endpoint"],
        revocation_endpoint_auth_method="none",
        token_endpoint_auth_method="none",
    )
    return made, document


def callback(app: SignInApp, url: str) -> str:
    browser = Browser()
    return browser.submit(browser.get(url), username=app.username, password=app.password).url


def test_authlib_from_discovery_to_logout(sign_in_app: SignInApp) -> None:
    client, document = session(sign_in_app)
    url, state = client.create_authorization_url(
        document["authorization_endpoint"], code_verifier=VERIFIER, nonce="n"
    )
    back = callback(sign_in_app, url)
    client.fetch_token(authorization_response=back, state=state, code_verifier=VERIFIER)
    told = client.get(document["userinfo_endpoint"]).json()
    assert told["email"] == "alice@example.com"
    first = client.token["access_token"]
    client.refresh_token(document["token_endpoint"])
    assert client.token["access_token"] != first
    done = client.revoke_token(document["revocation_endpoint"], token=client.token["refresh_token"])
    assert done.status_code == 200
    with pytest.raises(OAuthError, match="invalid_grant"):
        client.refresh_token(document["token_endpoint"])
    leave = {"client_id": sign_in_app.client_id, "logout_uri": sign_in_app.signed_out}
    assert requests.get(document["end_session_endpoint"], leave).url == sign_in_app.signed_out


def test_authlib_with_another_verifier_or_state(sign_in_app: SignInApp) -> None:
    client, document = session(sign_in_app)
    url, state = client.create_authorization_url(
        document["authorization_endpoint"], code_verifier=VERIFIER
    )
    assert create_s256_code_challenge(VERIFIER) in url
    with pytest.raises(OAuthError, match="invalid_grant"):
        client.fetch_token(
            authorization_response=callback(sign_in_app, url),
            state=state,
            code_verifier="another-" + VERIFIER,
        )
    with pytest.raises(MismatchingStateException):
        client.fetch_token(
            authorization_response=callback(sign_in_app, url),
            state="another",
            code_verifier=VERIFIER,
        )


# --- openid-client -------------------------------------------------------------------------------


def test_openid_client(node: Path, sign_in_app: SignInApp) -> None:
    told = run(node, "openid_client.mjs", sign_in_app.as_dict())
    keys = ["access_token", "expires_in", "id_token", "refresh_token", "token_type"]
    assert told == {
        "another state": {"error": "ClientError"},
        "another verifier": {"error": "ResponseBodyError"},
        "another nonce": {"error": "ClientError"},
        "code": {"value": keys},
        "userInfo": {"value": "alice@example.com"},
        "refresh": {"value": True},
        "revoke": {"value": "done"},
        "refresh after revoke": {"error": "ResponseBodyError"},
        "userInfo after revoke": {"error": "WWWAuthenticateChallengeError"},
        "logout": {"value": [302, True]},
    }


# --- oidc-client-ts, in Chromium -----------------------------------------------------------------


def test_oidc_client_ts(node: Path, sign_in_app: SignInApp, tls: TlsFront, chromium: str) -> None:
    settings = {**sign_in_app.as_dict(), "tls_port": tls.port, "chromium": chromium}
    told = run(node, "oidc_client_ts.mjs", settings)
    refused = told.pop("a callback nobody asked for")
    assert "error" in refused
    assert told == {
        "sign in": {"value": ["alice@example.com", ["openid", "email"]]},
        "renew": {"value": True},
        "revoke": {"value": "done"},
        "sign out": {"value": "/signed-out"},
        "after sign-out a password is asked again": {"value": True},
    }


# --- a person's browser --------------------------------------------------------------------------


def test_three_ways_to_sign_in_with_real_addresses(
    node: Path, sign_in_app: SignInApp, tls: TlsFront, chromium: str
) -> None:
    settings = {**sign_in_app.as_dict(), "tls_port": tls.port, "chromium": chromium}
    check(sign_in_app, run(node, "three_ways.mjs", settings))


def test_three_ways_to_sign_in_under_the_loopback_address(
    node: Path, sign_in_app: SignInApp, tls: TlsFront, chromium: str
) -> None:
    start = (
        f"{sign_in_app.served.replace('127.0.0.1', 'localhost')}/_domain/photo-app/oauth2/authorize"
        f"?client_id={sign_in_app.client_id}&response_type=code&scope=openid&state=a-state"
        f"&redirect_uri={sign_in_app.callback}"
    )
    settings = {**sign_in_app.as_dict(), "tls_port": tls.port, "chromium": chromium}
    check(sign_in_app, run(node, "three_ways.mjs", {**settings, "start": start}))


def check(app: SignInApp, told: dict[str, dict[str, Any]]) -> None:
    """Each way ended at the app, and its code is good for the right user's tokens."""
    assert told["a wrong password"] == {"value": "Incorrect username or password."}
    for way, name in (("password", "alice"), ("google", "Google_"), ("company", "Company_")):
        found = told[way].get("value")
        assert found, told[way]
        assert found["state"] == "a-state"
        form = {"grant_type": "authorization_code", "client_id": app.client_id}
        form |= {"code": found["code"], "redirect_uri": app.callback}
        tokens = requests.post(f"{app.base}/oauth2/token", data=form).json()
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        who = requests.get(f"{app.base}/oauth2/userInfo", headers=headers).json()
        assert who["username"].startswith(name)
