"""A lesson's hold on a cloud in another process: everything goes over HTTP."""

from __future__ import annotations

import http.client
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from moto.core.request import Request

from helpers.cloud.clock import Clock
from helpers.cloud.inbox import EmptyInbox, Message
from helpers.cloud.response import Response
from helpers.cloud.trace import Entry, Trace


class NoServer(ConnectionError):
    """AWS_ENDPOINT_URL names an address where no offline cloud answers."""


class Attachment:
    """The connection to a served cloud, which is reset to the lesson's first moment."""

    def __init__(self, url: str, *, seed: int | None, now: datetime | None) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme != "http" or not parts.hostname or not parts.port:
            raise ValueError(f"AWS_ENDPOINT_URL must look like http://127.0.0.1:4566, not {url!r}")
        self._address = (parts.hostname, parts.port)
        wanted = {"seed": seed, "now": now.isoformat() if now else None}
        self.hosts = frozenset(self.control("POST", "reset", wanted)["hosts"])
        self.inbox = _RemoteInbox(self)
        self.clock = _RemoteClock(self, now)

    def send(self, request: Request) -> Response:
        """Hand a request for an AWS host to the served cloud, under that host's name."""
        path = request.raw_path
        query = request.query_string.decode("latin-1")
        return self._exchange(
            request.method,
            f"{path}?{query}" if query else path,
            dict(request.headers.items()),
            request.get_data(),
        )

    def control(self, method: str, name: str, data: Any = None) -> Any:
        """Use a lab control, for example `control("POST", "clock", {...})`; its JSON answer."""
        headers = {"Host": f"{self._address[0]}:{self._address[1]}"}
        body = json.dumps(data).encode() if data is not None else b""
        answer = self._exchange(method, f"/_lab/{name}", headers, body)
        content = json.loads(answer.body)
        if answer.status != 200:
            raise ValueError(content.get("message", answer.status))
        return content

    def trace(self) -> Trace:
        """The requests that the served cloud has recorded."""
        return Trace([Entry.from_dict(e) for e in self.control("GET", "trace")["entries"]])

    def forget_trace(self) -> None:
        """Make the served cloud's trace start again at 1."""
        self.control("POST", "trace")

    def close(self) -> None:
        """Give this process its real time back."""
        self.clock.close()

    def _exchange(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Response:
        connection = http.client.HTTPConnection(*self._address, timeout=60)
        try:
            connection.request(method, target, body or None, headers)
            answer = connection.getresponse()
            headers = {k: v for k, v in answer.getheaders() if k.lower() != "set-cookie"}
            cookies = tuple(v for k, v in answer.getheaders() if k.lower() == "set-cookie")
            return Response(answer.status, headers, answer.read(), cookies)
        except OSError as unreachable:
            text = f"no offline cloud answers at {self.url}; start one with `make serve`"
            raise NoServer(text) from unreachable
        finally:
            connection.close()


class _RemoteInbox:
    def __init__(self, remote: Attachment) -> None:
        self._remote = remote

    def to(self, address: str | None = None) -> list[Message]:
        query = f"?{urlencode({'to': address})}" if address is not None else ""
        found = self._remote.control("GET", f"inbox{query}")
        return [Message(**message) for message in found["messages"]]

    def latest(self, address: str) -> Message:
        messages = self.to(address)
        if not messages:
            known = sorted({m.to for m in self.to()})
            raise EmptyInbox(f"nothing was sent to {address!r}; messages so far went to {known}")
        return messages[-1]


class _RemoteClock:
    """Moves the served cloud's clock and this process's together."""

    def __init__(self, remote: Attachment, now: datetime | None) -> None:
        self._remote = remote
        self._here = Clock(now)

    def now(self) -> datetime:
        return self._here.now()

    def advance(self, **amount: float) -> datetime:
        before = self._here.now()
        after = self._here.advance(**amount)
        seconds = (after - before).total_seconds()
        self._remote.control("POST", "clock", {"advance_seconds": seconds})
        return after

    def close(self) -> None:
        self._here.stop()
