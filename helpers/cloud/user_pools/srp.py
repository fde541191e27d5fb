"""Secure Remote Password as Cognito speaks it: the server's half.

RFC 5054's 3072-bit prime (RFC 3526 group 15) with generator 2 and SHA-256. The shared key comes
from HKDF with the label "Caldera Derived Key". Numbers are written in two's complement, so a
leading zero byte stands before a number whose top bit is set.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cache

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
_INFO = b"Caldera Derived Key\x01"
_WINDOW = 6


def pad(number: int) -> bytes:
    """A non-negative number in two's complement, big-endian."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def _number(*parts: bytes) -> int:
    return int.from_bytes(_hash(*parts), "big")


@cache
def _powers() -> tuple[tuple[int, ...], ...]:
    """Row i holds g^(j·64^i) for j = 0 … 63: a constant, like N, but quicker made than read."""
    rows, base = [], G
    for _ in range(256 // _WINDOW + 1):
        row = [1]
        for _ in range(2**_WINDOW - 1):
            row.append(row[-1] * base % N)
        rows.append(tuple(row))
        base = row[-1] * base % N
    return tuple(rows)


def power(exponent: int) -> int:
    """g to the power of a 256-bit exponent, modulo N.

    The base never changes, so its powers are at hand: a password is set in half a millisecond
    and not in four.
    """
    result = 1
    for row in _powers():
        result = result * row[exponent % 2**_WINDOW] % N
        exponent >>= _WINDOW
    return result


def verifier(pool_name: str, user_id: str, password: bytes, salt: int) -> int:
    """The password verifier v = g^x. `pool_name` is the part of the pool id after "_"."""
    identity = _hash(pool_name.encode(), user_id.encode("utf-8", "surrogatepass"), b":", password)
    return power(_number(pad(salt), identity))


def server_public(b: int, v: int) -> int:
    """B = k·v + g^b."""
    k = _number(pad(N), pad(G))
    return (k * v + power(b)) % N


def session_key(a_public: int, b: int, b_public: int, v: int) -> bytes:
    """The 16-byte key that only somebody who knows the password can also derive.

    The caller has refused an A that is 0 modulo N: with it anybody would know the key.
    """
    u = _number(pad(a_public), pad(b_public))
    secret = pow(a_public * pow(v, u, N), b, N)
    seed = hmac.digest(pad(u), pad(secret), "sha256")
    return hmac.digest(seed, _INFO, "sha256")[:16]


def proof(key: bytes, pool_name: str, user_id: str, secret_block: bytes, timestamp: str) -> bytes:
    """What PASSWORD_CLAIM_SIGNATURE must be, before base64."""
    text = "surrogatepass"
    message = pool_name.encode() + user_id.encode("utf-8", text) + secret_block
    return hmac.digest(key, message + timestamp.encode("utf-8", text), "sha256")
