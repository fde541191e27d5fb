"""How the endpoints for apps say no: in JSON."""

from __future__ import annotations

import json

from helpers.cloud.response import Response


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
