"""What is believed of an ID token and of the answers around it, against a provider of our own."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest

from helpers.cloud.federation import oidc
from helpers.cloud.federation.profile import FederationError, Profile
from helpers.cloud.user_pools.identity_providers import IdentityProvider
from helpers.cloud.world import World
from tests.cloud.federation.stranger import (
    CLIENT,
    DETAILS,
    HOST,
    ISSUER,
    NONCE,
    SECRET,
    Stranger,
    ec_key,
    good_claims,
    jwk,
    rsa_key,
)

BACK = "https://app.auth.us-east-1.amazoncognito.com/oauth2/idpresponse"
Arrive = Callable[..., Profile]


@pytest.fixture
def stranger() -> Stranger:
    return Stranger()


@pytest.fixture
def arrive(stranger: Stranger) -> Iterator[Arrive]:
    """Come back from the stranger with a code; `details` change the pool's configuration."""
    world = World(outside={HOST: stranger})
    pool: Any = SimpleNamespace(world=world, id="us-east-1_a1b2c3d4e")

    def come_back(kind: str = "OIDC", mapping: dict[str, str] | None = None, **details: Any) -> Any:
        given = {k: v for k, v in {**DETAILS, **details}.items() if v is not None}
        provider = IdentityProvider("Stranger", kind, given, mapping or {}, ())
        return oidc.arrive(pool, provider, BACK, {"code": "c"}, {"nonce": NONCE})

    yield come_back
    world.stop()


def refusal(arrive: Arrive, **details: Any) -> str:
    """Why a sign-in is refused."""
    with pytest.raises(FederationError) as caught:
        arrive(**details)
    return caught.value.description


def signed(key: Any = None, alg: str = "RS256", kid: str | None = "k1", **claims: Any) -> str:
    headers = {"kid": kid} if kid is not None else {}
    return jwt.encode(good_claims(**claims), key or rsa_key(), alg, headers)


def test_a_good_token_is_believed(arrive: Arrive, stranger: Stranger) -> None:
    profile = arrive()
    assert (profile.subject, profile.claims["iss"]) == ("u1", ISSUER)
    exchange = next(a for a in stranger.asked if a["PATH_INFO"] == "/token")
    assert {k: v[0] for k, v in parse_qs(exchange["body"]).items()} == {
        "grant_type": "authorization_code",
        "code": "c",
        "redirect_uri": BACK,
        "client_id": CLIENT,
        "client_secret": SECRET,
    }
    asked = next(a for a in stranger.asked if a["PATH_INFO"] == "/userinfo")
    assert (asked["REQUEST_METHOD"], asked["HTTP_AUTHORIZATION"]) == ("GET", "Bearer at")


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512", "ES256", "ES384"])
def test_the_algorithms_that_providers_sign_with(
    arrive: Arrive, stranger: Stranger, alg: str
) -> None:
    curve = {"ES256": "secp256r1", "ES384": "secp384r1"}.get(alg)
    key = ec_key(curve) if curve else rsa_key()
    stranger.answers["/keys"] = {"keys": [jwk(key, alg=alg)]}
    stranger.issue(signed(key, alg))
    assert arrive().subject == "u1"


def test_hmac_with_the_client_secret_is_refused(arrive: Arrive, stranger: Stranger) -> None:
    stranger.issue(signed(SECRET, "HS256"))
    assert refusal(arrive) == "Bad id_token algorithm"
    octets = {"kty": "oct", "k": base64.urlsafe_b64encode(SECRET.encode()).decode(), "kid": "k1"}
    stranger.answers["/keys"] = {"keys": [octets]}
    assert refusal(arrive) == "Bad id_token algorithm"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", None, 7, ["RS256"], {"a": 1}])
def test_an_odd_algorithm_is_refused(arrive: Arrive, stranger: Stranger, alg: Any) -> None:
    _, payload, signature = signed().split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": alg, "kid": "k1"}).encode())
    stranger.issue(f"{header.rstrip(b'=').decode()}.{payload}.{signature}")
    assert refusal(arrive) in ("Bad id_token algorithm", "Bad id_token format")


def test_a_published_key_signs_with_its_own_algorithm_only(
    arrive: Arrive, stranger: Stranger
) -> None:
    stranger.answers["/keys"] = {"keys": [jwk(rsa_key(), alg="RS256")]}
    stranger.issue(signed(alg="RS512"))
    assert refusal(arrive) == "Bad id_token algorithm"
    stranger.answers["/keys"] = {"keys": [jwk(ec_key())]}
    assert refusal(arrive) == "Bad id_token algorithm"
    stranger.answers["/keys"] = {"keys": [jwk(ec_key("secp384r1"))]}
    stranger.issue(signed(ec_key(), "ES256"))
    assert "Bad id_token" in refusal(arrive)


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ([jwk(rsa_key(), use="enc")], "algorithm"),
        ([jwk(rsa_key()), jwk(ec_key())], "kid"),
        ([jwk(rsa_key(), kid="k2")], "kid"),
        ([], "kid"),
        ("keys", "kid"),
        (None, "kid"),
        ([None, 7, "k1", ["k1"]], "kid"),
        ([{"kid": "k1"}], "algorithm"),
        ([{"kid": "k1", "kty": "RSA"}], "key"),
        ([{"kid": "k1", "kty": "RSA", "n": 7, "e": []}], "key"),
        ([{"kid": "k1", "kty": "RSA", "n": "AQ", "e": "AQ"}], "key"),
        ([jwk(rsa_key(1024))], "key"),
        ([{**jwk(rsa_key()), "n": jwk(rsa_key(3072))["n"]}], "signature"),
    ],
)
def test_a_key_set_without_the_one_right_key_is_refused(
    arrive: Arrive, stranger: Stranger, keys: Any, why: str
) -> None:
    stranger.answers["/keys"] = {"keys": keys}
    assert refusal(arrive) == f"Bad id_token {why}"


def test_a_private_key_in_a_key_set_is_not_used(arrive: Arrive, stranger: Stranger) -> None:
    private = jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key(), as_dict=True)
    stranger.answers["/keys"] = {"keys": [{**private, "kid": "k1", "key_ops": ["verify"]}]}
    assert refusal(arrive) == "Bad id_token key"


@pytest.mark.parametrize("kid", [None, "", "k2", "../k1"])
def test_a_token_must_name_a_published_key(
    arrive: Arrive, stranger: Stranger, kid: str | None
) -> None:
    stranger.issue(signed(kid=kid))
    assert refusal(arrive) == "Bad id_token kid"


def test_a_key_or_an_address_inside_the_token_is_not_looked_at(
    arrive: Arrive, stranger: Stranger
) -> None:
    mine = rsa_key(3072)
    headers = {"kid": "k1", "jwk": jwk(mine), "jku": "https://attacker.example.net/keys"}
    stranger.issue(jwt.encode(good_claims(), mine, "RS256", headers))
    assert refusal(arrive) == "Bad id_token signature"
    critical = {"kid": "k1", "crit": ["exp"], "exp": 1}
    stranger.issue(jwt.encode(good_claims(), rsa_key(), "RS256", critical))
    assert refusal(arrive) in ("Bad id_token header", "Bad id_token format")


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://idp.stranger.test.attacker.example.net"}, "issuer"),
        ({"iss": "http://idp.stranger.test"}, "issuer"),
        ({"iss": "HTTPS://IDP.STRANGER.TEST"}, "issuer"),
        ({"iss": None}, "iss missing"),
        ({"aud": "another"}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": ["another"]}, "audience"),
        ({"aud": {"the-client": 1}}, "audience"),
        ({"aud": "the-client "}, "audience"),
        ({"aud": None}, "aud missing"),
        ({"aud": [CLIENT, "another"]}, "audience"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "audience"),
        ({"azp": "another"}, "audience"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ""}, "nonce"),
        ({"nonce": ["the-nonce"]}, "nonce"),
        ({"nonce": "The-Nonce"}, "nonce"),
        ({"nonce": "é"}, "nonce"),
        ({"sub": None}, "sub missing"),
        ({"sub": ""}, "sub"),
        ({"exp": None}, "exp missing"),
        ({"exp": 1}, "exp: the token has expired"),
        ({"iat": None}, "iat missing"),
        ({"iat": 99999999999}, "iat: the token is not valid yet"),
        ({"nbf": 99999999999}, "iat: the token is not valid yet"),
        ({"at_hash": "AAAA"}, "at_hash"),
        ({"at_hash": 7}, "at_hash"),
    ],
)
def test_a_claim_that_does_not_hold_is_refused(
    arrive: Arrive, stranger: Stranger, claims: dict[str, Any], why: str
) -> None:
    stranger.issue(signed(**claims))
    assert refusal(arrive).startswith(f"Bad id_token {why}")


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": "tomorrow"},
        {"exp": float("inf")},
        {"exp": [1]},
        {"iat": {}},
        {"iat": float("nan")},
        {"name": "\ud800"},
        {"level": float("inf")},
        {"sub": 7},
        {"sub": ["u1"]},
        {"iss": [ISSUER]},
        {"aud": 7},
        {"nbf": "x"},
    ],
)
def test_a_claim_of_an_odd_type_is_refused_without_a_traceback(
    arrive: Arrive, stranger: Stranger, claims: dict[str, Any]
) -> None:
    # PyJWT does not sign some of these: the payload is made by hand.
    header, _, _ = signed().split(".")
    payload = base64.urlsafe_b64encode(json.dumps(good_claims(**claims)).encode()).rstrip(b"=")
    message = f"{header}.{payload.decode()}"
    algorithm = jwt.get_algorithm_by_name("RS256")
    signature = base64.urlsafe_b64encode(algorithm.sign(message.encode(), rsa_key()))
    stranger.issue(f"{message}.{signature.rstrip(b'=').decode()}")
    assert refusal(arrive).startswith("Bad id_token")


@pytest.mark.parametrize("claims", [
    {"aud": [CLIENT]},
    {"aud": [CLIENT, "another"], "azp": CLIENT},
    {"azp": CLIENT},
    {"iss": f"{ISSUER}/"},
    {"exp": int(time.time()) - 0},
])  # fmt: skip
def test_what_still_holds_is_accepted(
    arrive: Arrive, stranger: Stranger, claims: dict[str, Any]
) -> None:
    claims = {**claims, **({"exp": int(time.time()) - 30} if "exp" in claims else {})}
    stranger.issue(signed(**claims))
    assert arrive().subject == "u1"


@pytest.mark.parametrize("alg", ["RS256", "RS512"])
def test_a_true_at_hash_is_accepted(arrive: Arrive, stranger: Stranger, alg: str) -> None:
    digest = hashlib.new(f"sha{alg[2:]}", b"at").digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    stranger.issue(signed(alg=alg, at_hash=half))
    assert arrive().subject == "u1"


@pytest.mark.parametrize(
    "token", [None, "", 7, [], "x", "a.b", "a.b.c", "é.é.é", "." * 9, "a" * 9999]
)
def test_what_is_no_token_is_refused(arrive: Arrive, stranger: Stranger, token: Any) -> None:
    stranger.issue(token)
    assert refusal(arrive).startswith("Bad id_token")


def test_googles_issuer_has_two_spellings_and_nobody_elses(
    arrive: Arrive, stranger: Stranger
) -> None:
    google = {"oidc_issuer": "https://accounts.google.com", "attributes_url": None}
    for issuer in ("accounts.google.com", "https://accounts.google.com"):
        stranger.issue(signed(iss=issuer))
        assert arrive(kind="Google", **google).subject == "u1"
    stranger.issue(signed(iss="accounts.google.com"))
    assert refusal(arrive, oidc_issuer="https://accounts.google.com").startswith(
        "Bad id_token issuer"
    )
    stranger.issue(signed(iss="evil-accounts.google.com"))
    assert "issuer" in refusal(arrive, kind="Google", **google)


JSON = "application/json"


@pytest.mark.parametrize("path", ["/token", "/keys", "/userinfo"])
@pytest.mark.parametrize(
    "answer",
    [
        (200, JSON, b""),
        (200, JSON, b"[]"),
        (200, JSON, b"null"),
        (200, JSON, b'"text"'),
        (200, JSON, b"\xff\xfe"),
        (200, JSON, b'{"a": NaN}'),
        (200, JSON, b'{"a": "\\ud800"}'),
        (200, JSON, b"[" * 100_000),
        (200, JSON, b'{"a": ' + b"9" * 5000 + b"}"),
        (200, JSON, b'{"a": "' + b"x" * 300_000 + b'"}'),
        (200, JSON, b" " * 1_100_000),
        (200, "text/html", b"{}"),
        (200, "", b"{}"),
        (204, JSON, b""),
        (302, JSON, b"{}"),
        (400, JSON, b'{"error": {"message": "No."}}'),
        (400, JSON, b'{"error": {"message": 7}}'),
        (400, JSON, b'{"error": 7}'),
        (401, JSON, b'{"error": "x", "error_description": [1]}'),
        (500, "text/html", b"<h1>"),
    ],
)
def test_an_odd_answer_of_any_endpoint_is_refused_without_a_traceback(
    arrive: Arrive, stranger: Stranger, path: str, answer: tuple[int, str, bytes]
) -> None:
    stranger.answers[path] = answer
    assert refusal(arrive).startswith("Stranger Error - ")


def test_a_signed_userinfo_response_is_not_read(arrive: Arrive, stranger: Stranger) -> None:
    stranger.answers["/userinfo"] = (200, "application/jwt", signed().encode())
    assert "unable to parse" in refusal(arrive)


@pytest.mark.parametrize("token", [None, "", 7, [], "a b\r\nX: y", "é"])
def test_an_access_token_that_fits_in_no_header_is_refused(
    arrive: Arrive, stranger: Stranger, token: Any
) -> None:
    stranger.answers["/token"]["access_token"] = token
    assert "no access token" in refusal(arrive)


@pytest.mark.parametrize("said", [{}, {"sub": None}, {"sub": "U1"}, {"sub": ["u1"]}, {"sub": 1}])
def test_attributes_of_another_subject_are_not_taken(
    arrive: Arrive, stranger: Stranger, said: dict[str, Any]
) -> None:
    stranger.answers["/userinfo"] = said
    assert "another user's" in refusal(arrive)


@pytest.mark.parametrize(
    "url",
    [
        "http://idp.stranger.test/keys",
        "ftp://idp.stranger.test/keys",
        "javascript:alert(1)",
        "//idp.stranger.test/keys",
        "",
    ],
)
def test_only_https_addresses_are_used(arrive: Arrive, stranger: Stranger, url: str) -> None:
    stranger.answers["/.well-known/openid-configuration"] = {"issuer": ISSUER, "jwks_uri": url}
    assert refusal(arrive, jwks_uri=None) == "Stranger Error - no keys endpoint"


def test_addresses_are_discovered_where_none_are_configured(
    arrive: Arrive, stranger: Stranger
) -> None:
    stranger.answers["/.well-known/openid-configuration"] = {
        "issuer": ISSUER,
        "token_endpoint": f"{ISSUER}/token",
        "userinfo_endpoint": f"{ISSUER}/userinfo",
        "jwks_uri": f"{ISSUER}/keys",
    }
    assert arrive(jwks_uri=None, token_url=None, attributes_url=None).subject == "u1"
    stranger.answers["/.well-known/openid-configuration"]["issuer"] = "https://other.test"
    assert "another issuer" in refusal(arrive, jwks_uri=None)


def test_json_values_become_texts(arrive: Arrive, stranger: Stranger) -> None:
    stranger.answers["/userinfo"] = {
        "sub": "u1",
        "email_verified": True,
        "level": 3,
        "groups": ["a", "b", None, 4],
        "address": {"formatted": "Unter den Linden 1"},
        "nothing": None,
    }
    claims = arrive().claims
    assert claims["email_verified"] == "true"
    assert claims["level"] == "3"
    assert claims["groups"] == ["a", "b", "4"]
    assert claims["address"] == '{"formatted":"Unter den Linden 1"}'
    assert "nothing" not in claims
    assert "id_token" not in claims


def test_apples_client_secret_needs_a_p256_key(arrive: Arrive) -> None:
    apple = {"kind": "SignInWithApple", "team_id": "T", "key_id": "K"}
    assert "cannot be read" in refusal(arrive, private_key="not a key", **apple)
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    for key in (rsa_key(), ec_key("secp384r1")):
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        assert "no P-256 key" in refusal(arrive, private_key=pem, **apple)


def test_apple_gets_a_short_lived_secret_signed_for_it_alone(
    arrive: Arrive, stranger: Stranger
) -> None:
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    pem = ec_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    bare = "".join(pem.splitlines()[1:-1])
    for text in (pem, bare):
        arrive(kind="SignInWithApple", team_id="T1", key_id="K1", private_key=text)
        body = [a for a in stranger.asked if a["PATH_INFO"] == "/token"][-1]["body"]
        secret = parse_qs(body)["client_secret"][0]
        claims = jwt.decode(
            secret, ec_key().public_key(), ["ES256"], audience="https://appleid.apple.com"
        )
        assert (claims["iss"], claims["sub"]) == ("T1", CLIENT)
        assert claims["exp"] - claims["iat"] == 300
        assert jwt.get_unverified_header(secret) == {"alg": "ES256", "kid": "K1", "typ": "JWT"}
