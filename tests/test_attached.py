"""Every notebook gives the saved outputs also when the cloud runs in another process.

The same cells, unchanged, with AWS_ENDPOINT_URL set: so no cell depends on magic in its kernel.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """This process's, without its AWS settings, and with the helpers in every kernel's reach."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    path = os.pathsep.join(filter(None, [str(ROOT), kept.get("PYTHONPATH")]))
    return {**kept, "PYTHONPATH": path}


@pytest.fixture(scope="module")
def url(environment: dict[str, str]) -> Iterator[str]:
    """The address of an offline cloud in a process of its own."""
    command = [sys.executable, "-m", "helpers", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            ready = server.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", ready)
            assert address, f"the server did not say where it is: {ready!r}"
            yield address.group()
        finally:
            server.terminate()


@pytest.mark.attached
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_the_notebook_passes(notebook: Path, url: str, environment: dict[str, str]) -> None:
    nbval = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout", "120"]
    nbval += ["--nbval-sanitize-with", str(ROOT / "tests" / "notebooks" / "nbval.cfg")]
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *nbval, str(notebook)],
        cwd=ROOT,
        env={**environment, "AWS_ENDPOINT_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
