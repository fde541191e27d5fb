"""Other people's programs: where they are, how they are installed, how their servers start.

They live in a folder of their own, `.peers/` or the one that LAB_PEERS names, and never in the
environment of the course.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import distribution, distributions
from pathlib import Path

from tests.bench.contest import ROOT, environment

FOLDER = Path(os.environ.get("LAB_PEERS") or ROOT / ".peers").resolve()
PYTHON = FOLDER / "python"
NODE = FOLDER / "node"
SCRIPTS = PYTHON / ("Scripts" if os.name == "nt" else "bin")
NPM_PACKAGES = ("cognito-local", "@cloud-copilot/iam-simulate")


def install() -> int:
    """Install all peers. What needs Node is left out where there is none."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / ".gitignore").write_text("*\n")
    subprocess.run([sys.executable, "-m", "venv", PYTHON], check=True)
    packages = ["ministack[full]", f"moto[server,cognitoidp]=={distribution('moto').version}"]
    subprocess.run([SCRIPTS / "python", "-m", "pip", "install", "-q", *packages], check=True)
    npm = shutil.which("npm")
    if npm is None:
        sys.stdout.write(f"npm is not here, so without {', '.join(NPM_PACKAGES)}\n")
        return 0
    NODE.mkdir(exist_ok=True)
    (NODE / "package.json").write_text('{"private": true}\n')
    install = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *NPM_PACKAGES]
    subprocess.run(install, cwd=NODE, check=True)
    return 0


def npm_package(name: str) -> Path | None:
    """The folder of an npm package, None if it or Node is not there."""
    folder = NODE / "node_modules" / name
    return folder if folder.is_dir() and shutil.which("node") else None


@dataclass(frozen=True)
class Server:
    """A program that serves Cognito on loopback. `{port}` in its settings stands for the port."""

    name: str
    command: list[str]
    variables: dict[str, str] = field(default_factory=dict)

    def is_installed(self) -> bool:
        """Whether the program is there."""
        return shutil.which(self.command[0]) is not None and (
            self.command[0] != "node" or Path(self.command[1]).exists()
        )

    def version(self) -> str:
        """The version of the package that the program is from."""
        package = NODE / "node_modules" / self.name / "package.json"
        if package.exists():
            return json.loads(package.read_text("utf-8"))["version"]
        folders = [str(folder) for folder in PYTHON.glob("lib/python*/site-packages")]
        folders += [str(PYTHON / "Lib" / "site-packages")]
        wanted = self.name.removesuffix("_server")
        found = (d.version for d in distributions(path=folders) if d.name.lower() == wanted)
        return next(found, "")


SERVERS = [
    Server(
        "ministack",
        [str(SCRIPTS / "ministack")],
        {"GATEWAY_PORT": "{port}", "BIND_HOST": "127.0.0.1", "LOG_LEVEL": "ERROR"},
    ),
    Server("moto_server", [str(SCRIPTS / "moto_server"), "-H", "127.0.0.1", "-p", "{port}"]),
    Server(
        "cognito-local",
        ["node", str(NODE / "node_modules" / "cognito-local" / "lib" / "bin" / "start.js")],
        {"PORT": "{port}", "HOST": "127.0.0.1"},
    ),
]


@contextmanager
def running(server: Server) -> Iterator[str]:
    """The address of a server that is started and then stopped, in an empty folder of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {k: v.format(port=port) for k, v in server.variables.items()}
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [part.format(port=port) for part in server.command],
            cwd=folder,
            env=environment(PYTHONPATH=str(ROOT), **variables),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: int = 60) -> None:
    """Return when somebody listens on the port."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args} did not begin to listen on port {port}")
