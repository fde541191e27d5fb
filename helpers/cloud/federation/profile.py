"""What every kind of outside provider has in common: the way out, the way back, who came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Profile:
    """Who came back from a provider, after every check.

    `subject` is the provider's name for the user (`sub`, or the SAML NameID). `claims` are what
    the provider says, by its own names. `session` is what a later single logout must name.
    """

    subject: str
    claims: Mapping[str, str | list[str]]
    session: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Departure:
    """Where the browser is sent, and what must be remembered until it comes back."""

    url: str
    secrets: Mapping[str, str] = field(default_factory=dict)


class FederationError(Exception):
    """Why a federated sign-in ends: `error` and `error_description` at the app's callback.

    `code` is OAuth's (RFC 6749, section 4.1.2.1), `description` Cognito's sentence.
    """

    def __init__(self, code: str, description: str) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
