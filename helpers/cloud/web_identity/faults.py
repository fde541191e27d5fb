"""Why a token of an outside party is not believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class TokenFault(Exception):
    """A token that does not hold, in words that each service turns into its own.

    `reason` is one of "malformed", "algorithm", "signature", "issuer", "audience", "expired",
    "immature", "missing:<claim>", "keys" (the issuer publishes no key that fits) and "unreachable"
    (the issuer gives no usable answer). `claims` is what the token says of itself, as far as it
    can be read: good for choosing words about it, never for anything else. `part` names what is
    wrong more closely.
    """

    def __init__(
        self, reason: str, claims: Mapping[str, Any] | None = None, *, part: str = ""
    ) -> None:
        super().__init__(f"{reason} ({part})" if part else reason)
        self.reason = reason
        self.claims: dict[str, Any] = dict(claims or {})
        self.part = part or reason
