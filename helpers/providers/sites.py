"""Every outside host of the course, with the web site that answers there.

The sites are built when the first of them is asked for: most lessons never leave the cloud.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from wsgiref.types import WSGIApplication

HOSTS = (
    "accounts.google.com",
    "api.amazon.com",
    "appleid.apple.com",
    "graph.facebook.com",
    "idp.example.com",
    "login.example.org",
    "oauth2.googleapis.com",
    "openidconnect.googleapis.com",
    "photos.example.com",
    "www.amazon.com",
    "www.facebook.com",
    "www.googleapis.com",
)


def sites(seed: int | None = None) -> Mapping[str, WSGIApplication]:
    """Host name → WSGI application, all with fresh state.

    With the same seed the same codes, tokens and client ids come on every run; signing keys are
    always new.
    """
    return _Sites(seed)


class _Sites(Mapping[str, WSGIApplication]):
    def __init__(self, seed: int | None) -> None:
        self._seed = seed

    @cached_property
    def _built(self) -> dict[str, WSGIApplication]:
        from helpers.providers.building import build

        return build(self._seed)

    def __getitem__(self, host: str) -> WSGIApplication:
        if host not in HOSTS:
            raise KeyError(host)
        return self._built[host]

    def __contains__(self, host: object) -> bool:
        return host in HOSTS

    def __iter__(self) -> Iterator[str]:
        return iter(HOSTS)

    def __len__(self) -> int:
        return len(HOSTS)
