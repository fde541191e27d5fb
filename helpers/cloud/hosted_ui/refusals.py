"""The three ways in which a domain says no: on its own page, at the app's address, in JSON."""

from __future__ import annotations

import json
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


class TokenRefusal(Exception):
    """The token endpoint's JSON error (RFC 6749, section 5.2)."""

    def __init__(self, error: str, description: str = "", status: int = 400) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.status = status

    def response(self) -> Response:
        """The error as the endpoint writes it."""
        body = {"error": self.error}
        if self.description:
            body["error_description"] = self.description
        return json_response(self.status, body)


def json_response(status: int, body: object, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer that no cache keeps (RFC 6749, section 5.1)."""
    plain = {
        "Content-Type": "application/json;charset=UTF-8",
        "Cache-Control": "no-store",
        "Pragma": "no-cache",
    }
    return Response(status, {**plain, **(headers or {})}, json.dumps(body).encode())
