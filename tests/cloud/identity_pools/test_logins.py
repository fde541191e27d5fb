"""Every way we know of bringing a token that is not true."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.cloud.identity_pools.app import App, error_of

UNSUPPORTED = "Token is not from a supported provider of this identity pool."
INVALID = "Invalid login token."


def refused_everywhere(app: App, logins: dict[str, str]) -> tuple[str, str]:
    """Every operation that takes a login must give the same refusal."""
    guest = app.get_id()
    first = error_of(app.get_id, logins=logins)
    assert error_of(app.credentials, identity_id=guest, logins=logins) == first
    asked = {"IdentityId": guest, "Logins": logins}
    assert error_of(app.identity.get_open_id_token, **asked) == first
    assert error_of(app.identity.unlink_identity, **asked, LoginsToRemove=list(logins)) == first
    assert first[0] == "NotAuthorizedException"
    return first


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"


def test_an_access_token_is_no_login(app: App) -> None:
    logins = {app.provider: app.tokens("alice")["AccessToken"]}
    assert refused_everywhere(app, logins)[1] == f"{INVALID} Missing a required claim: aud"


def test_a_refresh_token_is_no_login(app: App) -> None:
    logins = {app.provider: app.tokens("alice")["RefreshToken"]}
    assert refused_everywhere(app, logins)[1].startswith(INVALID)


@pytest.mark.parametrize("token", ["x", "a.b.c", "....", "e30.e30.e30", "e30.W10.", "é.é.é"])
def test_garbage_is_no_login(app: App, token: str) -> None:
    assert refused_everywhere(app, {app.provider: token})[1].startswith(INVALID)


def test_a_token_of_another_app_client(app: App) -> None:
    token = app.tokens("alice", app.new_client("other"))["IdToken"]
    assert refused_everywhere(app, {app.provider: token})[1] == UNSUPPORTED


def test_a_token_of_another_user_pool(app: App) -> None:
    mine, own_client = app.provider, app.client_id
    app.user_pool_id = app.idp.create_user_pool(PoolName="others")["UserPool"]["Id"]
    app.client_id = app.new_client()
    app.new_user("mallory")
    token = app.tokens("mallory")["IdToken"]
    assert app.client_id != own_client
    assert refused_everywhere(app, {app.provider: token})[1] == UNSUPPORTED
    wrong_issuer = f"{INVALID} Issuer doesn't match providerName"
    assert refused_everywhere(app, {mine: token})[1] == wrong_issuer


def test_a_token_of_a_user_pool_that_is_gone(app: App) -> None:
    logins = app.logins("alice")
    app.get_id(logins)
    app.idp.delete_user_pool(UserPoolId=app.user_pool_id)
    assert refused_everywhere(app, logins)[1] == f"{INVALID} Couldn't verify signed token."


def test_a_token_under_the_name_of_another_user_pool(app: App) -> None:
    """The name is compared first: a mistyped pool id is not called unsupported."""
    token = app.tokens("alice")["IdToken"]
    other = "cognito-idp.us-east-1.amazonaws.com/us-east-1_Mistyped1"
    wrong_issuer = f"{INVALID} Issuer doesn't match providerName"
    assert refused_everywhere(app, {other: token})[1] == wrong_issuer


def test_a_token_for_a_client_that_another_provider_entry_names(app: App) -> None:
    """The client must be configured for the very user pool that issued the token."""
    other = app.new_client("other")
    foreign = app.idp.create_user_pool(PoolName="others")["UserPool"]["Id"]
    entries = [
        app.accept()["CognitoIdentityProviders"][0],
        {"ProviderName": f"cognito-idp.us-east-1.amazonaws.com/{foreign}", "ClientId": other},
    ]
    app.pool_id = app.new_pool(
        AllowUnauthenticatedIdentities=True, CognitoIdentityProviders=entries
    )
    token = app.tokens("alice", other)["IdToken"]
    assert refused_everywhere(app, {app.provider: token})[1] == UNSUPPORTED


def test_a_pool_that_accepts_nobody(app: App) -> None:
    app.pool_id = app.new_pool(AllowUnauthenticatedIdentities=True)
    _, message = refused_everywhere(app, app.logins("alice"))
    assert message == f"Identity pool - {app.pool_id} does not have identity providers configured."


def test_an_expired_token(app: App) -> None:
    logins = app.logins("alice")
    expiry = parts(logins[app.provider])[1]["exp"]
    app.cloud.clock.advance(minutes=60)
    _, message = refused_everywhere(app, logins)
    assert message.startswith(f"{INVALID} Token expired: ")
    now, _, exp = message.removeprefix(f"{INVALID} Token expired: ").partition(" >= ")
    assert int(now) >= int(exp) == expiry


@pytest.mark.parametrize(
    "change",
    [{"sub": "11111111-1111-4111-8111-111111111111"}, {"exp": 4102444800}, {"aud": "x"}],
    ids=["another user", "a longer life", "another client"],
)
def test_a_tampered_token(app: App, change: dict[str, Any]) -> None:
    token = app.tokens("alice")["IdToken"]
    header, claims = parts(token)
    forged = f"{unsigned(header, claims | change)}.{token.rpartition('.')[2]}"
    assert refused_everywhere(app, {app.provider: forged})[1].startswith((INVALID, UNSUPPORTED))


def test_a_token_without_a_signature(app: App) -> None:
    header, claims = parts(app.tokens("alice")["IdToken"])
    for algorithm in ("none", "None", "NONE", ""):
        forged = unsigned(header | {"alg": algorithm}, claims) + "."
        assert refused_everywhere(app, {app.provider: forged})[1].startswith(INVALID)


def test_a_token_signed_with_the_public_key_as_a_secret(app: App) -> None:
    token = app.tokens("alice")["IdToken"]
    header, claims = parts(token)
    keys = requests.get(f"https://{app.provider}/.well-known/jwks.json", timeout=5).json()["keys"]
    key = next(one for one in keys if one["kid"] == header["kid"])
    public = jwt.PyJWK(key).key
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for secret in (pem, pem.strip(), json.dumps(key).encode(), key["n"].encode()):
        signed = unsigned(header | {"alg": "HS256"}, claims)
        mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        forged = f"{signed}.{b64(mac)}"
        assert refused_everywhere(app, {app.provider: forged})[1].startswith(INVALID)


def test_a_token_signed_with_a_key_of_ones_own(app: App) -> None:
    header, claims = parts(app.tokens("alice")["IdToken"])
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(own.public_key()))
    for extra in ({}, {"jwk": jwk}, {"jku": "https://evil.example/jwks.json"}, {"kid": "mine"}):
        forged = jwt.encode(claims, own, "RS256", {"kid": header["kid"]} | extra)
        assert refused_everywhere(app, {app.provider: forged})[1].startswith(INVALID)


@pytest.mark.parametrize("provider", ["accounts.google.com", "login.mine", "x"])
def test_a_token_under_the_name_of_a_provider_the_pool_does_not_know(
    app: App, provider: str
) -> None:
    logins = {provider: app.tokens("alice")["IdToken"]}
    assert refused_everywhere(app, logins)[1] == f"{INVALID} Issuer doesn't match providerName"


@pytest.mark.parametrize("provider", ["www.amazon.com", "graph.facebook.com"])
def test_an_access_token_of_a_provider_the_pool_does_not_know(app: App, provider: str) -> None:
    assert refused_everywhere(app, {provider: "token"})[1] == UNSUPPORTED


@pytest.mark.parametrize(
    ("settings", "provider", "code", "says"),
    [
        (
            {"SupportedLoginProviders": {"accounts.google.com": "id"}},
            "accounts.google.com",
            "NotAuthorizedException",
            f"{INVALID} Issuer doesn't match providerName",
        ),
        (
            {"DeveloperProviderName": "login.mine"},
            "login.mine",
            "InvalidParameterException",
            "Please provide a valid public provider.",
        ),
        (
            {"OpenIdConnectProviderARNs": ["arn:aws:iam::123456789012:oidc-provider/idp.example"]},
            "idp.example",
            "NotAuthorizedException",
            UNSUPPORTED,
        ),
        (
            {"SupportedLoginProviders": {"api.twitter.com": "key;secret"}},
            "api.twitter.com",
            "NotImplementedException",
            "The offline cloud does not offer logins of api.twitter.com in identity pools",
        ),
    ],
)
def test_a_token_of_somebody_else_is_refused_not_believed(
    app: App, settings: dict[str, Any], provider: str, code: str, says: str
) -> None:
    pool_id = app.new_pool(**settings)
    logins = {provider: app.tokens("alice")["IdToken"]}
    assert error_of(app.get_id, logins=logins, pool_id=pool_id) == (code, says)


def test_one_bad_login_spoils_a_good_one(app: App) -> None:
    both = {**app.logins("alice"), "accounts.google.com": "x.y.z"}
    assert refused_everywhere(app, both)[1].startswith(INVALID)


def test_a_spelling_of_the_provider_that_only_looks_right(app: App) -> None:
    token = app.tokens("alice")["IdToken"]
    for name in (app.provider + "/", "https://" + app.provider, app.provider.upper()):
        assert error_of(app.get_id, logins={name: token})[0] == "NotAuthorizedException"


class TestServerSideTokenCheck:
    """Signed out, disabled and deleted users: with the check they are refused at once."""

    @staticmethod
    def end(app: App, how: str) -> None:
        user = {"UserPoolId": app.user_pool_id, "Username": "alice"}
        getattr(app.idp, how)(**user)

    WAYS = ("admin_user_global_sign_out", "admin_disable_user", "admin_delete_user")

    @pytest.mark.parametrize("how", WAYS)
    def test_with_the_check(self, app: App, how: str) -> None:
        app.identity.update_identity_pool(
            IdentityPoolId=app.pool_id,
            IdentityPoolName="app",
            AllowUnauthenticatedIdentities=True,
            **app.accept(ServerSideTokenCheck=True),
        )
        logins = app.logins("alice")
        identity_id = app.get_id(logins)
        app.credentials(identity_id, logins)
        self.end(app, how)
        refused_everywhere(app, logins)
        code, _ = error_of(app.credentials, identity_id=identity_id, logins=logins)
        assert code == "NotAuthorizedException"

    @pytest.mark.parametrize("how", WAYS)
    def test_without_the_check_the_token_lives_out_its_hour(self, app: App, how: str) -> None:
        logins = app.logins("alice")
        identity_id = app.get_id(logins)
        self.end(app, how)
        assert app.credentials(identity_id, logins)["IdentityId"] == identity_id
