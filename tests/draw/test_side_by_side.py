"""Two ways next to each other: what each asked for, and who named the role."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pytest

from helpers import draw

ROLE = "arn:aws:iam::123456789012:role/user"


def entry(n: int, operation: str, service: str = "sts", **more: Any) -> dict[str, Any]:
    return {"n": n, "service": service, "operation": operation, "caller": "anonymous", **more}


def decided(result: str) -> list[dict[str, Any]]:
    return [{"action": "sts:AssumeRoleWithWebIdentity", "resource": ROLE, "result": result}]


def enhanced(result: str = "allow", error: str = "") -> dict[str, Any]:
    return entry(
        1,
        "GetCredentialsForIdentity",
        "cognito-identity",
        decisions=decided(result),
        params={"IdentityId": "us-east-1:1"},
        error=error,
    )


def basic() -> dict[str, Any]:
    asked = {"RoleArn": ROLE, "RoleSessionName": "phone"}
    return entry(3, "AssumeRoleWithWebIdentity", decisions=decided("allow"), params=asked)


def words() -> list[str]:
    return [text.get_text() for text in plt.gca().texts if text.get_text()]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_one_way_alone_and_a_crowd_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"two or three ways, not {count}"):
        draw.side_by_side({f"way {n}": [basic()] for n in range(count)})


def test_a_way_without_a_call_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to draw: no call was recorded"):
        draw.side_by_side({"one": [basic()], "other": []})


def test_the_sentence_says_who_named_the_role(capsys: pytest.CaptureFixture[str]) -> None:
    token = entry(2, "GetOpenIdToken", "cognito-identity")
    draw.side_by_side({"Enhanced": [enhanced()], "Basic": [token, basic()]})
    assert capsys.readouterr().out == (
        "Enhanced: your app (unsigned) asks Identity pool for GetCredentialsForIdentity, "
        "Identity pool names the role user and its trust policy allows it; "
        "Basic: your app (unsigned) asks Identity pool for GetOpenIdToken and "
        "your app (unsigned) asks STS for AssumeRoleWithWebIdentity, "
        "the app names the role user and its trust policy allows it.\n"
    )
    assert {"Identity pool names the role user", "the app names the role user"} <= set(words())


def test_a_refusal_is_marked_and_its_reason_named() -> None:
    refused = enhanced("implicitDeny", "InvalidIdentityPoolConfigurationException")
    draw.side_by_side({"Enhanced": [refused], "Basic": [basic()]})
    assert "1 GetCredentialsForIdentity ✗" in words()
    assert "InvalidIdentityPoolConfigurationException" in words()
    assert words().count("its trust policy refuses") == 1
    assert words().count("its trust policy allows it") == 1
