"""A person who signs in with SRP, as the page in a browser does it: the client's half.

Source: RFC 5054, with the 3072-bit group of RFC 3526, SHA-256, and the key derivation that
Cognito's own app libraries use.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import boto3

N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22"
    "514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6"
    "F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3D"
    "C2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
    "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E8603"
    "9B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7D"
    "B3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864"
    "D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB31"
    "43DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2
SECRET = int.from_bytes(hashlib.sha256(b"a number that only the page knows").digest(), "big")
LABEL = b"Caldera Derived Key\x01"


def begin(client_id: str, username: str) -> dict[str, str]:
    """Start a sign-in and return the challenge's parameters. ClientError if it is refused."""
    answer = boto3.client("cognito-idp").initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": username, "SRP_A": f"{pow(G, SECRET, N):x}"},
    )
    parameters: dict[str, str] = answer["ChallengeParameters"]
    return parameters


def sign_in(pool_id: str, client_id: str, username: str, password: str) -> dict[str, Any]:
    """Sign in and return the tokens (AuthenticationResult). ClientError if it is refused."""
    asked = begin(client_id, username)
    now = datetime.now(UTC)
    stamp = f"{now:%a %b} {now.day} {now:%H:%M:%S UTC %Y}"
    name, block = pool_id.partition("_")[2], base64.b64decode(asked["SECRET_BLOCK"])
    key = _session_key(asked, f"{name}{asked['USER_ID_FOR_SRP']}:{password}")
    signed = f"{name}{asked['USER_ID_FOR_SRP']}".encode() + block + stamp.encode()
    answer = boto3.client("cognito-idp").respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses={
            "USERNAME": asked["USER_ID_FOR_SRP"],
            "PASSWORD_CLAIM_SECRET_BLOCK": asked["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(_hmac(key, signed)).decode(),
            "TIMESTAMP": stamp,
        },
    )
    tokens: dict[str, Any] = answer["AuthenticationResult"]
    return tokens


def _session_key(asked: dict[str, str], identity: str) -> bytes:
    """Derive the key that the server can only derive, too, if the password is right."""
    b_public, salt = int(asked["SRP_B"], 16), int(asked["SALT"], 16)
    u = _number(_pad(pow(G, SECRET, N)), _pad(b_public))
    x = _number(_pad(salt), hashlib.sha256(identity.encode()).digest())
    k = _number(_pad(N), _pad(G))
    shared = pow(b_public - k * pow(G, x, N), SECRET + u * x, N)
    return _hmac(_hmac(_pad(u), _pad(shared)), LABEL)[:16]


def _pad(number: int) -> bytes:
    """Write a number in two's complement, big-endian."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
