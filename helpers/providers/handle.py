"""A provider as a lesson holds it in its hand. It only ever sends HTTP requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

_SECONDS = 30


class ProviderError(Exception):
    """A provider did not answer as it should, or cannot be reached."""


@dataclass(frozen=True)
class App:
    """An app as its developer reads it off the provider's console.

    Apple gives no secret: the app makes one itself, a JWT signed with `private_key` (PEM).
    """

    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    team_id: str | None = None
    key_id: str | None = None
    private_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Provider:
    """An OAuth 2.0 or OpenID provider, by name and address."""

    name: str
    url: str

    def register(self, redirect_uri: str, signed_out_uri: str | None = None) -> App:
        """Register an app that gets its codes at `redirect_uri`. ValueError: an unfit address.

        `signed_out_uri` is where the generic provider may send a browser after sign-out.
        """
        asked = {"redirect_uri": redirect_uri}
        if signed_out_uri is not None:
            asked["signed_out_uri"] = signed_out_uri
        return App(**self._control("POST", "apps", asked))

    def people(self) -> list[dict[str, Any]]:
        """Those who have an account: username, password and claims of each."""
        return self._control("GET", "people")["people"]

    def change(self, username: str, **claims: Any) -> None:
        """Change what the provider says about a person; None takes a claim away.

        ValueError: nobody is called so.
        """
        self._control("POST", "people", {"username": username, "claims": claims})

    def misbehave(self, how: str) -> None:
        """From now on do one thing wrong, until `behave()`. ValueError names the known ways."""
        if not isinstance(how, str):
            raise ValueError(f"how must be the name of a fault, not {how!r}")
        self._control("POST", "fault", {"how": how})

    def behave(self) -> None:
        """Do everything right again."""
        self._control("POST", "fault", {"how": None})

    def faults(self) -> dict[str, str]:
        """The ways to misbehave: name → what goes wrong."""
        return self._control("GET", "fault")["faults"]

    def _control(self, method: str, name: str, data: dict[str, Any] | None = None) -> Any:
        url = f"{self.url}/_lab/{name}"
        try:
            answer = requests.request(method, url, json=data, timeout=_SECONDS)
            said = answer.json()
        except requests.RequestException as failure:
            text = f"{self.name} cannot be reached. Was lab.start() run?"
            raise ProviderError(text) from failure
        if answer.status_code == 400:
            raise ValueError(said.get("message", "the request was refused"))
        if answer.status_code != 200:
            raise ProviderError(f"{self.name} answered with status {answer.status_code}")
        return said
