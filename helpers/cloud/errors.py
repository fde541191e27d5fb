"""The one exception an operation raises when AWS would say no."""

from __future__ import annotations

from typing import Any


class AwsError(Exception):
    """An error as an AWS service returns it.

    `code` and `message` are AWS's own. `status` is the HTTP status. `fields` are further members
    of the error shape in the service model, for example `Reason`.
    """

    def __init__(self, code: str, message: str, status: int = 400, **fields: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = fields
