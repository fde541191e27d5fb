"""The key that a provider signs ID tokens with, and one that it does not publish."""

from __future__ import annotations

import threading
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from helpers.providers.ids import Ids

ALGORITHM = "RS256"


class Keys:
    """An RSA key pair, made when it is first needed."""

    def __init__(self, ids: Ids) -> None:
        self.kid = ids.hex(40)
        self._lock = threading.Lock()
        self._pairs: dict[str, rsa.RSAPrivateKey] = {}

    def sign(self, claims: dict[str, Any]) -> str:
        """A JWT with these claims, signed by the published key."""
        return jwt.encode(claims, self._pair("own"), ALGORITHM, {"kid": self.kid})

    def sign_as_stranger(self, claims: dict[str, Any]) -> str:
        """The same with a key that nobody has published, under the published key's name."""
        return jwt.encode(claims, self._pair("stranger"), ALGORITHM, {"kid": self.kid})

    def sign_under(self, kid: str, claims: dict[str, Any]) -> str:
        """Signed by the published key, under another name."""
        return jwt.encode(claims, self._pair("own"), ALGORITHM, {"kid": kid})

    def key_set(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set (RFC 7517)."""
        jwk = RSAAlgorithm.to_jwk(self._pair("own").public_key(), as_dict=True)
        jwk.pop("key_ops", None)
        return {"keys": [{**jwk, "use": "sig", "alg": ALGORITHM, "kid": self.kid}]}

    def public_pem(self) -> bytes:
        """The public key as everybody can have it: PEM."""
        public = self._pair("own").public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def _pair(self, name: str) -> rsa.RSAPrivateKey:
        with self._lock:
            if name not in self._pairs:
                self._pairs[name] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            return self._pairs[name]
