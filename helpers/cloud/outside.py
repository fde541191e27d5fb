"""The hosts beyond the cloud: outside providers and web apps, as this world reaches them.

The cloud knows them only as strangers on the network. A host that is not among them does not
exist, so nothing ever leaves this machine.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

from moto.core.request import Request
from werkzeug.test import run_wsgi_app

from helpers.cloud.response import Response
from helpers.cloud.trace import Trace, begin_visit, end_visit

WsgiApp = Callable[..., Iterable[bytes]]

# What a careful client reads of an answer. Key sets and metadata are a few kilobytes.
_LARGEST = 1_000_000
_log = logging.getLogger(__name__)
_SPACES = re.compile(r"[\x00-\x20\x7f]")


class Unreachable(Exception):
    """The cloud could not get an answer from an outside address."""


class Outside:
    """Every host that is not the cloud's own, by name."""

    def __init__(
        self, sites: Mapping[str, WsgiApp], trace: Trace, now: Callable[[], datetime]
    ) -> None:
        self._sites = sites
        self._trace = trace
        self._now = now

    def knows(self, host: str) -> bool:
        """Whether there is such a host. A port is not part of the name."""
        return host.partition(":")[0].lower() in self._sites

    def hosts(self) -> list[str]:
        """The names of all hosts."""
        return sorted(self._sites)

    def answer(self, request: Request, caller: str = "browser") -> Response:
        """What an outside host answers to a request. KeyError for an unknown host."""
        site = self._sites[request.host.partition(":")[0].lower()]
        request.get_data()  # kept, so that reading it for the trace takes nothing from the site
        if request.path.startswith("/_lab/"):
            return self._ask(site, request)
        entry = begin_visit(self._trace, self._now(), request, "outside", caller)
        response = self._ask(site, request)
        end_visit(entry, request, response)
        return response

    def _ask(self, site: WsgiApp, request: Request) -> Response:
        try:
            return _run(site, request)
        except Exception:
            _log.exception("%s %s failed", request.method, request.base_url)
            sorry = {"Content-Type": "text/plain; charset=utf-8"}
            return Response(500, sorry, b"This site has a problem.")

    def fetch(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        caller: str = "Cognito",
    ) -> Response:
        """Make a request as the cloud itself does, for keys, tokens or metadata.

        `caller` is who asks, in the words of the trace.
        `form` is sent as application/x-www-form-urlencoded. Redirects are not followed.
        Unreachable for anything but https to a known host, and for an answer over a megabyte.
        """
        request = _outgoing(method, url, dict(headers or {}), form)
        if request is None or not self.knows(request.host):
            raise Unreachable(f"{url!r} cannot be reached")
        response = self.answer(request, caller)
        if len(response.body) > _LARGEST:
            raise Unreachable(f"{request.host} answered with more than {_LARGEST} bytes")
        return response


def _run(site: WsgiApp, request: Request) -> Response:
    chunks, status, headers = run_wsgi_app(site, _fresh(request), buffered=True)
    plain = {k: v for k, v in headers if k.lower() != "set-cookie"}
    cookies = tuple(headers.getlist("Set-Cookie"))
    return Response(int(status.split(" ")[0]), plain, b"".join(chunks), cookies)


def _outgoing(
    method: str, url: str, headers: dict[str, str], form: Mapping[str, str] | None
) -> Request | None:
    """The request for a URL, None unless it is a plain https address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    plain = not (parts.username or parts.password or _SPACES.search(url))
    if parts.scheme != "https" or not parts.hostname or port not in (None, 443) or not plain:
        return None
    body = b""
    if form is not None:
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(form).encode()
    return Request.from_primitives(method, url, headers, body)


def _fresh(request: Request) -> dict[str, Any]:
    """The request's environment with its body unread."""
    body = request.get_data()
    environ = {k: v for k, v in request.environ.items() if not k.startswith("werkzeug.")}
    return {**environ, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
