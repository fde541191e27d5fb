"""What README.md and CONTRIBUTING.md promise is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

GUIDES = ["README.md", "CONTRIBUTING.md"]
LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def code_in(guide: Path) -> str:
    """All that the guide shows as code."""
    return "\n".join(block or span for block, span in CODE.findall(guide.read_text("utf-8")))


@pytest.mark.parametrize("guide", GUIDES)
def test_every_make_command_exists(root: Path, guide: str) -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (root / "Makefile").read_text("utf-8")))
    assert set(re.findall(r"(?m)(?:^|&& )make ([a-z]+)", code_in(root / guide))) <= targets


@pytest.mark.parametrize("guide", GUIDES)
@pytest.mark.parametrize("program", ["helpers", "helpers.authoring"])
def test_every_command_of_the_helpers_exists(root: Path, guide: str, program: str) -> None:
    commands = set(re.findall(rf"-m {re.escape(program)} (\w+)", code_in(root / guide)))
    if not commands:
        return
    told = subprocess.run(
        [sys.executable, "-m", program, "--help"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert commands <= set(re.findall(r"\w+", told.stdout))


@pytest.mark.parametrize("guide", GUIDES)
def test_every_link_leads_somewhere_and_every_picture_has_words(root: Path, guide: str) -> None:
    for link in LINK.finditer((root / guide).read_text("utf-8")):
        target = link["target"].partition("#")[0]
        if target and "://" not in target:
            assert (root / target).exists(), f"{guide} links to {target}"
        assert link["text"].strip(), f"{guide}: {link['target']} has no text"


def test_every_notebook_and_lab_is_on_the_map(root: Path) -> None:
    linked = {link["target"] for link in LINK.finditer((root / "README.md").read_text("utf-8"))}
    notebooks = {path.relative_to(root).as_posix() for path in root.glob("notebooks/*.ipynb")}
    exercises = {
        path.relative_to(root).as_posix() for path in root.glob("labs/exercises/*/*.ipynb")
    }
    assert notebooks, "no notebooks at all"
    assert notebooks | exercises <= linked


def test_the_licence_is_the_one_that_the_metadata_name(root: Path) -> None:
    licence = (root / "LICENSE").read_text("utf-8")
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence
    assert 'license = "Apache-2.0"' in (root / "pyproject.toml").read_text("utf-8")


def test_continuous_integration_runs_what_everybody_runs(root: Path) -> None:
    script = root / ".ci" / "run"
    assert script.read_text("utf-8").splitlines()[-1] == "make test"
    assert os.access(script, os.X_OK)
