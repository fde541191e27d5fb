"""`make` says what is missing before it begins, and starts JupyterLab as the machine allows."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("make") is None or os.name != "posix", reason="there is no make here"
)


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """A folder with the Makefile and the lock, not yet set up."""
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(root / name, tmp_path)
    (tmp_path / "bin").mkdir()
    return tmp_path


@pytest.fixture
def ready(project: Path) -> Path:
    """The same folder, as after `make setup`."""
    (project / ".venv" / "bin").mkdir(parents=True)
    for name in ("bin/python", "ready"):
        (project / ".venv" / name).touch()
    return project


def program(project: Path, name: str, script: str) -> Path:
    """A program that make finds before the machine's own of that name."""
    path = project / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def make(project: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    # A make that runs these tests must not lend its own options to the one that is tested.
    kept = {k: v for k, v in kept.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "ARGS")}
    path = f"{project / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["make", *arguments],
        cwd=project,
        env={**kept, "PATH": path, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_python(project: Path) -> None:
    told = make(project, "setup", "PYTHON=no-such-python")
    assert told.returncode != 0
    assert "There is no no-such-python here. Install Python 3.11 or newer" in told.stdout


def test_an_old_python(project: Path) -> None:
    old = program(project, "python3", '[ "$1" = --version ] && echo Python 3.10.13; exit 1')
    told = make(project, "setup")
    assert told.returncode != 0
    assert "needs Python 3.11 or newer; python3 is Python 3.10.13." in told.stdout
    assert "make lab PYTHON=python3.12" in told.stdout
    assert not (old.parent.parent / ".venv").exists()


def test_a_python_without_venv(project: Path) -> None:
    program(project, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    told = make(project, "setup")
    assert told.returncode != 0
    assert "cannot make virtual environments" in told.stdout
    assert "apt install python3-venv" in told.stdout


def test_a_second_time_there_is_nothing_to_install(ready: Path) -> None:
    assert make(ready, "setup").stdout == "Ready. Type: make lab\n"


def test_a_new_lock_is_installed(ready: Path) -> None:
    newer = (ready / ".venv" / "ready").stat().st_mtime + 10
    os.utime(ready / "requirements.lock", (newer, newer))
    assert "-r requirements.lock" in make(ready, "--dry-run", "setup").stdout


@pytest.mark.parametrize(("uid", "allowed"), [("0", True), ("1000", False)])
def test_root_is_allowed_only_to_root(ready: Path, uid: str, allowed: bool) -> None:
    program(ready, "id", f"echo {uid}")
    assert ("--allow-root" in make(ready, "--dry-run", "lab").stdout) is allowed


def test_no_browser_without_a_display(ready: Path) -> None:
    program(ready, "uname", "echo Linux")
    assert "--no-browser" in make(ready, "--dry-run", "lab").stdout
    assert "--no-browser" not in make(ready, "--dry-run", "lab", DISPLAY=":0").stdout
    program(ready, "uname", "echo Darwin")
    assert "--no-browser" not in make(ready, "--dry-run", "lab").stdout


def test_options_reach_jupyterlab(ready: Path) -> None:
    told = make(ready, "--dry-run", "lab", "ARGS=--no-browser --port 8899")
    assert told.stdout.rstrip().endswith("--no-browser --port 8899")


def test_an_endpoint_of_the_callers_does_not_reach_the_tests(ready: Path) -> None:
    assert "env -u AWS_ENDPOINT_URL" in make(ready, "--dry-run", "test").stdout
