"""Passwords: the pool's policy, and how they are kept."""

from __future__ import annotations

import string
from datetime import timedelta
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud import secret_hashes
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools import srp
from helpers.cloud.user_pools.directory import Pool
from helpers.cloud.user_pools.state import Account, StoredPassword

_CHARACTERS = (
    ("RequireUppercase", frozenset(string.ascii_uppercase), "uppercase characters"),
    ("RequireLowercase", frozenset(string.ascii_lowercase), "lowercase characters"),
    ("RequireNumbers", frozenset(string.digits), "numeric characters"),
    ("RequireSymbols", frozenset("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- "), "symbol characters"),
)


def policy_of(pool: Pool) -> dict[str, Any]:
    """The pool's password policy, with the defaults of CreateUserPool filled in."""
    return (pool.setting("Policies") or {}).get("PasswordPolicy") or {}


def check_policy(pool: Pool, password: str) -> None:
    """Refuse a password that the policy does not allow: InvalidPasswordException, one rule each."""
    policy = policy_of(pool)
    rules = [(len(password) >= policy.get("MinimumLength", 8), "Password not long enough")]
    rules += [
        (not policy.get(rule) or not characters.isdisjoint(password), f"Password must have {kind}")
        for rule, characters, kind in _CHARACTERS
    ]
    rules.append((len(password) <= 256, "Password too long"))
    for kept, message in rules:
        if not kept:
            raise AwsError(
                "InvalidPasswordException", f"Password did not conform with policy: {message}"
            )


def check_history(pool: Pool, account: Account, password: str) -> None:
    """Refuse one of the last PasswordHistorySize passwords."""
    size = policy_of(pool).get("PasswordHistorySize") or 0
    if any(secret_hashes.matches(old, password) for old in account.history[-size:] if size):
        message = "Password has been used before and is not allowed by the password history policy."
        raise AwsError("PasswordHistoryPolicyViolationException", message)


def temporary_password(pool: Pool) -> str:
    """A random password that keeps the policy."""
    ids = pool.world.ids
    length = max(8, policy_of(pool).get("MinimumLength", 8))
    return "Aa1!" + ids.letters(length - 4)


def set_password(pool: Pool, user: CognitoIdpUser, password: str, *, temporary: bool) -> None:
    """Keep a new password: its hash and its SRP verifier, never the password itself."""
    account = pool.account(user)
    check_history(pool, account, password)
    account.password = _store(pool, user.username, password)
    size = policy_of(pool).get("PasswordHistorySize") or 0
    account.history = [*account.history, account.password][-size:] if size else []
    days = policy_of(pool).get("TemporaryPasswordValidityDays") or 7
    now = pool.world.clock.now()
    account.temporary_until = now + timedelta(days=days) if temporary else None


def matches(account: Account | None, password: str) -> bool:
    """Whether the password is the account's. Takes as long when there is no account."""
    return secret_hashes.matches(account.password if account else None, password)


def _store(pool: Pool, username: str, password: str) -> StoredPassword:
    ids = pool.world.ids
    kept = secret_hashes.store(ids, password)
    # First byte 01-7f: JavaScript clients lose leading zeros of a hexadecimal number.
    srp_salt = (1 + ids.bytes(1)[0] % 127) << 120 | int.from_bytes(ids.bytes(15), "big")
    v = srp.verifier(pool.short_name, username, secret_hashes.octets(password), srp_salt)
    return StoredPassword(kept.salt, kept.digest, srp_salt, v)
