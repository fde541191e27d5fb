"""Who works at the company."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from helpers.providers.saml import uris

PASSWORD = "Provider-pass1!"
# Makes persistent names opaque. It is the same on every run, as saved outputs need it to be.
_SALT = b"the company directory of the course"
_MOST_ATTRIBUTES, _LONGEST_VALUE = 50, 4096


@dataclass(frozen=True)
class Person:
    """One employee; `groups` in the order in which they are sent."""

    username: str
    email: str
    given_name: str
    surname: str
    groups: tuple[str, ...]

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.given_name} {self.surname}".strip()

    def attributes(self) -> dict[str, list[str]]:
        """What an assertion says about this person: claim URI to values."""
        return {
            uris.CLAIM_EMAIL: [self.email],
            uris.CLAIM_GIVEN_NAME: [self.given_name],
            uris.CLAIM_SURNAME: [self.surname],
            uris.CLAIM_NAME: [self.name],
            uris.CLAIM_GROUP: list(self.groups),
        }

    def as_dict(self) -> dict[str, Any]:
        """For the control interface: what a lesson needs to sign in as this person."""
        claims = {"email": self.email, "given_name": self.given_name, "surname": self.surname}
        claims |= {"name": self.name, "groups": list(self.groups)}  # type: ignore[dict-item]
        return {"username": self.username, "password": PASSWORD, "claims": claims}


class Directory:
    """The employees by user name, made anew for each lesson."""

    def __init__(self) -> None:
        everyone = (
            Person("alice", "alice@example.com", "Alice", "Anders", ("engineering", "managers")),
            Person("bob", "bob@example.com", "Bob", "Brook", ("engineering",)),
            Person("carol", "carol@example.com", "Carol", "Chen", ("finance",)),
        )
        self._people = {person.username: person for person in everyone}

    def everyone(self) -> list[Person]:
        """All employees."""
        return list(self._people.values())

    def usernames(self) -> list[str]:
        """The user names, in order."""
        return sorted(self._people)

    def find(self, username: str) -> Person | None:
        """The employee with this user name or e-mail address."""
        wanted = username.strip().lower()
        if wanted in self._people:
            return self._people[wanted]
        return next((p for p in self._people.values() if p.email.lower() == wanted), None)

    def authenticate(self, username: str, password: str) -> Person | None:
        """The employee whose name and password these are."""
        person = self.find(username)
        right = hmac.compare_digest(password.encode(), PASSWORD.encode())
        return person if right else None

    def change(self, username: str, changes: Mapping[str, Any]) -> Person:
        """Set email, given_name, surname (texts) or groups (a list of texts) of an employee.

        ValueError for an unknown employee or attribute, or a value of another kind.
        """
        person = self._people.get(username)
        if person is None:
            raise ValueError(f"nobody is called {username!r}; there are {self.usernames()}")
        known = ("email", "given_name", "surname", "groups")
        unknown = sorted(set(changes) - set(known))
        if unknown:
            raise ValueError(f"unknown attributes {unknown}; there are {list(known)}")
        values = {k: _groups(v) if k == "groups" else _text(k, v) for k, v in changes.items()}
        self._people[username] = replace(person, **values)
        return self._people[username]


def read_attributes(given: Any) -> dict[str, list[str]]:
    """Further attributes for one app: Name to a text or a list of texts. ValueError otherwise."""
    if not isinstance(given, dict) or len(given) > _MOST_ATTRIBUTES:
        raise ValueError(f"attributes must be an object of at most {_MOST_ATTRIBUTES} names")
    read: dict[str, list[str]] = {}
    for name, value in given.items():
        values = value if isinstance(value, list) else [value]
        named = _text("the name of an attribute", name, _LONGEST_VALUE)
        read[named] = [_text(f"a value of {named}", one, _LONGEST_VALUE) for one in values]
    return read


def persistent_name_id(username: str, entity_id: str) -> str:
    """The opaque name under which one service provider knows one employee, always the same."""
    digest = hmac.new(_SALT, f"{entity_id}\n{username}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()[:40]


def _groups(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("groups must be a list of names")
    return tuple(dict.fromkeys(_text("a group", one) for one in value))


def _text(name: str, value: Any, longest: int = 256) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise ValueError(f"{name} must be a text of 1 to {longest} characters")
    if not all(c.isprintable() for c in value):
        raise ValueError(f"{name} must be printable")
    return value
