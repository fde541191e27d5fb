"""Hosts with real-looking names, under the one address that a browser here can reach.

    https://photo-app.auth.us-east-1.amazoncognito.com/login  →  /_domain/photo-app/login
    https://accounts.google.com/o/oauth2/v2/auth              →  /_outside/accounts.google.com/…
    https://device.sso.us-east-1.amazonaws.com/               →  /_aws/device.sso.us-east-1.amaz…/

A request that comes by such a path goes on to its host; what the answer says about addresses is
written in the browser's terms again. Targets are relative, so that a proxy in front (JupyterHub's)
may put a path of its own before them.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Container
from dataclasses import replace
from urllib.parse import urlsplit

from moto.core.request import Request

from helpers.cloud import aws_sites, hosted_ui
from helpers.cloud.response import Response
from helpers.cloud.world import World

_PATH = re.compile(r"/_(?P<kind>domain|outside|aws)/(?P<name>[A-Za-z0-9.-]{1,253})(?P<rest>/.*)?")
_ADDRESS = re.compile(r'(?P<before>\b(?:action|href|src)=)"(?P<url>https://[^"]*)"')
_FOR_APPS = ("/oauth2/userInfo",)
_PREFIX = re.compile(r"(?:/[\w.~%@-]+)*")
_ATTRIBUTES = re.compile(r";\s*(?:path=[^;]*|secure|samesite=[^;]*)", re.IGNORECASE)

Ask = Callable[[Request], Response]


def passes(request: Request) -> bool:
    """Whether a request comes by the gateway's paths."""
    return _PATH.fullmatch(request.raw_path) is not None


def go_through(world: World, request: Request, ask: Ask) -> Response:
    """Ask the host that the path names; the answer, its addresses as this browser needs them."""
    way = _PATH.fullmatch(request.raw_path)
    host = _host(world, way["kind"], way["name"]) if way else None
    if way is None or host is None:
        sorry = {"Content-Type": "text/plain; charset=utf-8"}
        return Response(404, sorry, b"The offline cloud knows no host of this name.")
    if not way["rest"]:
        return Response(308, {"Location": f"{way['name']}/"}, b"")
    if request.method == "GET" and host != way["name"] and way["rest"] not in _FOR_APPS:
        # One place for each host, because cookies keep to their path.
        query = request.query_string.decode("latin-1")
        depth = "../" * way["rest"].count("/")
        target = f"{depth}{host}{way['rest']}" + (f"?{query}" if query else "")
        return Response(307, {"Location": target}, b"")
    base = f"/_{way['kind']}/{way['name']}"
    response = ask(_as_seen_by(request, host, way["rest"]))
    here = _Here(world.outside.hosts(), base, posixpath.dirname(request.raw_path), _prefix(request))
    return here.rewrite(response)


def shortcut(world: World, request: Request) -> Response | None:
    """The way to the page that a program opened at this server's own address, None if to none."""
    page = aws_sites.page_of_program(world, request)
    path = path_of(page, ()) if page else None
    if path is None:
        return None
    query = request.query_string.decode("latin-1")
    return Response(302, {"Location": f"{path.removeprefix('/')}?{query}"}, b"")


def path_of(url: str, outside: Container[str]) -> str | None:
    """The gateway's path for an https address of a known host, None for any other address.

    Known are user pool domains, AWS's own web sites, and the hosts `outside`.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme != "https":
        return None
    if host in outside:
        base = f"/_outside/{host}"
    elif hosted_ui.is_domain(host):
        base = f"/_domain/{host}"
    elif aws_sites.knows(host):
        base = f"/_aws/{host}"
    else:
        return None
    tail = f"?{parts.query}" if parts.query else ""
    tail += f"#{parts.fragment}" if parts.fragment else ""
    return f"{base}{_without_dots(parts.path)}{tail}"


def _without_dots(path: str) -> str:
    """A path with its dot segments resolved, so that none leads out of its host's place here.

    A browser takes %2e for a dot (URL Standard, "double-dot URL path segment").
    """
    kept: list[str] = []
    segments = path.removeprefix("/").split("/")
    for segment in segments:
        plain = segment.lower().replace("%2e", ".")
        if plain == "..":
            del kept[-1:]
        elif plain != ".":
            kept.append(segment)
    ended = segments[-1].lower().replace("%2e", ".") in (".", "..")
    return "/" + "/".join([*kept, ""] if ended and kept else kept)


def _host(world: World, kind: str, name: str) -> str | None:
    if kind == "outside":
        return name.lower() if world.outside.knows(name) else None
    if kind == "aws":
        return name.lower() if aws_sites.knows(name) else None
    if "." in name:
        return name.lower() if hosted_ui.is_domain(name.lower()) else None
    return hosted_ui.host_of_prefix(world, name)


def _as_seen_by(request: Request, host: str, path: str) -> Request:
    """The same request as its host would have received it."""
    environ = {k: v for k, v in request.environ.items() if not k.startswith("werkzeug.")}
    environ |= {
        "HTTP_HOST": host,
        "SERVER_NAME": host,
        "SERVER_PORT": "443",
        "wsgi.url_scheme": "https",
        "SCRIPT_NAME": "",
        "RAW_URI": path,
        "REQUEST_URI": path,
        # As it came, in WSGI's own spelling: what stands before it has no escapes.
        "PATH_INFO": request.environ["PATH_INFO"][len(request.raw_path) - len(path) :],
    }
    return Request(environ, populate_request=False)


def _prefix(request: Request) -> str:
    """The path that a proxy in front has taken off, as jupyter-server-proxy tells it."""
    prefix = request.headers.get("X-Forwarded-Context", "").rstrip("/")
    return prefix if _PREFIX.fullmatch(prefix) else ""


class _Here:
    """The browser's place while it looks at one host."""

    def __init__(self, outside: Container[str], base: str, folder: str, prefix: str) -> None:
        self._outside = outside
        self._base = base
        self._folder = folder
        self._prefix = prefix

    def rewrite(self, response: Response) -> Response:
        headers = dict(response.headers)
        if "Location" in headers:
            headers["Location"] = self._location(headers["Location"])
        body = response.body
        if headers.get("Content-Type", "").startswith("text/html"):
            body = _ADDRESS.sub(self._attribute, body.decode("utf-8", "replace")).encode()
        cookies = tuple(map(self._cookie, response.cookies))
        return replace(response, headers=headers, body=body, cookies=cookies)

    def _location(self, target: str) -> str:
        if target.startswith("/") and not target.startswith("//"):
            return self._relative(f"{self._base}{target}")
        path = path_of(target, self._outside)
        return target if path is None else self._relative(path)

    def _attribute(self, found: re.Match[str]) -> str:
        path = path_of(html.unescape(found["url"]), self._outside)
        if path is None:
            return found[0]
        return f'{found["before"]}"{html.escape(self._relative(path))}"'

    def _relative(self, path: str) -> str:
        """An address on this server as seen from the page: right behind every proxy."""
        plain, mark, tail = re.match(r"([^?#]*)([?#]?)(.*)", path, re.DOTALL).groups()  # type: ignore[union-attr]
        # By its name in its folder: from inside /start, "." would be /start/ and not /start.
        folder, name = posixpath.split(plain)
        steps = posixpath.relpath(folder, self._folder)
        steps = name if name and steps == "." else f"{steps}/{name}"
        if ":" in steps.split("/")[0]:
            steps = f"./{steps}"  # or it would be read as a scheme, such as javascript:
        return f"{steps}{mark}{tail}"

    def _cookie(self, cookie: str) -> str:
        """A cookie for this host's paths alone. Here every host is one site, without TLS."""
        plain = _ATTRIBUTES.sub("", cookie)
        return f"{plain}; Path={self._prefix}{self._base}/; SameSite=Lax"
