"""What STS does on AWS and the offline cloud does not do yet. It is refused, never pretended."""

from __future__ import annotations

from typing import Any, NoReturn

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

NOT_OFFERED = (
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRoot",
    "DecodeAuthorizationMessage",
    "GetDelegatedAccessToken",
    "GetFederationToken",
    "GetWebIdentityToken",
)
"""Operations that every caller is refused."""


def refuse_operation(call: Call) -> dict[str, Any]:
    """Refuse the whole operation. Always AwsError NotImplementedException."""
    refuse(f"sts:{call.operation}")


def refuse(what: str) -> NoReturn:
    """Refuse something by name. Always AwsError NotImplementedException."""
    text = f"The offline cloud does not offer {what} yet."
    raise AwsError("NotImplementedException", text, 501)
