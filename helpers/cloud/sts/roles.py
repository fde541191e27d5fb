"""IAM roles as STS sees them: found by ARN, and worn as a session.

Source: AWS STS API Reference, AssumeRole (AssumedRoleUser); IAM User Guide, "IAM identifiers".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.cloud import policies
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import Principal

from .session_tags import override

ONE_HOUR = 3600
_ROLE_ARN = re.compile(r"arn:[a-z-]+:iam::\d{12}:role/(?:[!-~]+/)?[\w+=,.@-]{1,64}", flags=re.ASCII)


@dataclass(frozen=True)
class Role:
    """What STS needs to know of a role. `max_session` is in seconds."""

    arn: str
    account: str
    name: str
    role_id: str
    max_session: int = ONE_HOUR
    tags: Mapping[str, str] = field(default_factory=dict)


def check_role_arn(role_arn: str) -> None:
    """AwsError ValidationError if the text is no role's ARN."""
    if not role_arn.startswith("arn:"):
        raise AwsError("ValidationError", f"{role_arn} is invalid")
    if not is_role_arn(role_arn):
        raise AwsError("ValidationError", "Request ARN is invalid")


def is_role_arn(text: str) -> bool:
    """Whether the text has the form of a role's ARN."""
    return _ROLE_ARN.fullmatch(text) is not None


def find_role(role_arn: str) -> Role | None:
    """The role with exactly this ARN, path included; None if there is none."""
    kept = policies.find_role(role_arn) if is_role_arn(role_arn) else None
    if kept is None:
        return None
    return Role(
        arn=kept.arn,
        account=role_arn.split(":")[4],
        name=kept.name,
        role_id=kept.id,
        max_session=int(kept.max_session_duration or ONE_HOUR),
        tags=_tags_of(kept.tags),
    )


def session_of(role: Role, session_name: str, tags: Mapping[str, str] | None = None) -> Principal:
    """The principal that a session of the role is."""
    return Principal(
        type="AssumedRole",
        arn=f"arn:aws:sts::{role.account}:assumed-role/{role.name}/{session_name}",
        account=role.account,
        user_id=f"{role.role_id}:{session_name}",
        role_arn=role.arn,
        tags=override(role.tags, tags or {}),
    )


def _tags_of(kept: Any) -> dict[str, str]:
    """moto keeps a role's tags as pairs, by key once there are any."""
    pairs = kept.values() if isinstance(kept, Mapping) else kept or ()
    return {pair["Key"]: pair["Value"] for pair in pairs}
