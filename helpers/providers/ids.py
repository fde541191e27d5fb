"""Random values of the providers: the same sequence for the same seed."""

from __future__ import annotations

import hashlib
import random
import string

_TOKEN = string.ascii_letters + string.digits + "-_"


class Ids:
    """A source of identifiers of one provider, unpredictable without a seed."""

    def __init__(self, seed: int | None, name: str) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(f"{name} {seed}")

    def token(self, count: int) -> str:
        """`count` characters of the base64url alphabet."""
        return self.pick(_TOKEN, count)

    def digits(self, count: int) -> str:
        """`count` decimal digits, the first of them not zero."""
        return self.pick("123456789", 1) + self.pick(string.digits, count - 1)

    def hex(self, count: int) -> str:
        """`count` hexadecimal digits."""
        return self.pick("0123456789abcdef", count)

    def pick(self, alphabet: str, count: int) -> str:
        """`count` characters of an alphabet."""
        return "".join(self._random.choices(alphabet, k=count))


def fixed(alphabet: str, count: int, *of: str) -> str:
    """`count` characters that depend on nothing but the words in `of`.

    A person keeps the same subject on every run, whatever the seed.
    """
    number = int.from_bytes(hashlib.shake_256("\n".join(of).encode()).digest(2 * count), "big")
    characters = []
    for _ in range(count):
        number, at = divmod(number, len(alphabet))
        characters.append(alphabet[at])
    return "".join(characters)
