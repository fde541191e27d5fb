"""Every random value of the offline cloud comes from here, so that a lesson repeats exactly."""

from __future__ import annotations

import base64
import random
import string
import uuid

_BASE32 = string.ascii_uppercase + "234567"
_SECRET = string.ascii_letters + string.digits + "+/"


class Ids:
    """A source of identifiers: the same sequence for the same seed, unpredictable without one."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(seed)

    def uuid(self) -> str:
        """A version 4 UUID."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def bytes(self, count: int) -> bytes:
        """`count` random bytes."""
        return self._random.getrandbits(8 * count).to_bytes(count, "big") if count else b""

    def digits(self, count: int) -> str:
        """`count` decimal digits, as in a confirmation code."""
        return self._pick(string.digits, count)

    def letters(self, count: int) -> str:
        """`count` lower-case letters and digits, as in an app client id."""
        return self._pick(string.ascii_lowercase + string.digits, count)

    def token(self, count: int) -> str:
        """`count` random bytes in base64url without padding."""
        return base64.urlsafe_b64encode(self.bytes(count)).rstrip(b"=").decode()

    def access_key(self, prefix: str = "ASIA") -> str:
        """An access key id of 20 characters; ASIA marks temporary credentials."""
        return prefix + self._pick(_BASE32, 16)

    def secret_key(self) -> str:
        """A secret access key of 40 characters."""
        return self._pick(_SECRET, 40)

    def _pick(self, alphabet: str, count: int) -> str:
        return "".join(self._random.choices(alphabet, k=count))
