"""A Jupyter server under a hub's path, with jupyter-server-proxy.

It stands for the hub: what is between it and the browser adds nothing to addresses.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

PREFIX, TOKEN = "/user/ada/", "a-token"


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a Jupyter server whose pages lie under a hub's path."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {
        "ServerApp.base_url": PREFIX,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "ServerApp.root_dir": folder,
        "IdentityProvider.token": TOKEN,
    }
    command = [sys.executable, "-m", "jupyter_server", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    address = f"http://127.0.0.1:{port}"
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet) as server:
        try:
            wait_for(f"{address}{PREFIX}api", server)
            yield address
        finally:
            server.terminate()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):  # two minutes, for a machine that is busy
        assert server.poll() is None, "the Jupyter server has stopped"
        try:
            requests.get(url)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the Jupyter server does not answer")
