"""The anatomy of a token shows what is in it, and only that."""

from __future__ import annotations

import base64
import json
from typing import Any

import matplotlib.pyplot as plt
import pytest

from helpers import draw

NOON = 1768478400  # 2026-01-15 12:00:00 UTC


def encoded(claims: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def made(header: dict[str, Any], payload: dict[str, Any], signature: str = "c2ln") -> str:
    return f"{encoded(header)}.{encoded(payload)}.{signature}"


def words() -> set[str]:
    return {text.get_text() for text in plt.gca().texts}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("opaque", "has three parts separated by dots, this text has 1"),
        ("a.b.c.d.e", "this text has 5"),
        ("!.e30.sig", "the token's header is not base64url-encoded JSON"),
        ("e30.bm8.sig", "the token's payload is not base64url-encoded JSON"),
        (f"{encoded({})}.{encoded([1])}.sig", "payload is JSON, but not an object"),
    ],
)
def test_what_is_no_signed_token_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        draw.token(text)


def test_a_token_without_signature_is_said_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    draw.token(made({"alg": "none"}, {"sub": "alice"}, signature=""))
    assert "without a signature (alg none)" in capsys.readouterr().out
    assert "signature: MISSING, anyone could have written this" in words()


def test_the_sentence_tells_kind_issuer_lifetime_and_claims(
    capsys: pytest.CaptureFixture[str],
) -> None:
    claims = {"iss": "https://issuer", "token_use": "access", "iat": NOON, "exp": NOON + 300}
    draw.token(made({"alg": "RS256"}, claims))
    assert capsys.readouterr().out == (
        "An access token from https://issuer, signed with RS256, valid for 5 minutes until "
        "2026-01-15 12:05:00 UTC, with the claims iss, token_use, iat, exp.\n"
    )


def test_values_are_shortened_and_times_are_written_in_utc() -> None:
    draw.token(made({"alg": "RS256"}, {"sub": "s" * 99, "exp": NOON, "email_verified": True}))
    assert {"2026-01-15 12:00:00 UTC", "true"} <= words()
    assert max(len(word) for word in words() if word.startswith("s" * 9)) == 38


def test_a_known_claim_has_a_note_and_another_has_none() -> None:
    draw.token(made({"alg": "RS256"}, {"aud": "client", "custom:role": "admin"}))
    assert "the app client it is meant for" in words()
    assert {"custom:role", "admin", ""} <= words()


@pytest.mark.parametrize(
    ("algorithm", "maker", "note"),
    [
        ("RS256", "private key", "only its owner could make these"),
        ("HS256", "shared secret", "whoever knows it could make these"),
    ],
)
def test_the_signature_is_told_by_who_can_make_it(algorithm: str, maker: str, note: str) -> None:
    draw.token(made({"alg": algorithm}, {"sub": "alice"}, signature="A" * 342))
    assert {
        maker,
        note,
        "256 bytes",
        f"signature: over both parts above, with {algorithm}",
    } <= words()


def test_the_audience_of_an_identity_pools_token_is_the_pool() -> None:
    claims = {"aud": "us-east-1:2f9a", "sub": "us-east-1:77aa", "iss": "https://other.example"}
    draw.token(made({"alg": "RS256"}, claims))
    assert "the app client it is meant for" in words()
    claims["iss"] = "https://cognito-identity.amazonaws.com"
    draw.token(made({"alg": "RS256"}, claims))
    assert {"the identity pool", "the identity id"} <= words()
    assert "the app client it is meant for" not in words()
