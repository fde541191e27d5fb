"""The session of a permission set's role, which the portal gets for a user from STS.

Source: IAM Identity Center Portal API Reference, GetRoleCredentials; IAM User Guide, "Available
keys for SAML-based AWS STS federation".
"""

from __future__ import annotations

import re
from datetime import timedelta

from helpers.cloud.aws_saml.providers import find_provider
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.identity_center import Access
from helpers.cloud.identity_store import StoreUser
from helpers.cloud.sessions import Credentials
from helpers.cloud.sts import WITH_SAML, Vouched, assume_federated

_AUDIENCE = "https://signin.aws.amazon.com/saml"
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)


def begin(call: Call, access: Access, user: StoreUser) -> Credentials:
    """Credentials of the role for the user; the session is named like the user.

    AwsError InvalidRequestException for a user name that names no session, and where the account
    no longer has the SAML provider that the role trusts.
    """
    name = user.user_name
    if not _SESSION_NAME.fullmatch(name):
        raise AwsError("InvalidRequestException", "The user name cannot name a role session")
    if find_provider(call.world, access.saml_provider_arn) is None:
        raise AwsError("InvalidRequestException", "Specified provider doesn't exist.")
    # One provider of the account vouches, as the role's trust policy demands.
    _, _, provider = access.saml_provider_arn.partition("/")
    vouched = Vouched(
        provider=access.saml_provider_arn,
        session_name=name,
        keys={"saml:sub": user.user_id, "saml:sub_type": "persistent"},
        trust_keys={"saml:aud": _AUDIENCE, "saml:doc": f"{access.account_id}/{provider}"},
        tags=access.tags,
    )
    lifetime = timedelta(seconds=access.seconds)
    try:
        return assume_federated(call, access.role_arn, WITH_SAML, vouched, lifetime=lifetime)
    except AwsError as refused:
        # STS's answer is for the portal; its user reads the portal's.
        raise AwsError("InvalidRequestException", refused.message) from refused
