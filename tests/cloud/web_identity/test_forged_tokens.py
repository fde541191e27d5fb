"""Tokens that somebody made up or changed: none of them is worth a session."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from helpers import lab
from helpers.cloud.web_identity import TokenFault, verify_oidc
from helpers.cloud.world import World
from tests.cloud.federation.stranger import CLIENT, HOST, ISSUER, Stranger, ec_key, jwk, rsa_key
from tests.cloud.web_identity.exchange import (
    NO_JWT,
    NO_KEY,
    WRONG_AUDIENCE,
    Known,
    exchange,
    refusal,
    signed,
)

TRUE_DOCUMENT = json.dumps({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}).encode()
UNTRUE = ("InvalidIdentityToken", "Token signature invalid")
IMMATURE = ("InvalidIdentityToken", "Token is not valid yet")


def segment(data: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def with_header(**changes: Any) -> str:
    """A true token whose header was written anew; None takes a member away."""
    _, payload, signature = signed().split(".")
    header = {"alg": "RS256", "kid": "k1", "typ": "JWT", **changes}
    return f"{segment({k: v for k, v in header.items() if v is not None})}.{payload}.{signature}"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", None, 7, ["RS256"], {"a": 1}, "PS256"])
def test_a_token_without_a_real_algorithm(known: Known, alg: Any) -> None:
    assert refusal(with_header(alg=alg), known.role) == NO_JWT
    unsigned = with_header(alg=alg).rsplit(".", 1)[0] + "."
    assert refusal(unsigned, known.role) == NO_JWT


def test_a_token_keyed_with_the_public_key(known: Known) -> None:
    public = rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = segment({"alg": "HS256", "kid": "k1", "typ": "JWT"})
    text = f"{header}.{signed().split('.')[1]}"
    mac = hmac.digest(public, text.encode(), hashlib.sha256)
    forged = f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert refusal(forged, known.role) == NO_JWT


def test_a_token_of_another_key_under_the_same_name(known: Known) -> None:
    assert refusal(signed(rsa_key(3072)), known.role) == UNTRUE


def test_a_token_that_brings_its_own_key(known: Known) -> None:
    own = jwk(rsa_key(3072))
    brought = jwt.encode(
        {"iss": ISSUER, "sub": "u1", "aud": CLIENT, "iat": 1, "exp": 9999999999},
        rsa_key(3072),
        "RS256",
        {"kid": "k1", "jwk": own, "jku": "https://attacker.example.net/keys"},
    )
    assert refusal(brought, known.role) == UNTRUE


@pytest.mark.parametrize("kid", [None, "k2", "", 7, ["k1"], {"k": 1}, "K1", "../keys"])
def test_a_token_that_names_no_published_key(known: Known, kid: Any) -> None:
    assert refusal(with_header(kid=kid), known.role) in (NO_KEY, NO_JWT)


def test_a_token_with_an_extension_that_must_be_understood(known: Known) -> None:
    assert refusal(with_header(crit=["exp"]), known.role) == NO_JWT


@pytest.mark.parametrize(
    "change",
    [{"sub": "u2"}, {"aud": "another"}, {"exp": 9999999999}, {"email": "root@example.com"}],
    ids=["subject", "audience", "expiry", "email"],
)
def test_a_token_that_was_edited(known: Known, change: dict[str, Any]) -> None:
    header, payload, signature = signed().split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert refusal(f"{header}.{segment(claims | change)}.{signature}", known.role) == UNTRUE


@pytest.mark.parametrize(
    "issuer",
    [
        "https://other.stranger.test",
        f"{ISSUER}/",
        f"http://{HOST}",
        HOST,
        f"https://{HOST.upper()}",
        f"https://{HOST}@attacker.example.net",
        f"https://{HOST}.attacker.example.net",
    ],
)
def test_a_token_of_an_issuer_that_nobody_registered(known: Known, issuer: str) -> None:
    known.stranger.asked.clear()
    text = f"No OpenIDConnect provider found in your account for {issuer}"
    assert refusal(signed(iss=issuer), known.role) == ("InvalidIdentityToken", text)
    assert known.stranger.asked == []


@pytest.mark.parametrize("issuer", [7, ["x"], {"a": 1}, "", True])
def test_a_token_whose_issuer_is_no_name(known: Known, issuer: Any) -> None:
    header, payload, signature = signed().split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "==")) | {"iss": issuer}
    code, _ = refusal(f"{header}.{segment(claims)}.{signature}", known.role)
    assert code == "InvalidIdentityToken"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"aud": ["another", "third"]},
        {"aud": [CLIENT, "another"]},
        {"aud": CLIENT, "azp": "another"},
        {"aud": "another", "azp": CLIENT},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"aud": []},
        {"aud": [CLIENT, 7], "azp": CLIENT},
        {"aud": ""},
        {"aud": CLIENT.upper()},
    ],
)
def test_a_token_for_somebody_else(known: Known, claims: dict[str, Any]) -> None:
    assert refusal(signed(**claims), known.role) == WRONG_AUDIENCE


@pytest.mark.parametrize("claims", [{"aud": [CLIENT]}, {"aud": [CLIENT, "x"], "azp": CLIENT}])
def test_a_token_for_us_and_how_it_may_say_so(known: Known, claims: dict[str, Any]) -> None:
    assert exchange(signed(**claims), known.role)["Audience"] == CLIENT


def test_a_token_that_has_expired_says_when(known: Known) -> None:
    now = int(time.time())
    code, text = refusal(signed(exp=now - 301, iat=now - 600), known.role)
    assert code == "ExpiredTokenException"
    assert text.startswith("Token expired: current date/time ")
    assert text.endswith(f" must be before the expiration date/time{now - 301}")


def test_a_token_is_good_for_five_minutes_after_its_end(known: Known, cloud: lab.Cloud) -> None:
    token = signed()
    end = jwt.decode(token, options={"verify_signature": False})["exp"]
    cloud.clock.advance(seconds=end - time.time() + 240)
    assert exchange(token, known.role)["Audience"] == CLIENT
    cloud.clock.advance(seconds=61)
    assert refusal(token, known.role)[0] == "ExpiredTokenException"


@pytest.mark.parametrize("name", ["iat", "nbf"])
def test_a_token_from_the_future(known: Known, name: str) -> None:
    for ahead in (310, 3600):
        later = int(time.time()) + ahead
        assert refusal(signed(**{name: later, "exp": later + 60}), known.role) == IMMATURE


@pytest.mark.parametrize("claim", ["iss", "sub", "aud", "exp", "iat"])
def test_a_token_that_lacks_a_claim(known: Known, claim: str) -> None:
    missing = ("InvalidIdentityToken", f"Missing a required claim: {claim}")
    assert refusal(signed(**{claim: None}), known.role) == missing


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": "tomorrow"},
        {"exp": [1]},
        {"exp": 1e300},
        {"exp": True},
        {"iat": 1.5},
        {"iat": {"a": 1}},
        {"nbf": "yesterday"},
        {"jti": "\ud800"},
        {"email": "\ud800"},
    ],
)
def test_a_signed_token_of_nonsense(known: Known, claims: dict[str, Any]) -> None:
    code, _ = refusal(signed(**claims), known.role)
    assert code in ("InvalidIdentityToken", "ExpiredTokenException")


@pytest.mark.parametrize("subject", ["", 7, ["u1"], {"a": 1}, True])
def test_a_token_that_names_nobody(known: Known, subject: Any) -> None:
    odd = json.dumps({**jwt.decode(signed(), options={"verify_signature": False}), "sub": subject})
    token = jwt.api_jws.encode(odd.encode(), rsa_key(), "RS256", {"kid": "k1", "typ": "JWT"})
    assert refusal(token, known.role)[0] == "InvalidIdentityToken"


@pytest.mark.parametrize(
    "text",
    ["at-1234", "a.b.c", "....", "e30.e30.e30", "é.é.é", f"{'e30' * 4000}.e30.e30"],
)
def test_what_is_no_token_at_all(known: Known, text: str) -> None:
    assert refusal(text, known.role)[0] == "InvalidIdentityToken"


def test_a_payload_of_nested_lists_without_end(known: Known) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 9000).decode().rstrip("=")
    assert refusal(f"{segment({'alg': 'RS256', 'kid': 'k1'})}.{deep}.e30", known.role) == NO_JWT


def test_a_key_of_another_kind_does_not_verify(known: Known) -> None:
    known.stranger.answers["/keys"] = {"keys": [jwk(ec_key())]}
    assert refusal(signed(), known.role) == NO_JWT
    known.stranger.answers["/keys"] = {"keys": [jwk(ec_key(), alg="ES256")]}
    assert exchange(signed(ec_key(), "ES256"), known.role)["Audience"] == CLIENT


@pytest.mark.parametrize(
    "keys",
    [
        [],
        None,
        "keys",
        [{"kid": "k1"}],
        [jwk(rsa_key(1024))],
        [jwk(rsa_key(), use="enc")],
        [jwk(rsa_key(), use=["sig"])],
        [jwk(rsa_key(), key_ops=["encrypt"])],
        [jwk(rsa_key(), key_ops=7)],
        [jwk(rsa_key(), n=7)],
        [jwk(rsa_key()), jwk(rsa_key(3072))],
    ],
)
def test_a_key_set_without_a_key_that_fits(known: Known, keys: Any) -> None:
    known.stranger.answers["/keys"] = {"keys": keys}
    assert refusal(signed(), known.role) in (NO_KEY, NO_JWT)


@pytest.mark.parametrize(
    "document",
    [
        (404, "text/plain", b"no"),
        (200, "text/html", b"<h1>hello</h1>"),
        (200, "application/json", b"{"),
        (200, "application/json", b"[]"),
        (200, "text/html", TRUE_DOCUMENT),
        (200, "application/json", TRUE_DOCUMENT + b" " * 200_000),
        (302, "text/plain", b""),
        {},
        {"issuer": "https://attacker.example.net", "jwks_uri": f"{ISSUER}/keys"},
        {"issuer": ISSUER},
        {"issuer": ISSUER, "jwks_uri": 7},
        {"issuer": ISSUER, "jwks_uri": "https://[::1"},
        {"issuer": ISSUER, "jwks_uri": "https://169.254.169.254/latest"},
        {"issuer": ISSUER, "jwks_uri": "https://sts.amazonaws.com/"},
        {"issuer": ISSUER, "jwks_uri": f"https://{HOST}:8443/keys"},
        {"issuer": ISSUER, "jwks_uri": f"https://u:p@{HOST}/keys"},
        {"issuer": ISSUER, "jwks_uri": f"http://{HOST}/keys"},
        {"issuer": ISSUER, "jwks_uri": "https://nowhere.example.net/keys"},
    ],
)
def test_an_issuer_that_does_not_publish_its_keys(known: Known, document: Any) -> None:
    known.stranger.answers["/.well-known/openid-configuration"] = document
    assert refusal(signed(), known.role) == NO_KEY


class TestForAnybody:
    """Where somebody else asks for which app a token is, as the trust policy of a role does."""

    @pytest.fixture
    def world(self, stranger: Stranger) -> Iterator[World]:
        made = World(outside={HOST: stranger})
        yield made
        made.stop()

    def test_a_token_must_say_for_which_app_it_is(self, world: World) -> None:
        for_two = signed(aud=[CLIENT, "another"])
        with pytest.raises(TokenFault, match="azp"):
            verify_oidc(world, for_two, issuer=ISSUER, audiences=None)
        named = signed(aud=[CLIENT, "another"], azp=CLIENT)
        assert verify_oidc(world, named, issuer=ISSUER, audiences=None)["azp"] == CLIENT

    def test_a_token_of_another_issuer_is_not_even_looked_up(
        self, world: World, stranger: Stranger
    ) -> None:
        with pytest.raises(TokenFault, match="issuer"):
            verify_oidc(world, signed(iss="https://x.test"), issuer=ISSUER, audiences=None)
        assert stranger.asked == []
