"""The way in over HTTP: the same cloud on a loopback address, for browsers, CLIs and any SDK."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from cheroot import wsgi
from moto.core.request import Request

from helpers.cloud import aws_sites, front_door, gateway, hosted_ui, well_known, wire
from helpers.cloud.outside import WsgiApp
from helpers.cloud.response import Response
from helpers.cloud.world import World

HOST = "127.0.0.1"
_LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")
# What a page of another origin may read. Amazon Cognito and the other services with one address
# for all calls answer browsers of any origin. IAM does not, and S3 only as a bucket's rules say.
_CLOSED_TO_PAGES = frozenset({"s3", "iam"})
# The endpoints of a user pool domain that an app in a browser calls from its own origin.
_FOR_PAGES = frozenset({"/oauth2/token", "/oauth2/userInfo", "/oauth2/revoke"})
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, GET, OPTIONS",
    "Access-Control-Allow-Headers": (
        "content-type, x-amz-target, x-amz-user-agent, cache-control, authorization, x-amz-date, "
        "x-amz-security-token, x-amz-content-sha256, amz-sdk-invocation-id, amz-sdk-request"
    ),
    "Access-Control-Expose-Headers": "x-amzn-requestid, x-amzn-errortype",
    "Access-Control-Max-Age": "172800",
}

_NO_PAGE = {"Content-Security-Policy": "sandbox"}

_log = logging.getLogger(__name__)

Sites = Callable[[int | None], Mapping[str, WsgiApp]]


def _nowhere(_: int | None) -> Mapping[str, WsgiApp]:
    """No host outside at all."""
    return {}


class Cloud:
    """The WSGI application. It holds one World and replaces it when the lab is reset.

    `sites` makes the hosts outside for a new world, from its seed.
    """

    def __init__(self, world: World, sites: Sites = _nowhere) -> None:
        self.world = world
        self._sites = sites

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable:
        """Answer one HTTP request (PEP 3333)."""
        environ.setdefault("RAW_URI", environ.get("REQUEST_URI", environ.get("PATH_INFO", "/")))
        request = Request(environ, populate_request=False)
        try:
            answer = self._answer(request)
        except Exception:
            _log.exception("%s failed", environ.get("PATH_INFO"))
            body = b'{"__type":"InternalFailure","message":"We encountered an internal error."}'
            answer = Response(500, {"Content-Type": "application/json"}, body)
        status = HTTPStatus(answer.status) if answer.status in _KNOWN else None
        phrase = f"{answer.status} {status.phrase if status else 'Unknown'}"
        start_response(phrase, _header_list(answer))
        return [] if request.method == "HEAD" else [answer.body]

    def _answer(self, request: Request) -> Response:
        # A provider has lab controls of its own, on its own host.
        if request.path.startswith("/_lab/") and not self.world.outside.knows(request.host):
            return self._control(request)
        if request.path == "/favicon.ico" and request.method == "GET":
            return Response(204, {"Cache-Control": "max-age=86400"}, b"")  # no bucket is meant
        if gateway.passes(request):
            ask = self._page if _at_loopback(request) else self._page_for_strangers
            return gateway.go_through(self.world, request, ask)
        if _at_loopback(request) and (way := gateway.shortcut(self.world, request)):
            return way
        if self._is_page(request):
            return self._page(request)
        # A preflight names no service. Calls to all but S3 go to the root path.
        if request.method == "OPTIONS" and "Origin" in request.headers and request.path == "/":
            return Response(200, dict(_CORS), b"")
        answer = front_door.handle(self.world, request)
        if _to_be_shown(request):
            # A file of a bucket would be a page of this origin, and its scripts press controls.
            answer = replace(answer, headers={**answer.headers, **_NO_PAGE})
        if "Origin" not in request.headers:
            return answer
        if wire.find_service(request)[0] in _CLOSED_TO_PAGES and not well_known.asks_for(request):
            return answer
        return replace(answer, headers={**answer.headers, **_CORS})

    def _is_page(self, request: Request) -> bool:
        known = hosted_ui.asks_for(request) or aws_sites.asks_for(request)
        return known or self.world.outside.knows(request.host)

    def _page(self, request: Request) -> Response:
        """A web page's answer. Only an app's endpoints of a domain are for other origins too."""
        if request.path.startswith("/_lab/") and not _from_no_page(request):
            return _json(403, {"message": "Lab controls are not for web pages."})
        foreign = "Origin" in request.headers
        if foreign and request.method == "OPTIONS" and request.path in _FOR_PAGES:
            return Response(200, dict(_CORS), b"")
        answer = front_door.handle(self.world, request)
        if foreign and request.path in _FOR_PAGES:
            return replace(answer, headers={**answer.headers, **_CORS})
        return answer

    def _page_for_strangers(self, request: Request) -> Response:
        """A page, asked for by a name that is not ours: without any lab controls."""
        if request.path.startswith("/_lab/"):
            return _json(403, {"message": "Lab controls are not for web pages."})
        return self._page(request)

    def _control(self, request: Request) -> Response:
        """Lab controls. A web page of another origin can neither read nor press them."""
        if not _same_origin(request):
            return _json(403, {"message": "Lab controls are not for web pages of another origin."})
        name = request.path.removeprefix("/_lab/")
        control = {
            ("GET", "health"): self._health,
            ("GET", "inbox"): self._inbox,
            ("GET", "trace"): self._trace,
            ("POST", "clock"): self._clock,
            ("POST", "reset"): self._reset,
            ("POST", "trace"): self._clear_trace,
        }.get((request.method, name))
        if control is None:
            return _json(404, {"message": f"There is no lab control {request.method} {name}."})
        try:
            with self.world.lock:
                return _json(200, control(request))
        except (ValueError, TypeError, OverflowError, RecursionError) as wrong:
            return _json(400, {"message": f"{wrong}"})

    def _health(self, _: Request) -> dict[str, Any]:
        now = self.world.clock.now().isoformat()
        return {"status": "ok", "now": now, "hosts": self.world.outside.hosts()}

    def _inbox(self, request: Request) -> dict[str, Any]:
        messages = self.world.inbox.to(request.args.get("to"))
        return {"messages": [m.as_dict() for m in messages]}

    def _trace(self, request: Request) -> dict[str, Any]:
        after = int(request.args.get("after", 0))
        return {"entries": [e.as_dict() for e in self.world.trace if e.n > after]}

    def _clear_trace(self, _: Request) -> dict[str, Any]:
        self.world.trace.clear()
        return {}

    def _clock(self, request: Request) -> dict[str, Any]:
        seconds = _body(request).get("advance_seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise ValueError("advance_seconds must be a number")
        return {"now": self.world.clock.advance(seconds=seconds).isoformat()}

    def _reset(self, request: Request) -> dict[str, Any]:
        wanted = _body(request)
        now = datetime.fromisoformat(wanted["now"]) if wanted.get("now") else None
        if now is not None and not 2000 <= now.year <= 2100:
            raise ValueError("now must lie between the years 2000 and 2100")
        seed = wanted.get("seed")
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
            raise ValueError("seed must be a whole number")
        self.world.stop()
        lock = self.world.lock
        self.world = World(seed=seed, now=now, outside=self._sites(seed))
        self.world.lock = lock
        return self._health(request)


_KNOWN = frozenset(int(status) for status in HTTPStatus)


def _body(request: Request) -> dict[str, Any]:
    data = json.loads(request.get_data() or b"{}")
    if not isinstance(data, dict):
        raise ValueError("the body must be a JSON object")
    return data


def _json(status: int, data: dict[str, Any]) -> Response:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Response(status, headers, json.dumps(data).encode())


def _same_origin(request: Request) -> bool:
    """True for a caller that is no browser, or a page this very server has sent.

    A page of another origin is given away by its Origin or Sec-Fetch-Site header; a page that
    had a name of its own pointed at loopback, by the Host it asks for.
    """
    if not _at_loopback(request):
        return False
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == f"http://{request.host}"


def _at_loopback(request: Request) -> bool:
    """Whether a request asks for this machine, and not for a name that was pointed at it."""
    try:
        return (urlsplit(f"//{request.host}").hostname or "") in _LOOPBACK_NAMES
    except ValueError:
        return False


def _to_be_shown(request: Request) -> bool:
    """Whether a browser asks for something to show, rather than a program or a script."""
    kind = request.headers.get("Sec-Fetch-Dest", "empty")
    return kind != "empty" or "text/html" in request.headers.get("Accept", "")


def _from_no_page(request: Request) -> bool:
    """True unless a browser says that a page of another site has asked."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    return site in ("none", "same-origin") and "Origin" not in request.headers


def _header_list(answer: Response) -> list[tuple[str, str]]:
    """Headers as WSGI wants them: the length counted, no line breaks inside."""
    skip = {"content-length", "transfer-encoding", "connection", "status", "server", "date"}
    headers = [(n, _one_line(v)) for n, v in answer.header_list() if n.lower() not in skip]
    length = answer.headers.get("Content-Length", answer.headers.get("content-length"))
    if not answer.body and length and length.isdigit():
        return [*headers, ("Content-Length", length)]
    return [*headers, ("Content-Length", str(len(answer.body)))]


def _one_line(value: str) -> str:
    text = value.replace("\r", " ").replace("\n", " ")
    return text.encode("latin-1", "replace").decode("latin-1")


class Listening:
    """A threaded HTTP server on loopback, bound but not yet answering."""

    def __init__(self, cloud: Cloud, port: int = 0) -> None:
        self._server = wsgi.Server(
            (HOST, port), cloud, numthreads=8, server_name="CognitoLab", request_queue_size=128
        )
        self._server.max_request_body_size = 256 * 1024 * 1024
        self._failure: Exception | None = None
        # Worker threads are daemons like the thread that makes them: a kernel can then exit
        # although nobody closed the server.
        preparing = threading.Thread(target=self._prepare, daemon=True)
        preparing.start()
        preparing.join()
        if self._failure is not None:
            raise self._failure

    def _prepare(self) -> None:
        try:
            self._server.prepare()
        except (OSError, OverflowError) as failure:
            self._failure = failure

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self._server.bind_addr[1]}"

    def run(self) -> None:
        """Answer requests until closed."""
        self._server.serve()

    def close(self) -> None:
        """Stop answering."""
        self._server.stop()


def listen(cloud: Cloud, port: int = 0) -> Listening:
    """Bind a server to loopback. `port` 0 takes a free one. OSError if the port is taken."""
    return Listening(cloud, port)
