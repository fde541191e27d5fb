"""An HTTP answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Response:
    """Status, headers and body bytes; `cookies` are the values of Set-Cookie, which may repeat."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()

    def header_list(self) -> list[tuple[str, str]]:
        """All headers as pairs, the cookies among them."""
        return [*self.headers.items(), *(("Set-Cookie", cookie) for cookie in self.cookies)]
