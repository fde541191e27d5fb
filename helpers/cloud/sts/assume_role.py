"""AssumeRole: one principal puts on a role.

Source: AWS STS API Reference, AssumeRole; IAM User Guide, "Methods to assume a role" (chaining),
"Pass session tags in AWS STS" and "Monitor and control actions taken with assumed roles".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse

from .mfa import check_mfa
from .roles import ONE_HOUR, Role, check_role_arn, find_role, session_of
from .session_policies import read_session_policies
from .session_tags import read_session_tags, transitive
from .session_token import check_seconds
from .state import StsState
from .trust import Keys, decide_caller, refusal, session_keys

_LONGEST = 12 * ONE_HOUR


def assume_role(call: Call) -> dict[str, Any]:
    """Temporary credentials for a role whose trust policy lets the caller in.

    AwsError AccessDenied, ValidationError, MalformedPolicyDocument.
    """
    _check_arn(call)
    inherited, name = _transitive_tags(call), call.params["RoleSessionName"]
    # What is wrong with the request is told before the role is looked for, or to those who may
    # have it: else an outsider could see by it which roles and policies there are.
    passed, mfa = read_session_tags(call.params, inherited), check_mfa(call)
    source_identity = _source_identity(call)
    role = find_role(call.params["RoleArn"])
    if role is None:
        raise refusal(call, "sts:AssumeRole", call.params["RoleArn"])
    _authorize(call, role, passed, inherited, mfa=mfa)
    limits = read_session_policies(call.params, role.account)
    seconds = _seconds(call, role)
    tags = {**inherited, **passed}
    credentials = call.world.sessions.issue(
        session_of(role, name, tags),
        lifetime=timedelta(seconds=seconds),
        now=call.world.clock.now(),
        session_policies=limits,
        context={"aws:SourceIdentity": source_identity} if source_identity else {},
        least_token=call.params.get("MinimumSessionTokenSize", 0),
    )
    handed_on = {**inherited, **transitive(call.params, passed)}
    state = call.world.room(StsState)
    state.transitive_tags[credentials.access_key_id] = handed_on
    if call.credentials is not None:
        state.chained.add(credentials.access_key_id)
    user = credentials.principal
    answer = {
        "Credentials": credentials.as_sts(),
        "AssumedRoleUser": {"AssumedRoleId": user.user_id, "Arn": user.arn},
    }
    return answer | ({"SourceIdentity": source_identity} if source_identity else {})


def _check_arn(call: Call) -> None:
    """AwsError unless this is a role that this kind of caller may ask for at all."""
    arn = call.params["RoleArn"]
    if "ProvidedContexts" in call.params:
        refuse("ProvidedContexts in sts:AssumeRole")
    if call.caller.type == "Account":
        raise AwsError("AccessDenied", "Roles may not be assumed by root accounts.", 403)
    check_role_arn(arn)


def _authorize(
    call: Call, role: Role, passed: Mapping[str, str], inherited: Mapping[str, str], *, mfa: bool
) -> None:
    keys = _keys_of_request(call, role, passed, mfa=mfa)
    for action in _actions(call, bool(passed or inherited)):
        decision = decide_caller(call, role, action, keys)
        if not decision.allowed:
            raise refusal(call, action, role.arn, decision)


def _actions(call: Call, tagged: bool) -> Iterator[str]:
    """Assuming a role, tagging its session and naming a source identity are allowed one by one."""
    yield "sts:AssumeRole"
    if tagged:
        yield "sts:TagSession"
    if _source_identity(call):
        yield "sts:SetSourceIdentity"


def _keys_of_request(call: Call, role: Role, tags: Mapping[str, str], *, mfa: bool) -> Keys:
    params = call.params
    keys: dict[str, str | list[str]] = {"sts:RoleSessionName": params["RoleSessionName"]}
    if "ExternalId" in params:
        keys["sts:ExternalId"] = params["ExternalId"]
    if _source_identity(call):
        keys["sts:SourceIdentity"] = _source_identity(call)
    if tags:
        keys["aws:TagKeys"] = list(tags)
        keys |= {f"aws:RequestTag/{key}": text for key, text in tags.items()}
    if params.get("TransitiveTagKeys"):
        keys["sts:TransitiveTagKeys"] = list(params["TransitiveTagKeys"])
    if mfa:
        keys["aws:MultiFactorAuthPresent"] = "true"
    return keys | {f"aws:ResourceTag/{key}": text for key, text in role.tags.items()}


def _seconds(call: Call, role: Role) -> int:
    """How long the session lasts. A role put on by a session (chaining) lasts an hour at most."""
    seconds = check_seconds(call.params.get("DurationSeconds", ONE_HOUR), _LONGEST)
    if call.credentials is not None and seconds > ONE_HOUR:
        limit = "the 1 hour session limit for roles assumed by role chaining."
        raise AwsError("ValidationError", f"The requested DurationSeconds exceeds {limit}")
    if seconds > role.max_session:
        limit = "the MaxSessionDuration set for this role."
        raise AwsError("ValidationError", f"The requested DurationSeconds exceeds {limit}")
    return seconds


def _source_identity(call: Call) -> str:
    """The source identity of the new session; once set, a chain of roles cannot change it."""
    kept = str(session_keys(call).get("aws:SourceIdentity", ""))
    asked = str(call.params.get("SourceIdentity", kept))
    if kept and asked != kept:
        raise refusal(call, "sts:SetSourceIdentity", call.params["RoleArn"])
    return asked


def _transitive_tags(call: Call) -> dict[str, str]:
    if call.credentials is None:
        return {}
    kept = call.world.room(StsState).transitive_tags
    return kept.get(call.credentials.access_key_id, {})
