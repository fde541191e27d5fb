"""Wrong guesses at a secret: counted, and answered with a lock that grows.

Source: Amazon Cognito Developer Guide, "Authentication", lockout behaviour. Where other services
do not tell how they lock, they lock likewise here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

_LOCK_AFTER = 5
_LONGEST_LOCK = timedelta(minutes=15)


class Guessed(Protocol):
    """What is guarded by a secret. `failures` counts wrong guesses, `failed_at` is the last."""

    failures: int
    failed_at: datetime | None


def is_locked(guessed: Guessed, now: datetime) -> bool:
    """Whether no guess is heard: after five wrong ones for a second, then twice as long each time.

    The lock is 15 minutes at most; after another 15 minutes of peace all is forgotten.
    """
    if guessed.failures < _LOCK_AFTER or guessed.failed_at is None:
        return False
    lock = min(timedelta(seconds=2 ** (min(guessed.failures, 20) - _LOCK_AFTER)), _LONGEST_LOCK)
    waited = now - guessed.failed_at
    if waited >= lock + _LONGEST_LOCK:
        guessed.failures = 0
    return waited < lock


def count_failure(guessed: Guessed, now: datetime) -> None:
    """Remember a wrong guess."""
    guessed.failures += 1
    guessed.failed_at = now


def forgive(guessed: Guessed) -> None:
    """Forget the wrong guesses."""
    guessed.failures = 0
    guessed.failed_at = None
