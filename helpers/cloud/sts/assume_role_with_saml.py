"""AssumeRoleWithSAML: somebody whom a company directory vouches for puts on a role.

Source: AWS STS API Reference, AssumeRoleWithSAML; IAM User Guide, "Configure SAML assertions for
the authentication response". The request carries no signature: who asks, the SAML response says.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from helpers.cloud.aws_saml import SamlSignIn, read_saml_sign_in
from helpers.cloud.aws_saml.condition_keys import session_keys, trust_keys
from helpers.cloud.aws_saml.refusals import not_authorized
from helpers.cloud.aws_saml.session import SessionAsked, read_session
from helpers.cloud.call import Call
from helpers.cloud.sessions import Credentials

from .federated import WITH_SAML, Vouched, assume_federated
from .roles import ONE_HOUR, check_role_arn
from .session_token import check_seconds

_LONGEST = 12 * ONE_HOUR
# The roles of IAM Identity Center are for its own sign-in (API reference, note).
_OF_IDENTITY_CENTER = "AWSReservedSSO_"


def assume_role_with_saml(call: Call) -> dict[str, Any]:
    """Temporary credentials for whom a SAML response names, if the role's trust policy agrees.

    AwsError AccessDenied, InvalidIdentityToken, ExpiredTokenException, IDPRejectedClaim,
    ValidationError, MalformedPolicyDocument.
    """
    params = call.params
    check_role_arn(params["RoleArn"])
    seconds = check_seconds(params.get("DurationSeconds", ONE_HOUR), _LONGEST)
    sign_in = read_saml_sign_in(call.world, params["SAMLAssertion"], params["PrincipalArn"])
    asked = read_session(sign_in)
    credentials = _assume(call, sign_in, asked, seconds)
    user = credentials.principal
    answer = {
        "Credentials": credentials.as_sts(),
        "AssumedRoleUser": {"AssumedRoleId": user.user_id, "Arn": user.arn},
        "Subject": sign_in.subject,
        "SubjectType": sign_in.subject_type,
        "Issuer": sign_in.issuer,
        "Audience": sign_in.audience,
        "NameQualifier": sign_in.name_qualifier,
    }
    return answer | ({"SourceIdentity": asked.source_identity} if asked.source_identity else {})


def _assume(call: Call, sign_in: SamlSignIn, asked: SessionAsked, seconds: int) -> Credentials:
    role_arn, provider = call.params["RoleArn"], sign_in.provider
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    # The directory must offer this very role, of the account that trusts it.
    offered = (role_arn, provider.arn) in sign_in.roles and account == provider.account
    if not offered or name.startswith(_OF_IDENTITY_CENTER):
        raise not_authorized()
    vouched = Vouched(
        provider=provider.arn,
        session_name=asked.name,
        keys=session_keys(sign_in),
        trust_keys=trust_keys(sign_in),
        tags=asked.tags,
        transitive_keys=asked.transitive_keys,
        source_identity=asked.source_identity,
    )
    lifetime, ends = timedelta(seconds=seconds), _end(call, sign_in, asked)
    return assume_federated(call, role_arn, WITH_SAML, vouched, lifetime=lifetime, ends=ends)


def _end(call: Call, sign_in: SamlSignIn, asked: SessionAsked) -> datetime | None:
    """When the session ends at the latest: SessionDuration and SessionNotOnOrAfter only shorten."""
    ends = [sign_in.expires] if sign_in.expires is not None else []
    if asked.seconds is not None:
        ends.append(call.world.clock.now() + timedelta(seconds=asked.seconds))
    return min(ends, default=None)
