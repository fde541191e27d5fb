"""Node and the locked packages for the scripts in `javascript/`, where this machine has Node."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).resolve().parent / "javascript"
OLDEST_NODE = 20


def prepare(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the scripts and the packages of the lock file, kept in pytest's cache."""
    needed_programs()
    wanted = hashlib.sha256((SCRIPTS / "package-lock.json").read_bytes()).hexdigest()[:16]
    cache = getattr(request.config, "cache", None)
    folder = cache.mkdir(f"node-{wanted}") if cache else tmp_path_factory.mktemp("node")
    for script in SCRIPTS.iterdir():
        shutil.copy(script, folder)
    if not (folder / "complete").exists():
        install(folder)
        (folder / "complete").touch()
    return folder


def needed_programs() -> None:
    """Skip where Node or npm is absent or too old."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not on this machine")
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    version = told.stdout.strip()
    if not version.startswith("v") or int(version[1:].partition(".")[0]) < OLDEST_NODE:
        pytest.skip(f"Node is {version or 'broken'}; the AWS SDK needs {OLDEST_NODE} or newer")


def install(folder: Path) -> None:
    """`npm ci`, or skip where the packages cannot be had."""
    command = [shutil.which("npm") or "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=180
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm ci took more than three minutes")
    if done.returncode != 0:
        reasons = [line for line in done.stderr.splitlines() if "npm error" in line]
        pytest.skip(f"npm ci could not install the packages: {' '.join(reasons[:3])}")


def run(folder: Path, script: str, settings: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a script recorded: for each of its steps {"value": …} or {"error": name}."""
    done = subprocess.run(
        ["node", script, json.dumps(settings)],
        cwd=folder,
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
