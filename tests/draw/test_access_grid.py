"""The grid shows decisions beside real answers, and shouts where they differ."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pytest

from helpers import draw


def asked(who: str, what: str, decided: str, confirmed: Any = None) -> dict[str, Any]:
    action = "s3:GetObject"
    return {"who": who, "what": what, "action": action, "decided": decided, "confirmed": confirmed}


def words() -> list[str]:
    return [text.get_text() for text in plt.gca().texts]


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ([], "the grid has no cells"),
        ([{"who": "alice"}], "lacks action, decided and what"),
        ([asked("alice", "a/", "maybe")], "decided is 'maybe', not one of allow"),
        ([asked("alice", "a/", "allow")] * 2, "two cells ask the same: alice s3:GetObject on a/"),
    ],
)
def test_a_grid_that_cannot_be_drawn_is_refused(
    cells: list[dict[str, Any]], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        draw.access_grid(cells)


@pytest.mark.parametrize(
    ("decided", "confirmed"),
    [
        ("allow", "AccessDenied"),
        ("allow", False),
        ("implicitDeny", True),
        ("explicitDeny", "NoSuchKey"),  # it got past authorization
    ],
)
def test_a_disagreement_is_shouted(
    decided: str, confirmed: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    draw.access_grid([asked("bob", "a/", decided, confirmed)])
    assert "DISAGREE" in words()
    said = capsys.readouterr().out
    question = f"bob s3:GetObject on a/ (decided {decided}, the call said"
    assert f"DISAGREEMENT between decision and real call: {question}" in said


@pytest.mark.parametrize(
    ("decided", "confirmed"),
    [
        ("allow", True),
        ("allow", "NoSuchKey"),
        ("allow", None),
        ("implicitDeny", "AccessDenied"),
        ("explicitDeny", "AccessDeniedException"),
        ("implicitDeny", "InvalidIdentityPoolConfigurationException"),
        ("explicitDeny", False),
        ("implicitDeny", None),
    ],
)
def test_agreement_is_quiet(
    decided: str, confirmed: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    draw.access_grid([asked("bob", "a/", decided, confirmed)])
    assert "DISAGREE" not in words()
    assert "DISAGREE" not in capsys.readouterr().out


def test_the_sentence_lists_who_may_what(capsys: pytest.CaptureFixture[str]) -> None:
    draw.access_grid(
        [
            asked("alice", "a/", "allow", True),
            asked("alice", "b/", "implicitDeny", "AccessDenied"),
            asked("bob", "a/", "explicitDeny", "AccessDenied"),
            asked("bob", "b/", "implicitDeny"),
        ]
    )
    assert capsys.readouterr().out == (
        "alice may s3:GetObject on a/; bob may do none of this; explicitly denied: "
        "bob s3:GetObject on a/; 3 of 4 decisions confirmed by a real call.\n"
    )


def test_a_combination_nobody_asked_is_shown_as_such() -> None:
    draw.access_grid([asked("alice", "a/", "allow"), asked("bob", "b/", "allow")])
    assert words().count("not asked") == 2


def test_long_names_break_at_spaces_slashes_and_words_of_an_action() -> None:
    cell = asked("alice (photo-editor)", "departments/of/design/", "allow")
    cell["action"] = "sts:AssumeRoleWithWebIdentity"
    others = [{**cell, "what": what} for what in ("b", "c", "d")]
    draw.access_grid([cell, *others])
    assert "alice\n(photo-editor)" in words()
    assert "departments/\nof/design/" in words()
    assert "sts:AssumeRoleWith\nWebIdentity" in words()


def entry(*results: str, error: str = "") -> dict[str, Any]:
    decisions = [{"action": f"s3:Action{n}", "result": r} for n, r in enumerate(results)]
    return {"n": 4, "operation": "CopyObject", "error": error, "decisions": decisions}


def test_a_request_that_needed_no_permission_fills_no_cell() -> None:
    with pytest.raises(ValueError, match="4 CopyObject needed no permission"):
        draw.cell(entry(), "alice", "a/")


@pytest.mark.parametrize(
    ("results", "error", "filled"),
    [
        (["allow"], "", ("s3:Action0", "allow", True)),
        (["allow", "implicitDeny"], "AccessDenied", ("s3:Action1", "implicitDeny", "AccessDenied")),
        (["implicitDeny", "explicitDeny"], "", ("s3:Action1", "explicitDeny", True)),
    ],
)
def test_a_recorded_request_fills_a_cell(
    results: list[str], error: str, filled: tuple[Any, ...]
) -> None:
    made = draw.cell(entry(*results, error=error), "alice", "a/")
    assert (made["action"], made["decided"], made["confirmed"]) == filled
    assert (made["who"], made["what"]) == ("alice", "a/")
