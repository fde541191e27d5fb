"""Code and notebooks are tidy, and the rooms keep to themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any


def run(root: Path, *arguments: str) -> None:
    """Run a tool with this Python in the project's folder; it must find nothing to say."""
    told = subprocess.run(
        [sys.executable, *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_ruff_finds_nothing(root: Path) -> None:
    run(root, "-m", "ruff", "check", "--no-cache", "--output-format", "concise", ".")


def test_everything_is_formatted(root: Path) -> None:
    run(root, "-m", "ruff", "format", "--check", "--no-cache", ".")


def test_the_rooms_keep_their_contracts(root: Path) -> None:
    program = "from importlinter.cli import lint_imports_command as command; command()"
    run(root, "-c", program, "--no-cache", "--no-logo", "--config", "pyproject.toml")


def test_every_room_has_a_contract(root: Path, pyproject: dict[str, Any]) -> None:
    rooms = {f"helpers.{path.parent.name}" for path in root.glob("helpers/*/__init__.py")}
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    forbidding = [c for c in contracts if c["type"] == "forbidden"]
    named = {m for c in forbidding for m in c["source_modules"] + c["forbidden_modules"]}
    assert rooms <= named
