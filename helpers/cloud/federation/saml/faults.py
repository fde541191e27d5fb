"""What can be wrong with a SAML message, whoever it was sent to.

User pools, AWS sign-in and Identity Center read messages alike and say different things about
those that they refuse: each puts its own words in the place of a Fault.
"""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """The one thing for which a message is refused."""

    UNREADABLE = "not a message of this kind, or not of the form that is accepted"
    STATUS = "the provider says that the sign-in failed"
    ISSUER = "of another issuer"
    SIGNATURE = "not signed, signed by another key, or signed over something else"
    ENCRYPTED = "encrypted where it must not be"
    NOT_ENCRYPTED = "not encrypted where it must be"
    DESTINATION = "sent to another address"
    RECIPIENT = "to be delivered at another address"
    IN_RESPONSE_TO = "an answer to another request, or to none"
    AUDIENCE = "meant for somebody else"
    NO_BEARER = "not confirmed for the bearer"
    NOT_YET_VALID = "not valid yet"
    EXPIRED = "no longer valid"
    TOO_OLD = "issued too long ago"
    REPLAYED = "used before"


class SamlFault(Exception):
    """A message that is refused. Its text is for tests, never for a browser."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault
