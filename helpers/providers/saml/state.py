"""What the directory remembers during one lesson."""

from __future__ import annotations

import random
import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from helpers.providers.saml import uris
from helpers.providers.saml.apps import App
from helpers.providers.saml.authn_request import AuthnRequest
from helpers.providers.saml.keys import KeyPair, make_key_pair
from helpers.providers.saml.people import Directory, Person, persistent_name_id

SESSION_LIFETIME = timedelta(hours=8)
_FLOW_LIFETIME = timedelta(minutes=10)
_MOST = 1000


@dataclass(frozen=True)
class Participation:
    """That an app was told who is signed in: under which name, in which of its sessions."""

    entity_id: str
    name_id: str
    session_index: str


@dataclass
class Session:
    """A browser in which an employee has signed in. `token` guards the portal's forms."""

    id: str
    token: str
    username: str
    signed_in_at: datetime
    participations: list[Participation] = field(default_factory=list)


@dataclass(frozen=True)
class Flow:
    """A sign-in that has begun: for an app, or for the portal when `app` is None.

    Its id stands in the login form. Nobody else can guess it and only the browser with the
    cookie `browser` may use it, so it also keeps forged forms out.
    """

    id: str
    browser: str
    begun: datetime
    app: App | None = None
    request: AuthnRequest | None = None
    relay_state: str | None = None
    hint: str = ""


class State:
    """People, apps, sessions and keys. Random values repeat for a seed."""

    def __init__(self, seed: int | None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(f"{seed} saml")
        self._pairs: dict[str, KeyPair] = {}
        self._lock = threading.Lock()
        self.people = Directory()
        self.apps: dict[str, App] = {}
        # What one app is told about one employee beyond the usual, by entity id and user name.
        self.attributes: dict[tuple[str, str], dict[str, list[str]]] = {}
        self.sessions: dict[str, Session] = {}
        self.flows: dict[str, Flow] = {}
        self.fault: str | None = None
        self.last_sent: dict[str, bytes] = {}

    @property
    def pair(self) -> KeyPair:
        """The directory's signing key, made when first needed."""
        return self._pair(uris.HOST)

    @property
    def stranger(self) -> KeyPair:
        """The key of somebody who is not the directory but says so."""
        return self._pair("stranger.example.net")

    def message_id(self) -> str:
        """An ID for a message or an assertion: an xs:NCName with 128 random bits."""
        return f"_{self._random.getrandbits(128):032x}"

    def secret(self) -> str:
        """A value that nobody can guess, for cookies and forms."""
        return f"{self._random.getrandbits(192):048x}"

    def begin_flow(
        self,
        browser: str,
        app: App | None = None,
        request: AuthnRequest | None = None,
        relay_state: str | None = None,
        hint: str = "",
    ) -> Flow:
        """Remember a sign-in until the form comes back."""
        flow = Flow(self.secret(), browser, now(), app, request, relay_state, hint)
        self.flows[flow.id] = flow
        _forget_oldest(self.flows)
        return flow

    def flow(self, flow_id: str, browser: str) -> Flow | None:
        """The sign-in that this browser has begun and not finished, for ten minutes."""
        flow = self.flows.get(flow_id)
        if flow is None or now() - flow.begun > _FLOW_LIFETIME:
            return None
        return flow if browser and secrets.compare_digest(flow.browser, browser) else None

    def sign_in(self, person: Person) -> Session:
        """Begin a session, with a new id."""
        session = Session(self.secret(), self.secret(), person.username, now())
        self.sessions[session.id] = session
        _forget_oldest(self.sessions)
        return session

    def session(self, session_id: str) -> Session | None:
        """The session of this id, if it has not ended."""
        session = self.sessions.get(session_id)
        fresh = session is not None and now() - session.signed_in_at < SESSION_LIFETIME
        return session if fresh else None

    def name_ids(self, person: Person, app: App) -> dict[str, str]:
        """The names by which an app may know a person, by format. Transient ones are not here."""
        persistent = persistent_name_id(person.username, app.entity_id)
        names = {uris.PERSISTENT: persistent, uris.EMAIL: person.email}
        return names | {uris.UNSPECIFIED: person.username}

    def attributes_for(self, person: Person, app: App) -> dict[str, list[str]]:
        """What an app is told about a person."""
        return person.attributes() | self.attributes.get((app.entity_id, person.username), {})

    def owner(self, name_id: str, app: App) -> Person | None:
        """Who is known to an app by this name."""
        everyone = self.people.everyone()
        return next((p for p in everyone if name_id in self.name_ids(p, app).values()), None)

    def _pair(self, name: str) -> KeyPair:
        with self._lock:
            if name not in self._pairs:
                self._pairs[name] = make_key_pair(name)
            return self._pairs[name]


def now() -> datetime:
    """The time, which a lesson may have moved."""
    return datetime.now(UTC)


def _forget_oldest(kept: dict[str, Session] | dict[str, Flow]) -> None:
    while len(kept) > _MOST:
        del kept[next(iter(kept))]
