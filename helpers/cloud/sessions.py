"""Temporary security credentials that this cloud has vended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpers.cloud.iam import Policy, Principal
from helpers.cloud.ids import Ids


@dataclass(frozen=True)
class Credentials:
    """One set of temporary credentials and what every request made with them carries.

    `context` holds the session's IAM condition keys, such as cognito-identity.amazonaws.com:sub.
    `session_policies` is None where no session policy limits the session.
    """

    access_key_id: str
    secret_access_key: str
    session_token: str
    issued: datetime
    expires: datetime
    principal: Principal
    session_policies: tuple[Policy, ...] | None = None
    context: Mapping[str, str | list[str]] = field(default_factory=dict)

    def as_sts(self) -> dict[str, object]:
        """The `Credentials` member of an STS answer."""
        return {
            "AccessKeyId": self.access_key_id,
            "SecretAccessKey": self.secret_access_key,
            "SessionToken": self.session_token,
            "Expiration": self.expires,
        }


_TOKEN_OCTETS = 256


class Sessions:
    """All temporary credentials of this world, by access key id."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._by_key: dict[str, Credentials] = {}

    def issue(
        self,
        principal: Principal,
        *,
        lifetime: timedelta,
        now: datetime,
        session_policies: tuple[Policy, ...] | None = None,
        context: Mapping[str, str | list[str]] | None = None,
        least_token: int = 0,
    ) -> Credentials:
        """Make new credentials for a principal, valid from `now` for `lifetime`.

        `least_token` is how many characters the session token must have at least.
        """
        octets = max(_TOKEN_OCTETS, -(-least_token * 3 // 4))  # base64: four for three
        credentials = Credentials(
            access_key_id=self._ids.access_key("ASIA"),
            secret_access_key=self._ids.secret_key(),
            session_token=self._ids.token(octets),
            issued=now,
            expires=now + lifetime,
            principal=principal,
            session_policies=session_policies,
            context=dict(context or {}),
        )
        self._by_key[credentials.access_key_id] = credentials
        return credentials

    def find(self, access_key_id: str) -> Credentials | None:
        """The credentials with this access key id, expired or not."""
        return self._by_key.get(access_key_id)
