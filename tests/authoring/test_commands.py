"""The authors' commands say what they found on stderr, and by their exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.authoring.__main__ import main
from tests.authoring.small_lab import NAME


def test_labs_are_checked_then_made(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    solution = str(course / "solutions" / NAME / f"{NAME}.ipynb")
    assert main(["labs", "--check", solution]) == 1
    assert not (course / "exercises").exists()
    assert main(["labs", solution]) == 0
    assert main(["labs", "--check", solution]) == 0
    assert capsys.readouterr().err == (
        f"{NAME}.ipynb in exercises is not what nbgrader makes of it now\n{NAME}: made anew\n"
    )


def test_broken_rules_are_told(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", str(course / "solutions" / NAME / f"{NAME}.ipynb")]) == 1
    assert f"{NAME}.ipynb: its first code cell is not the setup" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["nonsense"]])
def test_a_command_is_needed(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
