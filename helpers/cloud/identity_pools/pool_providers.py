"""Which providers a pool may be given: what CreateIdentityPool and UpdateIdentityPool look at.

Source: Amazon Cognito Federated Identities API Reference, CreateIdentityPool. AWS's words for a
SAML provider are as users report them (aws-amplify/amplify-backend #766); the others are ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from helpers.cloud.errors import AwsError
from helpers.cloud.web_identity import cognito_identity

_USER_POOL_PROVIDER = re.compile(
    r"cognito-idp\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com/"
    r"(?P<pool_id>(?P=region)_[0-9A-Za-z]+)"
)
_OPENID_ARN = re.compile(r"arn:aws:iam::\d{12}:oidc-provider/[^\s:]+(:\d+)?[^\s]*", re.ASCII)
_SAML_ARN = re.compile(r"arn:aws:iam::(\d{12}):saml-provider/[\w.-]{1,128}", re.ASCII)
# The keys of SupportedLoginProviders (CreateIdentityPool).
PUBLIC_PROVIDERS = frozenset(
    {
        "accounts.google.com",
        "api.twitter.com",
        "appleid.apple.com",
        "graph.facebook.com",
        "www.amazon.com",
        "www.digits.com",
    }
)
# Names in the amr claim of Cognito's tokens that no developer provider may have.
_TAKEN = PUBLIC_PROVIDERS | {cognito_identity.HOST, "authenticated", "unauthenticated"}


def user_pool_of(provider: str) -> tuple[str, str] | None:
    """(region, user pool id) that a provider name stands for, None if for no user pool."""
    found = _USER_POOL_PROVIDER.fullmatch(provider)
    return (found["region"], found["pool_id"]) if found else None


def check_providers(account: str, params: Mapping[str, Any]) -> None:
    """Look at every provider that a pool of this account is given.

    AwsError InvalidParameterException; NotAuthorizedException for what is no SAML provider of the
    account.
    """
    for provider in params.get("CognitoIdentityProviders", []):
        if not user_pool_of(provider.get("ProviderName", "")) or not provider.get("ClientId"):
            _invalid("Invalid Cognito Identity Provider")
    for name in params.get("SupportedLoginProviders", {}):
        if name not in PUBLIC_PROVIDERS:
            _invalid(f"Invalid login provider: {name}")
    # AWS takes an OpenID provider that is not there, and even another account's (hashicorp's tests
    # make such pools); its tokens are refused at sign-in.
    for arn in params.get("OpenIdConnectProviderARNs", []):
        if not _OPENID_ARN.fullmatch(arn):
            _invalid(f"Invalid OpenID Connect provider ARN: {arn}")
    for arn in params.get("SamlProviderARNs", []):
        parts = _SAML_ARN.fullmatch(arn)
        if parts is None or parts[1] != account:
            text = f"Identity provider {arn} is not valid for account {account}"
            raise AwsError("NotAuthorizedException", text)
    if params.get("DeveloperProviderName") in _TAKEN:
        # Else it would mean in the amr claim what trust policies ask for.
        _invalid("DeveloperProviderName must not be a name with another meaning.")


def _invalid(text: str) -> NoReturn:
    raise AwsError("InvalidParameterException", text)
