"""A tiny OpenID provider for these tests: it signs and says whatever it is told to."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

HOST = "idp.stranger.test"
ISSUER = f"https://{HOST}"
CLIENT = "the-client"
SECRET = "the-client-secret-of-at-least-32-bytes"
NONCE = "the-nonce"
DETAILS = {
    "client_id": CLIENT,
    "client_secret": SECRET,
    "authorize_scopes": "openid",
    "oidc_issuer": ISSUER,
    "attributes_request_method": "GET",
    "authorize_url": f"{ISSUER}/authorize",
    "token_url": f"{ISSUER}/token",
    "attributes_url": f"{ISSUER}/userinfo",
    "jwks_uri": f"{ISSUER}/keys",
}


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ec_key(curve: str = "secp256r1") -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key({"secp256r1": ec.SECP256R1, "secp384r1": ec.SECP384R1}[curve]())


def jwk(key: Any, **more: Any) -> dict[str, Any]:
    """A public key as the key set has it."""
    algorithm = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    made = algorithm.to_jwk(key.public_key(), as_dict=True)
    return {**made, "kid": "k1", "use": "sig", **more}


def good_claims(**changes: Any) -> dict[str, Any]:
    """The claims of an ID token with nothing wrong; None takes one away."""
    now = int(time.time())
    claims = {"iss": ISSUER, "sub": "u1", "aud": CLIENT, "iat": now, "exp": now + 300}
    claims |= {"nonce": NONCE, **changes}
    return {k: v for k, v in claims.items() if v is not None}


@dataclass
class Stranger:
    """Its answers, by path: an object to send as JSON, or (status, content type, body)."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.answers = {
            "/keys": {"keys": [jwk(rsa_key())]},
            "/userinfo": {"sub": "u1"},
            **self.answers,
        }
        self.issue(jwt.encode(good_claims(), rsa_key(), "RS256", {"kid": "k1"}))

    def issue(self, id_token: Any) -> None:
        """From now on the token endpoint gives out this ID token."""
        self.answers["/token"] = {
            "access_token": "at",
            "token_type": "Bearer",
            "id_token": id_token,
        }

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read().decode()
        named = ("PATH_INFO", "REQUEST_METHOD", "QUERY_STRING", "HTTP_AUTHORIZATION")
        self.asked.append({**{n: environ.get(n, "") for n in named}, "body": body})
        answer = self.answers.get(environ["PATH_INFO"], (404, "text/plain", b"no"))
        if not isinstance(answer, tuple):
            answer = (200, "application/json", json.dumps(answer).encode())
        status, kind, data = answer
        start(f"{status} X", [("Content-Type", kind)])
        return [data]
