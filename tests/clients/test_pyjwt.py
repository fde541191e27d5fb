"""PyJWT's key client against the keys that the served cloud publishes, over real HTTP."""

from __future__ import annotations

import base64
import json
from typing import Any

import boto3
import jwt
import pytest
import requests

from tests.clients.app import App
from tests.clients.served import Served


@pytest.fixture
def keys(app: App, served: Served) -> jwt.PyJWKClient:
    """The published keys of the app's user pool."""
    return jwt.PyJWKClient(served.jwks_url(app.user_pool_id))


@pytest.fixture
def other_keys(served: Served) -> jwt.PyJWKClient:
    """The published keys of another user pool in the same cloud."""
    pool = boto3.client("cognito-idp").create_user_pool(PoolName="others")["UserPool"]
    return jwt.PyJWKClient(served.jwks_url(pool["Id"]))


def claims(app: App, token: str, key: jwt.PyJWK, audience: str | None = None) -> dict[str, Any]:
    """The claims of a token that verifies with this key."""
    return jwt.decode(token, key, ["RS256"], audience=audience, issuer=app.issuer)


def altered(token: str) -> str:
    """The same token, but the claims name another user."""
    header, body, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    said["cognito:username"] = said["username"] = "mallory"
    body = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    return f"{header}.{body}.{signature}"


@pytest.mark.parametrize("kind", ["IdToken", "AccessToken"])
def test_another_pool_has_not_the_key(app: App, other_keys: jwt.PyJWKClient, kind: str) -> None:
    token = app.tokens()[kind]
    with pytest.raises(jwt.PyJWKClientError, match="Unable to find a signing key"):
        other_keys.get_signing_key_from_jwt(token)
    for key in other_keys.get_signing_keys():
        with pytest.raises(jwt.InvalidSignatureError):
            claims(app, token, key)


@pytest.mark.parametrize("kind", ["IdToken", "AccessToken"])
def test_an_altered_token_does_not_verify(app: App, keys: jwt.PyJWKClient, kind: str) -> None:
    token = altered(app.tokens()[kind])
    with pytest.raises(jwt.InvalidSignatureError):
        claims(app, token, keys.get_signing_key_from_jwt(token))


def test_an_access_token_is_no_id_token(app: App, keys: jwt.PyJWKClient) -> None:
    token = app.tokens()["AccessToken"]
    with pytest.raises(jwt.MissingRequiredClaimError, match="aud"):
        claims(app, token, keys.get_signing_key_from_jwt(token), audience=app.client_id)


def test_a_pool_that_does_not_exist_publishes_nothing(served: Served) -> None:
    assert requests.get(served.jwks_url("us-east-1_Nothing00")).status_code >= 400


def test_both_tokens_verify(app: App, keys: jwt.PyJWKClient) -> None:
    tokens = app.tokens()
    of_id, of_access = (
        keys.get_signing_key_from_jwt(tokens[kind]) for kind in ("IdToken", "AccessToken")
    )
    who = claims(app, tokens["IdToken"], of_id, audience=app.client_id)
    may = claims(app, tokens["AccessToken"], of_access)
    assert (who["token_use"], who["cognito:username"]) == ("id", app.username)
    assert (may["token_use"], may["client_id"]) == ("access", app.client_id)
    assert who["sub"] == may["sub"]
    assert of_id.key_id != of_access.key_id


def test_the_discovery_document_leads_to_the_keys(app: App, served: Served) -> None:
    said = served.document(f"{app.user_pool_id}/.well-known/openid-configuration")
    assert said["issuer"] == app.issuer
    assert said["jwks_uri"] == f"{app.issuer}/.well-known/jwks.json"
    assert "RS256" in said["id_token_signing_alg_values_supported"]
