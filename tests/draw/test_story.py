"""The story is drawn from calls that happened, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

from helpers import draw

ALICE, BOB = "us-east-1:aaaa", "us-east-1:bbbb"
SESSION = "assumed-role/app/CognitoIdentityCredentials"


def entry(n: int, service: str, operation: str, error: str = "", **params: Any) -> dict[str, Any]:
    caller = SESSION if service == "s3" else "anonymous"
    fields = {"n": n, "service": service, "operation": operation, "caller": caller}
    return {**fields, "error": error, "params": params}


def trace() -> list[dict[str, Any]]:
    named = {"USERNAME": "alice", "PASSWORD": "<hidden>"}
    return [
        entry(1, "cognito-idp", "InitiateAuth", "NotAuthorizedException"),
        entry(2, "cognito-idp", "InitiateAuth", AuthParameters=named),
        entry(3, "cognito-identity", "GetCredentialsForIdentity", IdentityId=ALICE),
        entry(4, "s3", "PutObject", Bucket="photos", Key=f"users/{ALICE}/cat.jpg"),
        entry(5, "s3", "GetObject", "AccessDenied", Bucket="photos", Key=f"users/{BOB}/cat.jpg"),
    ]


@pytest.mark.parametrize(
    ("left", "complaint"),
    [
        (slice(2, 5), "no sign-in to a user pool before the credentials"),
        (slice(0, 2), "no GetCredentialsForIdentity that was answered"),
        (slice(0, 3), "no S3 call on an object made with the credentials"),
    ],
)
def test_a_story_with_a_part_missing_is_refused(left: slice, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        draw.story(trace()[left])


def test_a_refused_sign_in_tells_no_story() -> None:
    with pytest.raises(ValueError, match="no sign-in"):
        draw.story([entry for entry in trace() if entry["n"] != 2])


def test_the_sentence_tells_which_folder_was_refused(capsys: pytest.CaptureFixture[str]) -> None:
    draw.story(trace())
    assert capsys.readouterr().out == (
        "alice signs in to the user pool (InitiateAuth) for a token, trades it at the identity "
        "pool (GetCredentialsForIdentity) for temporary credentials, and calls S3 with them: "
        "PutObject in alice's own folder and GetObject (✗ AccessDenied) in another user's "
        "folder.\n"
    )


def test_a_call_that_went_through_by_mistake_is_drawn_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    entries = trace()
    entries[-1]["error"] = ""
    draw.story(entries)
    assert "and GetObject in another user's folder" in capsys.readouterr().out
    assert any("✓ 5 GetObject" in text.get_text() for text in plt.gca().texts)


def test_the_picture_can_be_saved_with_its_sentence(tmp_path: Path) -> None:
    draw.story(trace(), path=tmp_path / "story.png")
    content = (tmp_path / "story.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert b"alice signs in to the user pool" in content
