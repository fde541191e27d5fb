"""Those who have an account at the providers."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

PASSWORD = "Provider-pass1!"
_NAMES = {"alice": ("Alice", "Archer"), "bob": ("Bob", "Baker"), "carol": ("Carol", "Chen")}
_GROUPS = {"alice": ["photographers", "editors"], "bob": ["photographers"], "carol": []}


@dataclass
class Person:
    """An account. `claims` is all that its provider may say about it."""

    username: str
    password: str = field(repr=False)
    claims: dict[str, Any]

    def knows(self, password: str) -> bool:
        """Whether this is the person's password, in constant time."""
        return hmac.compare_digest(self.password.encode(), password.encode())


Claims = Callable[[str, dict[str, Any]], dict[str, Any]]


class People:
    """The accounts of one provider, found by user name or by e-mail address."""

    def __init__(self, claims_of: Claims, subject: str) -> None:
        self._subject = subject
        self._people = {
            name: Person(name, PASSWORD, claims_of(name, _basic(name))) for name in _NAMES
        }

    def __iter__(self) -> Any:
        return iter(self._people.values())

    def named(self, username: str) -> Person | None:
        """The person with this user name."""
        return self._people.get(username)

    def sign_in(self, login: str, password: str) -> Person | None:
        """The person who has this user name or e-mail address, if the password is right."""
        wanted = login.strip().lower()
        for person in self:
            if wanted in (person.username, f"{person.username}@example.com"):
                return person if person.knows(password) else None
        return None

    def change(self, username: str, claims: Mapping[str, Any]) -> Person:
        """Set claims of a person; None takes one away.

        KeyError for an unknown name, ValueError for an unfit value: a claim keeps its type, and
        the subject never changes.
        """
        person = self._people[username]
        for name, value in claims.items():
            self._check(name, value, person.claims.get(name))
        person.claims.update(claims)
        person.claims = {n: v for n, v in person.claims.items() if v is not None}
        return person

    def _check(self, name: str, value: Any, before: Any) -> None:
        if name == self._subject:
            raise ValueError(f"{name} is who the person is, and stays")
        if value is None:
            return
        words = isinstance(value, list) and all(isinstance(word, str) for word in value)
        if not (words or isinstance(value, str | bool | int | dict)):
            raise ValueError(f"{value!r} is no value for {name}")
        if before is not None and type(value) is not type(before):
            raise ValueError(f"{name} is a {type(before).__name__}, so {value!r} does not fit")


def _basic(username: str) -> dict[str, Any]:
    given, family = _NAMES[username]
    return {
        "name": f"{given} {family}",
        "given_name": given,
        "family_name": family,
        "email": f"{username}@example.com",
        "email_verified": True,
        "groups": list(_GROUPS[username]),
    }
