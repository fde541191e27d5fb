"""Putting on a role with the word of an identity provider instead of a signature.

What AssumeRoleWithWebIdentity and AssumeRoleWithSAML have in common, once the token is true.
Source: AWS STS API Reference; IAM User Guide, "Pass session tags in AWS STS" and "Monitor and
control actions taken with assumed roles" (source identity).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import Policy
from helpers.cloud.sessions import Credentials

from .roles import Role, find_role, session_of
from .session_policies import read_session_policies
from .session_tags import read_session_tags, transitive
from .state import StsState
from .trust import Keys, decide_federated

WITH_SAML = "sts:AssumeRoleWithSAML"
WITH_WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"


@dataclass(frozen=True)
class Vouched:
    """What an identity provider says about somebody, and about the session to be.

    `keys` are the provider's condition keys, such as cognito-identity.amazonaws.com:sub: the trust
    policy sees them, and so does every policy that later judges a request of the session;
    `trust_keys` only the trust policy sees. `tags` become session tags, which the trust policy
    must allow by sts:TagSession, and `source_identity` stays with the session for good, which it
    must allow by sts:SetSourceIdentity.
    """

    provider: str
    session_name: str
    keys: Keys
    trust_keys: Keys = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive_keys: Collection[str] = ()
    source_identity: str = ""

    def carried(self) -> dict[str, str | list[str]]:
        """The provider's condition keys, as every request of the session has them."""
        return {**self.keys, "aws:FederatedProvider": self.provider}

    def as_request(self) -> dict[str, Any]:
        """The tags, as AssumeRole is given them."""
        pairs = [{"Key": key, "Value": text} for key, text in self.tags.items()]
        return {"Tags": pairs, "TransitiveTagKeys": list(self.transitive_keys)}


def assume_federated(
    call: Call,
    role_arn: str,
    action: str,
    vouched: Vouched,
    *,
    lifetime: timedelta,
    ends: datetime | None = None,
    session_policies: tuple[Policy, ...] | None = None,
) -> Credentials:
    """Credentials of a role session for somebody whom an identity provider has vouched for.

    The session ends after `lifetime`, or at `ends` if that is sooner. It is limited by
    `session_policies`; where none are given, by those of the request, which are read only for
    those who may have the role: others learn by them no policy's name.
    AwsError AccessDenied when the trust policy does not let the user in or the role is missing;
    ValidationError, InvalidParameterValue for tags that no session may have, and for a lifetime
    that is longer than the role allows; MalformedPolicyDocument.
    """
    passed = read_session_tags(vouched.as_request(), inherited={})
    role = find_role(role_arn)
    if role is None:
        raise _refused(action)
    asked = _keys_of_request(role, vouched, passed)
    for needed in _actions(action, passed, vouched.source_identity):
        if not decide_federated(call, role, vouched.provider, needed, asked).allowed:
            raise _refused(needed)
    if session_policies is None:
        session_policies = read_session_policies(call.params, role.account)
    now, named = call.world.clock.now(), vouched.source_identity
    credentials = call.world.sessions.issue(
        session_of(role, vouched.session_name, passed),
        lifetime=_lifetime(role, lifetime, now, ends),
        now=now,
        session_policies=session_policies,
        least_token=call.params.get("MinimumSessionTokenSize", 0),
        context=vouched.carried() | ({"aws:SourceIdentity": named} if named else {}),
    )
    handed_on = transitive(vouched.as_request(), passed)
    call.world.room(StsState).transitive_tags[credentials.access_key_id] = handed_on
    return credentials


def _refused(action: str) -> AwsError:
    """The same whether the role is missing or does not let the user in: outsiders learn nothing."""
    return AwsError("AccessDenied", f"Not authorized to perform {action}", 403)


def _lifetime(role: Role, asked: timedelta, now: datetime, ends: datetime | None) -> timedelta:
    if asked > timedelta(seconds=role.max_session):
        limit = "the MaxSessionDuration set for this role."
        raise AwsError("ValidationError", f"The requested DurationSeconds exceeds {limit}")
    return asked if ends is None else min(asked, ends - now)


def _actions(action: str, tags: Mapping[str, str], source_identity: str) -> Iterator[str]:
    """Assuming a role, tagging its session and naming a source identity are allowed one by one."""
    yield action
    if tags:
        yield "sts:TagSession"
    if source_identity:
        yield "sts:SetSourceIdentity"


def _keys_of_request(role: Role, vouched: Vouched, tags: Mapping[str, str]) -> Keys:
    """What the trust policy can ask about."""
    keys: dict[str, str | list[str]] = {**vouched.carried(), **vouched.trust_keys}
    keys["sts:RoleSessionName"] = vouched.session_name
    if vouched.source_identity:
        keys["sts:SourceIdentity"] = vouched.source_identity
    if tags:
        keys["aws:TagKeys"] = list(tags)
        keys |= {f"aws:RequestTag/{key}": text for key, text in tags.items()}
    if vouched.transitive_keys:
        keys["sts:TransitiveTagKeys"] = list(vouched.transitive_keys)
    return keys | {f"aws:ResourceTag/{key}": text for key, text in role.tags.items()}
