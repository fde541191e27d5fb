"""What AWS has and the offline cloud has not. It is refused by name, never pretended."""

from __future__ import annotations

from typing import Any, NoReturn

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError


def refuse_operation(call: Call) -> dict[str, Any]:
    """Refuse a whole operation. Always AwsError NotImplementedException."""
    refuse(f"{call.service}:{call.operation}")


def refuse(what: str) -> NoReturn:
    """Refuse something by name. Always AwsError NotImplementedException."""
    text = f"The offline cloud does not offer {what}"
    raise AwsError("NotImplementedException", text, 501)
