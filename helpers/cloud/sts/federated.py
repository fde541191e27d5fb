"""Putting on a role with the word of an identity provider instead of a signature.

What AssumeRoleWithWebIdentity and AssumeRoleWithSAML have in common, once the token is true.
Source: AWS STS API Reference; IAM User Guide, "Pass session tags in AWS STS" and "Monitor and
control actions taken with assumed roles" (source identity).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import Policy
from helpers.cloud.sessions import Credentials

from .roles import Role, find_role, session_of
from .session_policies import read_session_policies
from .session_tags import read_session_tags, transitive
from .state import StsState
from .trust import Keys, decide_federated


def assume_federated(
    call: Call,
    role_arn: str,
    action: str,
    *,
    provider: str,
    session_name: str,
    keys: Keys,
    trust_keys: Keys | None = None,
    lifetime: timedelta,
    ends: datetime | None = None,
    session_policies: tuple[Policy, ...] | None = None,
    tags: Mapping[str, str] | None = None,
    transitive_keys: Collection[str] = (),
    source_identity: str = "",
) -> Credentials:
    """Credentials of a role session for a user whom `provider` has vouched for.

    `keys` are the provider's condition keys, such as cognito-identity.amazonaws.com:sub: the trust
    policy sees them, and so does every policy that later judges a request of the session;
    `trust_keys` only the trust policy sees. `tags` become session tags, which the trust policy
    must allow by sts:TagSession, and `source_identity` stays with the session for good, which it
    must allow by sts:SetSourceIdentity. The session ends after `lifetime`, or at `ends` if that
    is sooner. It is limited by `session_policies`; where none are given, by those of the request,
    which are read only for those who may have the role: others learn by them no policy's name.
    AwsError AccessDenied when the trust policy does not let the user in or the role is missing;
    ValidationError, InvalidParameterValue for tags that no session may have, and for a lifetime
    that is longer than the role allows; MalformedPolicyDocument.
    """
    asked_for = {
        "Tags": [{"Key": key, "Value": text} for key, text in (tags or {}).items()],
        "TransitiveTagKeys": list(transitive_keys),
    }
    passed = read_session_tags(asked_for, inherited={})
    role = find_role(role_arn)
    if role is None:
        raise _refused(action)
    carried = {**keys, "aws:FederatedProvider": provider}
    asked = {
        **carried,
        **(trust_keys or {}),
        "sts:RoleSessionName": session_name,
        **_keys_of_tags(passed, transitive_keys),
        **({"sts:SourceIdentity": source_identity} if source_identity else {}),
    }
    for needed in _actions(action, passed, source_identity):
        if not _lets_in(call, role, provider, needed, asked):
            raise _refused(needed)
    if session_policies is None:
        session_policies = read_session_policies(call.params, role.account)
    now = call.world.clock.now()
    credentials = call.world.sessions.issue(
        session_of(role, session_name, passed),
        lifetime=_lifetime(role, lifetime, now, ends),
        now=now,
        session_policies=session_policies,
        least_token=call.params.get("MinimumSessionTokenSize", 0),
        context=carried | ({"aws:SourceIdentity": source_identity} if source_identity else {}),
    )
    handed_on = transitive(asked_for, passed)
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


def _lets_in(call: Call, role: Role, provider: str, action: str, asked: Keys) -> bool:
    of_role = {f"aws:ResourceTag/{key}": text for key, text in role.tags.items()}
    return decide_federated(call, role, provider, action, {**asked, **of_role}).allowed


def _keys_of_tags(tags: Mapping[str, str], transitive_keys: Collection[str]) -> Keys:
    keys: dict[str, str | list[str]] = {}
    if tags:
        keys["aws:TagKeys"] = list(tags)
        keys |= {f"aws:RequestTag/{key}": text for key, text in tags.items()}
    if transitive_keys:
        keys["sts:TransitiveTagKeys"] = list(transitive_keys)
    return keys
