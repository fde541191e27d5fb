"""Where an app waits for an answer, and what is told there (RFC 6749, section 4.1.2)."""

from __future__ import annotations

import string
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from helpers.cloud.response import Response


@dataclass(frozen=True)
class Callback:
    """Where an app waits for the answer, and how: in the query (code) or the fragment (token)."""

    redirect_uri: str
    state: str
    in_fragment: bool = False

    def response(self, answer: dict[str, str]) -> Response:
        """The redirect that carries an answer; the app's `state` goes with it."""
        found = {**answer, "state": self.state} if self.state else answer
        # Taken apart and put together, an address like myapp:///callback would become another one.
        mark = "#" if self.in_fragment else "&" if "?" in self.redirect_uri else "?"
        mark = "" if self.redirect_uri.endswith(("?", "&")) and mark == "&" else mark
        # A header has no letters beyond ASCII: they go as browsers would send them (RFC 3987).
        address = quote(self.redirect_uri, safe=string.punctuation)
        target = f"{address}{mark}{urlencode(found)}"
        # The address may hold a code or a token: no cache keeps it.
        return Response(302, {"Location": target, "Cache-Control": "no-store"}, b"")


class TellApp(Exception):
    """Sent to the app's registered address as `error` (RFC 6749, section 4.1.2.1)."""

    def __init__(self, callback: Callback, error: str, description: str = "") -> None:
        super().__init__(f"{error}: {description}")
        self.callback = callback
        self.error = error
        self.description = description

    def response(self) -> Response:
        """The redirect."""
        answer = {"error": self.error}
        if self.description:
            answer["error_description"] = self.description
        return self.callback.response(answer)
