"""How the cloud keeps secrets: passwords as slow salted hashes, bearer secrets as plain hashes."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from helpers.cloud.ids import Ids

# About 0.1 ms: sign-in must stay as quick as a lesson needs. A real service would use hundreds of
# thousands (OWASP, Password Storage Cheat Sheet); here the hash shows the shape, not the strength.
_ITERATIONS = 500


@dataclass(frozen=True)
class StoredSecret:
    """What is kept of a password."""

    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)


def store(ids: Ids, password: str) -> StoredSecret:
    """What to keep of a new password."""
    salt = ids.bytes(16)
    return StoredSecret(salt, digest(salt, password))


def matches(stored: StoredSecret | None, password: str) -> bool:
    """Whether it is the password. Takes as long when there is none."""
    if stored is None:
        digest(b"\0" * 16, password)
        return False
    return hmac.compare_digest(stored.digest, digest(stored.salt, password))


def digest(salt: bytes, password: str) -> bytes:
    """The slow hash of a password."""
    return hashlib.pbkdf2_hmac("sha256", octets(password), salt, _ITERATIONS)


def octets(text: str) -> bytes:
    """Any text as bytes; a lone surrogate too, which is no reason for a traceback."""
    return text.encode("utf-8", "surrogatepass")


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell how far."""
    return hmac.compare_digest(octets(one), octets(other))


def hashed(secret: str) -> str:
    """The form in which a bearer secret is kept: it is long and random, so a plain hash does."""
    return hashlib.sha256(octets(secret)).hexdigest()


def forget(kept: dict[str, Any], before: datetime) -> None:
    """Drop what ended before a moment, oldest first, so that nothing is kept for ever."""
    while kept and kept[next(iter(kept))].expires < before:
        del kept[next(iter(kept))]
