"""AWS STS: temporary credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from helpers.cloud.call import Call

from .assume_role import assume_role
from .caller_identity import get_access_key_info, get_caller_identity
from .not_offered import NOT_OFFERED, refuse_operation
from .roles import is_role_arn
from .session_token import check_session_token_limits, get_session_token
from .web_identity import assume_with_web_identity

OPERATIONS: Mapping[str, Callable[[Call], dict[str, Any]]] = {
    "AssumeRole": assume_role,
    "GetAccessKeyInfo": get_access_key_info,
    "GetCallerIdentity": get_caller_identity,
    "GetSessionToken": get_session_token,
    **dict.fromkeys(NOT_OFFERED, refuse_operation),
}

# These decide for themselves: AssumeRole asks the trust policy, the other two need no permission.
SELF_AUTHORIZING = frozenset({"AssumeRole", "GetCallerIdentity", "GetSessionToken"})

__all__ = [
    "NOT_OFFERED",
    "OPERATIONS",
    "SELF_AUTHORIZING",
    "assume_with_web_identity",
    "check_session_token_limits",
    "is_role_arn",
]
