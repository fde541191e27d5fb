"""The sign-in pages through jupyter-server-proxy, as a notebook on a JupyterHub shows them.

A Jupyter server under a hub's path stands for the hub: what is between it and the browser adds
nothing to addresses.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests

from helpers import lab
from tests.clients.sign_in_app import SignInApp
from tests.cloud.hosted_ui.site import Browser

PREFIX, TOKEN = "/user/ada/", "a-token"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    """The address of a Jupyter server whose pages lie under a hub's path."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {
        "ServerApp.base_url": PREFIX,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "ServerApp.root_dir": tmp_path,
        "IdentityProvider.token": TOKEN,
    }
    command = [sys.executable, "-m", "jupyter_server", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    address = f"http://127.0.0.1:{port}"
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=tmp_path, stdout=quiet, stderr=quiet) as server:
        try:
            wait_for(f"{address}{PREFIX}api", server)
            yield address
        finally:
            server.terminate()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the Jupyter server has stopped"
        try:
            requests.get(url)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the Jupyter server does not answer")


@pytest.mark.parametrize("way", ["password", "Google", "Company"])
def test_a_sign_in_through_the_proxy(
    hub: str,
    sign_in_app: SignInApp,
    live_cloud: lab.Cloud,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    query = (
        f"client_id={sign_in_app.client_id}&response_type=code&scope=openid&state=s"
        f"&redirect_uri={sign_in_app.callback}"
    ) + ("" if way == "password" else f"&identity_provider={way}")
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", PREFIX)
    path = live_cloud.in_browser(f"{sign_in_app.base}/oauth2/authorize?{query}")
    assert path.startswith(f"{PREFIX}proxy/")
    nobody = requests.get(urljoin(hub, path))
    assert "/login" in nobody.url and "/_domain/" not in urlsplit(nobody.url).path

    browser = Browser(base=hub)
    browser.get(f"{hub}{PREFIX}api/status", token=TOKEN)
    page = browser.get(urljoin(hub, path))
    password = sign_in_app.password if way == "password" else sign_in_app.provider_password
    page = browser.submit(page, username="alice", password=password)
    if way == "Company":
        page = browser.submit(page)  # the directory's form, which a browser sends by itself
    assert urlsplit(page.url).path.startswith(f"{PREFIX}proxy/")
    assert urlsplit(page.url).path.endswith("/_outside/photos.example.com/callback")
    assert "code" in parse_qs(urlsplit(page.url).query)
