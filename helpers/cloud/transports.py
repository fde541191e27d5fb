"""The way in from a notebook: boto3, requests and urllib reach only the offline cloud.

boto3 comes through botocore's public `before-send` event, requests through the `responses`
library, urllib (PyJWT's key client uses it) through its two HTTP handlers. Everything else that
would leave this machine is stopped by Python's audit events.
"""

from __future__ import annotations

import email.message
import io
import ipaddress
import re
import socket
import sys
import urllib.request
import urllib.response
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import boto3
import responses
from botocore import session as botocore_session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.handlers import BUILTIN_HANDLERS
from moto.core.request import Request

from helpers.cloud import aws_sites
from helpers.cloud.response import Response

Send = Callable[[Request], Response]
Reaches = Callable[[str], bool]
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_AWS_HOST = re.compile(r"(.+\.)?amazonaws\.com|[^.]+\.auth\.[^.]+\.amazoncognito\.com")

_HERE = r"https?://(127\.0\.0\.1|localhost|\[::1\])([:/]|$)"
_LOOPBACK = re.compile(f"^{_HERE}")
_ELSEWHERE = re.compile(f"^(?!{_HERE})")


class OutsideWorld(Exception):
    """A cell tried to reach a host that is not part of the offline cloud.

    Not an OSError on purpose: HTTP libraries would turn it into one of theirs and lose the text.
    """

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host!r} is not part of the offline cloud, and nothing here reaches the network. "
            "If this was a boto3 client made before lab.start(), make it again after it."
        )


class EarlierLesson(Exception):
    """A boto3 client from before the last lab.start() was used: its cloud is gone."""

    def __init__(self) -> None:
        super().__init__(
            "this client was made before the lab was started again, and its cloud is gone. "
            "Run the cells from the top: Run > Run All Cells."
        )


class KernelTransport:
    """Routes this process's traffic for AWS hosts to `send`, until closed.

    So does it with every other host that `reaches` says yes to.
    """

    def __init__(self, send: Send, reaches: Reaches, *, botocore: bool = True) -> None:
        self._send = send
        self._reaches = reaches
        self._botocore = botocore
        self._handler = ("before-send", self._from_botocore)
        self._responses = responses.RequestsMock(assert_all_requests_are_fired=False)
        self._urllib = _Urllib(send, self._is_here)
        self._guard = _network_guard()
        self._closed = False
        # Every boto3.Session would read the service models anew: some 15 MB and a third of a
        # second each. In a lesson they share one reader.
        one_loader = cache(botocore_session.create_loader)
        self._loader = patch.object(botocore_session, "create_loader", one_loader)

    def open(self) -> None:
        """Start routing."""
        if self._botocore:
            BUILTIN_HANDLERS.insert(0, self._handler)  # type: ignore[arg-type]
        self._loader.start()
        boto3.DEFAULT_SESSION = None
        for method in _METHODS:
            self._responses.add_callback(method, _ELSEWHERE, callback=self._from_requests)
        self._responses.add_passthru(_LOOPBACK)
        self._responses.start()
        self._urllib.open()
        self._guard.active = True

    def close(self) -> None:
        """Stop routing and take the guard down."""
        self._closed = True
        self._guard.active = False
        self._urllib.close()
        self._loader.stop()
        self._responses.stop(allow_assert=False)
        self._responses.reset()
        boto3.DEFAULT_SESSION = None
        if self._handler in BUILTIN_HANDLERS:
            BUILTIN_HANDLERS.remove(self._handler)  # type: ignore[arg-type]

    def _from_botocore(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        if _LOOPBACK.match(request.url):
            return None  # a client that was pointed at a served cloud goes there by itself
        if self._closed:
            raise EarlierLesson
        answer = self._send(as_request(request.method, request.url, request.headers, request.body))
        body = _RawBody(answer.body)
        return AWSResponse(request.url, answer.status, answer.headers, body)  # type: ignore[arg-type]

    def _from_requests(self, request: Any) -> tuple[int, list[tuple[str, str]], bytes]:
        if not self._is_here(request.url):
            raise OutsideWorld(urlsplit(request.url).hostname or request.url)
        answer = self._send(as_request(request.method, request.url, request.headers, request.body))
        return answer.status, answer.header_list(), answer.body

    def _is_here(self, url: str) -> bool:
        host = urlsplit(url).hostname or ""
        ours = bool(_AWS_HOST.fullmatch(host)) or aws_sites.knows(host)
        return ours or self._reaches(host)


def as_request(method: str, url: str, headers: Mapping[str, Any], body: Any) -> Request:
    """An HTTP request in the one form that the front door takes."""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, bytearray):
        body = bytes(body)
    request = Request.from_primitives(method, url, headers, body)
    request.environ["REMOTE_ADDR"] = "127.0.0.1"
    return request


class _RawBody(io.BytesIO):
    """A body as botocore reads it from urllib3."""

    def stream(self, amt: int = 65536, **_: Any) -> Any:
        while chunk := self.read(amt):
            yield chunk


class _Urllib:
    """Answers urllib's requests for AWS hosts, whichever opener makes them.

    Libraries build openers of their own (PyJWT's key client does), so an installed opener would
    not be asked. The two handlers' methods are replaced instead, as `responses` does for requests.
    """

    def __init__(self, send: Send, is_here: Callable[[str], bool]) -> None:
        self._send = send
        self._is_here = is_here
        handlers = ((urllib.request.HTTPSHandler, "https_open"),)
        handlers += ((urllib.request.HTTPHandler, "http_open"),)
        self._patches = [
            patch.object(handler, name, self._instead_of(getattr(handler, name)))
            for handler, name in handlers
        ]

    def open(self) -> None:
        """Start answering."""
        for replacement in self._patches:
            replacement.start()

    def close(self) -> None:
        """Give urllib its own methods back."""
        for replacement in self._patches:
            replacement.stop()

    def _instead_of(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def opened(handler: Any, request: urllib.request.Request) -> Any:
            if not self._is_here(request.full_url):
                return original(handler, request)
            return self._answer(request)

        return opened

    def _answer(self, request: urllib.request.Request) -> Any:
        headers = {**request.headers, **request.unredirected_hdrs}
        answer = self._send(
            as_request(request.get_method(), request.full_url, headers, request.data)
        )
        message = email.message.Message()
        for name, value in answer.header_list():
            message[name] = value
        opened = urllib.response.addinfourl(
            io.BytesIO(answer.body), message, request.full_url, answer.status
        )
        opened.msg = str(answer.status)  # type: ignore[attr-defined]
        return opened


_SENDING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


class _NetworkGuard:
    """Refuses name look-ups and connections that would leave this machine, while active."""

    def __init__(self) -> None:
        self.active = False

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.active or not event.startswith("socket."):
            return
        if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
            self._check(args[0])
        elif event == "socket.getnameinfo":
            self._check(args[0][0])
        elif event in _SENDING and args[1] and args[0].family != socket.AF_UNIX:
            self._check(args[1][0])

    @staticmethod
    def _check(host: Any) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name in (None, "", "localhost", "0.0.0.0", "::") or _is_loopback(name):
            return
        raise OutsideWorld(name)


@cache
def _network_guard() -> _NetworkGuard:
    """The one guard of this process: Python's audit hooks cannot be taken off again."""
    guard = _NetworkGuard()
    sys.addaudithook(guard._audit)
    return guard


def _is_loopback(host: str) -> bool:
    if host.endswith(".localhost") or host == socket.gethostname():
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False
