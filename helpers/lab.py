"""Start and stop the offline cloud from a notebook.

    from helpers import lab
    cloud = lab.start()

From then on boto3 and requests in this process reach only the offline cloud. Where
AWS_ENDPOINT_URL names a running `python -m helpers serve`, the notebook attaches to that one.
"""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Container
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Protocol

from helpers import browser, scenes
from helpers.attached import Attachment
from helpers.cloud import front_door, gateway, server
from helpers.cloud.inbox import Message
from helpers.cloud.trace import Entry, Trace
from helpers.cloud.transports import KernelTransport
from helpers.cloud.world import World
from helpers.explanation import Explanation
from helpers.providers.sites import sites

SEED = 7
FIRST_MOMENT = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
REGION = "us-east-1"


class Inbox(Protocol):
    """What was e-mailed or texted."""

    def to(self, address: str | None = None) -> list[Message]: ...  # noqa: D102
    def latest(self, address: str) -> Message: ...  # noqa: D102


class Clock(Protocol):
    """The cloud's time."""

    def now(self) -> datetime: ...  # noqa: D102
    def advance(self, **amount: float) -> datetime: ...  # noqa: D102


class Cloud(ABC):
    """A running offline cloud, as a notebook holds it."""

    inbox: Inbox
    clock: Clock
    scene: SimpleNamespace

    @property
    @abstractmethod
    def trace(self) -> Trace:
        """Every request since the lesson began, oldest first."""

    @abstractmethod
    def serve(self, port: int = 0) -> str:
        """The URL of this cloud for a browser or another program on this machine."""

    @abstractmethod
    def stop(self) -> None:
        """End the lesson: boto3, requests and the clock are as they were before."""

    def in_browser(self, url: str) -> str:
        """Where a real browser finds a page of this cloud, such as a user pool domain's /login.

        The loopback address; on a JupyterHub the path of jupyter-server-proxy. ValueError for an
        address that is neither a user pool domain's nor a provider's.
        """
        path = gateway.path_of(url, self._outside())
        if path is None:
            raise ValueError(f"{url!r} is not a page of the offline cloud")
        return f"{browser.base(self.serve())}{path}"

    def show(self, url: str, height: int = 560) -> browser.Frame:
        """The same page in a frame of the notebook, with a link that opens it in a tab."""
        return browser.Frame(url, self.in_browser(url), height)

    @abstractmethod
    def _outside(self) -> Container[str]:
        """The names of all hosts outside."""

    @abstractmethod
    def _forget_trace(self) -> None: ...

    def explain(self, entry: Entry | None = None) -> Explanation:
        """Why the last request that needed permission was allowed or refused.

        Give an entry of `cloud.trace` to ask about another one. LookupError when nothing has
        been decided yet.
        """
        if entry is None:
            decided = [e for e in self.trace if e.verdicts]
            if not decided:
                raise LookupError("no request has needed a permission yet")
            entry = decided[-1]
        return Explanation(entry)


class LocalCloud(Cloud):
    """The cloud inside this process."""

    def __init__(self, *, seed: int | None, now: datetime | None) -> None:
        world = World(seed=seed, now=now, outside=sites(seed))
        self._app = server.Cloud(world, sites)
        self._server: Any = None
        self._environment = _Environment()
        self._transport = KernelTransport(
            lambda request: front_door.handle(self._app.world, request),
            lambda host: self._app.world.outside.knows(host),
        )
        self._environment.enter()
        self._transport.open()
        self.inbox, self.clock = world.inbox, world.clock

    @property
    def trace(self) -> Trace:
        """Every request since the lesson began, oldest first."""
        return self._app.world.trace

    def serve(self, port: int = 0) -> str:
        """Put this cloud on a loopback URL and return it. Called again, the same URL."""
        if self._server is None:
            self._server = server.listen(self._app, port)
            threading.Thread(target=self._server.run, name="cognito-lab", daemon=True).start()
        return self._server.url

    def stop(self) -> None:
        """End the lesson: boto3, requests and the clock are as they were before."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._transport.close()
        self._environment.leave()
        self._app.world.stop()

    def _outside(self) -> Container[str]:
        return self._app.world.outside.hosts()

    def _forget_trace(self) -> None:
        self.trace.clear()


class AttachedCloud(Cloud):
    """A cloud in another process, reached over HTTP."""

    def __init__(self, url: str, *, seed: int | None, now: datetime | None) -> None:
        self._environment = _Environment(keep=("AWS_ENDPOINT_URL",))
        self._remote = Attachment(url, seed=seed, now=now)
        self._transport = KernelTransport(
            self._remote.send, self._remote.hosts.__contains__, botocore=False
        )
        self._environment.enter()
        self._transport.open()
        self.inbox, self.clock = self._remote.inbox, self._remote.clock

    @property
    def trace(self) -> Trace:
        """Every request since the lesson began, oldest first, as the server has it now."""
        return self._remote.trace()

    def serve(self, port: int = 0) -> str:
        """The URL of the cloud that this notebook is attached to."""
        return self._remote.url

    def stop(self) -> None:
        """Let go of the server, which goes on running."""
        self._transport.close()
        self._environment.leave()
        self._remote.close()

    def _outside(self) -> Container[str]:
        return self._remote.hosts

    def _forget_trace(self) -> None:
        self._remote.forget_trace()


class _Environment:
    """The AWS settings of this process during a lesson: no account of the learner's is used."""

    _SET = {  # noqa: RUF012
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }

    def __init__(self, keep: tuple[str, ...] = ()) -> None:
        self._keep = keep
        self._before: dict[str, str] = {}

    def enter(self) -> None:
        """Put the lesson's settings in place of the learner's."""
        self._before = {k: v for k, v in os.environ.items() if k.startswith("AWS_")}
        for name in self._before:
            if name not in self._keep:
                del os.environ[name]
        key = os.environ.get("LAB_ADMIN_ACCESS_KEY_ID") or "test"
        secret = os.environ.get("LAB_ADMIN_SECRET_ACCESS_KEY") or "test"
        admin = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
        os.environ.update(self._SET | admin)

    def leave(self) -> None:
        """Put the learner's settings back."""
        for name in [n for n in os.environ if n.startswith("AWS_")]:
            del os.environ[name]
        os.environ.update(self._before)


# A process has one clock and one set of botocore handlers, so it can hold one lesson at a time.
_running: list[Cloud] = []


def start(scene: str | None = None, *, live: bool = False) -> Cloud:
    """Start the offline cloud and return it.

    `scene` is a notebook's number, for example "10": what the earlier notebooks built is built
    again. Ids and clock are the same on every run; `live=True` gives real time and fresh ids.
    A lesson that is still running is stopped first. ValueError for an unknown scene.
    """
    build = scenes.find(scene)
    stop()
    seed, now = (None, None) if live else (SEED, FIRST_MOMENT)
    url = os.environ.get("AWS_ENDPOINT_URL")
    cloud: Cloud = AttachedCloud(url, seed=seed, now=now) if url else LocalCloud(seed=seed, now=now)
    _running.append(cloud)
    cloud.scene = build()
    cloud._forget_trace()
    return cloud


def stop() -> None:
    """Stop the lesson that is running, if there is one."""
    while _running:
        _running.pop().stop()
