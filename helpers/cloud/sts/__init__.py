"""AWS STS: temporary credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.not_offered import refuse_operation
from helpers.cloud.sessions import Credentials
from helpers.cloud.world import World

from .assume_role import assume_role
from .assume_role_with_saml import assume_role_with_saml
from .assume_role_with_web_identity import assume_role_with_web_identity
from .caller_identity import get_access_key_info, get_caller_identity
from .decode_authorization_message import decode_authorization_message
from .federated import WITH_SAML, WITH_WEB_IDENTITY, Vouched, assume_federated
from .federation_token import get_federation_token
from .not_offered import NOT_OFFERED
from .roles import is_role_arn
from .session_token import check_session_token_limits, get_session_token
from .state import StsState

OPERATIONS: Mapping[str, Callable[[Call], dict[str, Any]]] = {
    "AssumeRole": assume_role,
    "AssumeRoleWithSAML": assume_role_with_saml,
    "AssumeRoleWithWebIdentity": assume_role_with_web_identity,
    "DecodeAuthorizationMessage": decode_authorization_message,
    "GetAccessKeyInfo": get_access_key_info,
    "GetCallerIdentity": get_caller_identity,
    "GetFederationToken": get_federation_token,
    "GetSessionToken": get_session_token,
    **dict.fromkeys(NOT_OFFERED, refuse_operation),
}


def is_chained(world: World, credentials: Credentials) -> bool:
    """Whether a role session was made by another session."""
    return credentials.access_key_id in world.room(StsState).chained


__all__ = [
    "NOT_OFFERED",
    "OPERATIONS",
    "WITH_SAML",
    "WITH_WEB_IDENTITY",
    "Vouched",
    "assume_federated",
    "check_session_token_limits",
    "is_chained",
    "is_role_arn",
]
