"""What these tests share: an account that knows an OpenID provider, and words for the exchange."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import boto3
import jwt
from botocore.client import BaseClient
from botocore.config import Config

from tests.cloud.federation.stranger import CLIENT, HOST, Stranger, good_claims, rsa_key
from tests.cloud.sts_words import ACCOUNT, REGION, error_of, new_role, policy, statement

PROVIDER_ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
LIST_BUCKETS = policy(statement("s3:ListAllMyBuckets"))
NO_JWT = (
    "InvalidIdentityToken",
    "The ID Token provided is not a valid JWT. "
    "(You may see this error if you sent an Access Token)",
)
NO_KEY = (
    "InvalidIdentityToken",
    "Couldn't retrieve verification key from your identity provider,  please reference "
    "AssumeRoleWithWebIdentity documentation for requirements",
)
WRONG_AUDIENCE = ("InvalidIdentityToken", "Incorrect token audience")
NOT_AUTHORIZED = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")


def trusting_provider(
    provider: str, *more_actions: str, condition: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A trust policy for the users of an identity provider."""
    allow: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": ["sts:AssumeRoleWithWebIdentity", *more_actions],
    }
    return policy(allow | ({"Condition": condition} if condition else {}))


def exchange(token: str, role: str, **more: Any) -> dict[str, Any]:
    """AssumeRoleWithWebIdentity, which nobody signs."""
    sts = boto3.client("sts", REGION, config=Config(parameter_validation=False))
    asked = {"RoleArn": role, "RoleSessionName": "session", "WebIdentityToken": token, **more}
    return sts.assume_role_with_web_identity(**asked)


def refusal(token: str, role: str, **more: Any) -> tuple[str, str]:
    """(code, message) of a refused exchange."""
    return error_of(exchange, token, role, **more)


def signed(key: Any = None, alg: str = "RS256", kid: str | None = "k1", **claims: Any) -> str:
    """A token of the stranger's; None takes a claim away."""
    headers = {"kid": kid} if kid is not None else {}
    return jwt.encode(good_claims(nonce=None, **claims), key or rsa_key(), alg, headers)


@dataclass
class Known:
    """An account in which the stranger is an identity provider, with a role for its users."""

    stranger: Stranger
    iam: BaseClient
    role: str

    def new_role(
        self, name: str, *actions: str, condition: dict[str, Any] | None = None, **more: Any
    ) -> str:
        """A role that trusts the stranger's users."""
        trusted = trusting_provider(PROVIDER_ARN, *actions, condition=condition)
        return new_role(name, trusted, LIST_BUCKETS, **more)


def let_in(stranger: Stranger) -> Known:
    """Register the stranger with one client id, and make a role for its users."""
    iam = boto3.client("iam", REGION)
    iam.create_open_id_connect_provider(
        Url=f"https://{HOST}", ClientIDList=[CLIENT], ThumbprintList=["0" * 40]
    )
    known = Known(stranger, iam, "")
    known.role = known.new_role("outsider", condition=for_client())
    return known


def for_client(**more: Any) -> dict[str, Any]:
    """The condition that every trust policy for an OpenID provider should have."""
    return {"StringEquals": {f"{HOST}:aud": CLIENT, **more}}
