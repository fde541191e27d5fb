"""What the tests of the project itself look at."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE_BY_RUNNING = {".git", ".venv", "__pycache__", ".ipynb_checkpoints"}


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def pyproject() -> dict[str, Any]:
    """pyproject.toml, parsed."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Every file that is in the repository or about to be added to it."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    else:  # unpacked from an archive
        paths = [p for p in ROOT.rglob("*") if not MADE_BY_RUNNING & set(p.parts)]
    return sorted(path for path in paths if path.is_file())
