"""One served cloud for the tests of a file, emptied before each of them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from helpers import lab
from tests.clients import app as apps
from tests.clients import jupyter
from tests.clients import node as nodes
from tests.clients.served import Served
from tests.clients.sign_in_app import SignInApp, build
from tests.clients.tls import TlsFront

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the JavaScript clients, ready to run."""
    return nodes.prepare(request, tmp_path_factory)


@pytest.fixture
def chromium() -> str:
    """The browser of this machine, or skip."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("no Chromium on this machine")


@pytest.fixture
def live_cloud() -> Iterator[lab.Cloud]:
    """A cloud whose clock runs, in this process and served."""
    yield lab.start(live=True)
    lab.stop()


@pytest.fixture
def sign_in_app(live_cloud: lab.Cloud) -> SignInApp:
    """A web app whose people sign in with a password, with Google or at their company."""
    return build(live_cloud)


@pytest.fixture
def tls(live_cloud: lab.Cloud) -> Iterator[TlsFront]:
    """The served cloud behind TLS, as a browser wants it for https addresses."""
    with TlsFront(live_cloud.serve()) as front:
        yield front


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Jupyter server whose pages lie under a hub's path."""
    with jupyter.running(tmp_path_factory.mktemp("jupyter")) as address:
        yield address


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """`python -m helpers serve` in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "LAB_"))}
    command = [sys.executable, "-m", "helpers", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            ready = process.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", ready)
            assert address, f"the server did not say where it is: {ready!r}"
            yield Served(address.group())
        finally:
            process.terminate()


@pytest.fixture
def served(server: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The served cloud with nothing in it; clients find it through AWS_ENDPOINT_URL."""
    server.reset()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    settings = {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": apps.REGION,
        "AWS_REGION": apps.REGION,  # the one that the SDK for JavaScript reads
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    boto3.DEFAULT_SESSION = None
    yield server
    boto3.DEFAULT_SESSION = None


@pytest.fixture
def app(served: Served) -> apps.App:
    """An app with one confirmed user, alice."""
    return apps.build()
