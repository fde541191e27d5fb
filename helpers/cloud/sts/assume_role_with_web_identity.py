"""AssumeRoleWithWebIdentity: a user of an identity provider puts on a role, without AWS keys.

Source: AWS STS API Reference, AssumeRoleWithWebIdentity. The request carries no signature: who
asks, the token says.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from helpers.cloud.call import Call

from .federated import WITH_WEB_IDENTITY, Vouched, assume_federated
from .roles import ONE_HOUR, check_role_arn
from .session_token import check_seconds
from .token_attributes import read_attributes
from .web_identity_tokens import WebIdentity, identify, identify_access_token

_LONGEST = 12 * ONE_HOUR


def assume_role_with_web_identity(call: Call) -> dict[str, Any]:
    """Temporary credentials for the user of a token, if the role's trust policy lets him in.

    AwsError AccessDenied, InvalidIdentityToken, ExpiredTokenException, IDPRejectedClaim,
    IDPCommunicationError, ValidationError, MalformedPolicyDocument.
    """
    params, role_arn = call.params, call.params["RoleArn"]
    check_role_arn(role_arn)
    seconds = check_seconds(params.get("DurationSeconds", ONE_HOUR), _LONGEST)
    who = _identify(call, role_arn.split(":")[4])
    said = read_attributes(who.claims)
    vouched = Vouched(
        provider=who.provider,
        session_name=params["RoleSessionName"],
        keys=who.keys,
        trust_keys=who.trust_keys,
        tags=said.tags,
        transitive_keys=said.transitive_keys,
        source_identity=said.source_identity,
    )
    lifetime = timedelta(seconds=seconds)
    credentials = assume_federated(call, role_arn, WITH_WEB_IDENTITY, vouched, lifetime=lifetime)
    user = credentials.principal
    answer = {
        "Credentials": credentials.as_sts(),
        "SubjectFromWebIdentityToken": who.subject,
        "AssumedRoleUser": {"AssumedRoleId": user.user_id, "Arn": user.arn},
        "Provider": who.provider,
        "Audience": who.audience,
    }
    return answer | ({"SourceIdentity": said.source_identity} if said.source_identity else {})


def _identify(call: Call, account: str) -> WebIdentity:
    token = call.params["WebIdentityToken"]
    if "ProviderId" in call.params:
        return identify_access_token(call.world, call.params["ProviderId"], token)
    return identify(call.world, account, token)
