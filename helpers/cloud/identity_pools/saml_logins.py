"""Logins of SAML providers of IAM: the response that a company directory writes for AWS.

Source: Amazon Cognito Developer Guide, "Setting up a SAML provider as an identity pool IdP". The
login's name is the provider's ARN, its value the response in base64. The guide does not say how
the amr claim names the user: it is written as for OpenID providers.
"""

from __future__ import annotations

from typing import NoReturn

from helpers.cloud.aws_saml import read_saml_sign_in
from helpers.cloud.errors import AwsError
from helpers.cloud.world import World

from .login import Login


def verify_saml_login(world: World, provider: str, response: str) -> Login:
    """The login that a SAML response proves; the provider is one of the pool's account.

    AwsError NotAuthorizedException.
    """
    try:
        sign_in = read_saml_sign_in(world, response, provider)
    except AwsError as refused:
        _explain(refused)
    reference = f"{provider}:SAML:{sign_in.subject}"
    roles = [role for role, by in sign_in.roles if by == provider]
    return Login(provider, sign_in.subject, reference, sign_in.attributes, tuple(roles))


def _explain(refused: AwsError) -> NoReturn:
    """What STS would say, as a reason of ours: how Cognito words these was not found."""
    reason = refused.message.partition(" (Service:")[0].rstrip(".")
    raise AwsError("NotAuthorizedException", f"Invalid login token. {reason}.") from refused
