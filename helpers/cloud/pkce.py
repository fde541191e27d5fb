"""Proof Key for Code Exchange: who redeems a code must be who asked for it (RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


def is_challenge(text: str | None, method: str | None) -> bool:
    """Whether it is a challenge of the method S256, the only one that hides the verifier."""
    return method == "S256" and _CHALLENGE.fullmatch(text or "") is not None


def proves(verifier: str | None, challenge: str) -> bool:
    """Whether the verifier is the one that the challenge was made of (RFC 7636, section 4.6)."""
    if verifier is None or not _VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return hmac.compare_digest(made, challenge.encode())
