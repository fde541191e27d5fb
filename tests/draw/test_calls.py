"""The sequence diagram says who called whom, and what was refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import boto3
import matplotlib.pyplot as plt
import pytest
from botocore.exceptions import ClientError

from helpers import draw


def entry(n: int, operation: str, caller: str = "root", **more: Any) -> dict[str, Any]:
    return {"n": n, "service": "cognito-idp", "operation": operation, "caller": caller, **more}


def words() -> list[str]:
    return [text.get_text() for text in plt.gca().texts if text.get_text()]


def test_no_calls_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="nothing to draw: no call was recorded"):
        draw.calls([])


def test_one_sentence_names_callers_services_operations_and_refusals(
    capsys: pytest.CaptureFixture[str],
) -> None:
    draw.calls(
        [
            entry(1, "CreateUserPool"),
            entry(2, "SignUp", "anonymous"),
            entry(3, "InitiateAuth", "anonymous", error="UserNotConfirmedException"),
            entry(4, "GetObject", "assumed-role/app/CognitoIdentityCredentials", service="s3"),
        ]
    )
    assert capsys.readouterr().out == (
        "root asks Cognito user pool for CreateUserPool; "
        "your app (unsigned) asks Cognito user pool for SignUp and InitiateAuth "
        "(✗ UserNotConfirmedException); session of role app asks S3 for GetObject.\n"
    )


def test_a_refused_call_is_marked_and_named_and_another_is_not() -> None:
    draw.calls([entry(7, "SignUp"), entry(8, "InitiateAuth", error="NotAuthorizedException")])
    assert {"7 SignUp ✓", "8 InitiateAuth", "✗ NotAuthorizedException"} <= set(words())


def test_the_same_call_again_and_again_is_one_arrow(capsys: pytest.CaptureFixture[str]) -> None:
    guesses = [entry(n, "ConfirmSignUp", error="CodeMismatchException") for n in (4, 5, 6)]
    draw.calls([*guesses, entry(7, "ConfirmSignUp"), entry(9, "ConfirmSignUp")])
    assert capsys.readouterr().out == (
        "root asks Cognito user pool for ConfirmSignUp 3 times (✗ CodeMismatchException), "
        "ConfirmSignUp and ConfirmSignUp.\n"
    )
    assert {"4–6 ConfirmSignUp ×3", "7 ConfirmSignUp ✓", "9 ConfirmSignUp ✓"} <= set(words())


def test_objects_are_read_like_dicts(capsys: pytest.CaptureFixture[str]) -> None:
    draw.calls([entry(1, "SignUp")])
    draw.calls([SimpleNamespace(**entry(1, "SignUp"), error="", params={})])
    first, second = capsys.readouterr().out.splitlines()
    assert first == second


@pytest.mark.parametrize(
    ("caller", "said"),
    [
        ("root", "root"),
        ("user/alice", "user/alice"),
        ("anonymous", "your app (unsigned)"),
        ("assumed-role/admin/deploy", "session of role admin, deploy"),
        ("assumed-role/app/CognitoIdentityCredentials", "session of role app"),
    ],
)
def test_callers_are_named_in_the_learners_words(
    caller: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    draw.calls([entry(1, "SignUp", caller)])
    assert capsys.readouterr().out == f"{said} asks Cognito user pool for SignUp.\n"


def test_an_unknown_service_keeps_its_own_name(capsys: pytest.CaptureFixture[str]) -> None:
    draw.calls([entry(1, "Invoke", service="bedrock")])
    assert "asks bedrock for Invoke" in capsys.readouterr().out


def test_a_recorded_call_is_drawn(
    cloud: Any, iam_user: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    boto3.client("s3").create_bucket(Bucket="photos")
    alice = iam_user("alice").client("s3")
    with pytest.raises(ClientError):
        alice.put_object(Bucket="photos", Key="cat.jpg", Body=b"")
    draw.calls([cloud.trace[0], cloud.trace[-1]])
    assert capsys.readouterr().out == (
        "root asks S3 for CreateBucket; user/alice asks S3 for PutObject (✗ AccessDenied).\n"
    )
    asked = draw.cell(cloud.trace[-1], "alice", "photos/")
    assert asked == {
        "who": "alice",
        "what": "photos/",
        "action": "s3:PutObject",
        "decided": "implicitDeny",
        "confirmed": "AccessDenied",
    }
