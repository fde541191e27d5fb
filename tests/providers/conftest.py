"""The outside hosts, reached through `requests` without a cloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import responses
from werkzeug.test import EnvironBuilder, run_wsgi_app

from helpers.providers.sites import sites

_ANYWHERE = re.compile(r"^https://")
_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")


@pytest.fixture
def web() -> Iterator[None]:
    """All outside hosts with fresh state; every other host does not exist."""
    known = sites(7)

    def answer(request: Any) -> tuple[int, list[tuple[str, str]], bytes]:
        site = known[urlsplit(request.url).hostname or ""]
        body = request.body.encode() if isinstance(request.body, str) else request.body
        builder = EnvironBuilder(
            method=request.method,
            base_url=request.url.partition("?")[0],
            query_string=urlsplit(request.url).query,
            headers=list(request.headers.items()),
            data=body or b"",
        )
        environ = builder.get_environ()
        parts = urlsplit(request.url)
        environ["PATH_INFO"], environ["SCRIPT_NAME"] = parts.path, ""
        chunks, status, headers = run_wsgi_app(site, environ, buffered=True)
        return int(status.split(" ")[0]), list(headers), b"".join(chunks)

    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method in _METHODS:
            mock.add_callback(method, _ANYWHERE, callback=answer)
        yield
