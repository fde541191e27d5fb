"""Policies, principals and requests in few words, for the tests of the policy language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.cloud.iam import Decision, Policies, Policy, Principal, Request, decide, parse_policy

ACCOUNT, OTHER = "111122223333", "444455556666"
KEY = "arn:aws:s3:::photos/ann/cat.jpg"

ANN = Principal(
    "User", f"arn:aws:iam::{ACCOUNT}:user/staff/ann", ACCOUNT, user_id="AIDAANN", username="ann"
)
APP_ROLE = f"arn:aws:iam::{ACCOUNT}:role/service/app"
APP = Principal(
    "AssumedRole",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/app/s1",
    ACCOUNT,
    user_id="AROAEXAMPLEAPPROLE01:s1",
    role_arn=APP_ROLE,
)
ROOT = Principal("Account", f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT, user_id=ACCOUNT)
FEDERATED = Principal(
    "FederatedUser", f"arn:aws:sts::{ACCOUNT}:federated-user/bo", ACCOUNT, federated_by=ANN.arn
)
ANONYMOUS = Principal("Anonymous", "")
POOLS = Principal("Federated", "cognito-identity.amazonaws.com")
LAMBDA = Principal("Service", "lambda.amazonaws.com")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/target"


def allow(action: Any = "*", resource: Any = "*", **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **elements}


def deny(action: Any = "*", resource: Any = "*", **elements: Any) -> dict[str, Any]:
    return {**allow(action, resource, **elements), "Effect": "Deny"}


def trusts(principal: Any, action: str = "sts:AssumeRole", **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, **elements}


def document(*statements: Mapping[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def policy(*statements: Mapping[str, Any], version: str = "2012-10-17", name: str = "p") -> Policy:
    return parse_policy(document(*statements, version=version), name=name)


def bucket_policy(*statements: Mapping[str, Any]) -> Policy:
    return parse_policy(document(*statements), name="bucket policy", kind="resource")


def trust_policy(*statements: Mapping[str, Any]) -> Policy:
    return parse_policy(document(*statements), name="trust policy", kind="trust")


def ask(
    *identity: Mapping[str, Any],
    who: Principal = ANN,
    action: str = "s3:GetObject",
    resource: str = KEY,
    account: str = "",
    context: Mapping[str, Any] | None = None,
    version: str = "2012-10-17",
    resource_policy: Policy | None = None,
    session: list[Mapping[str, Any]] | None = None,
    boundary: list[Mapping[str, Any]] | None = None,
) -> Decision:
    """Decide a request whose identity-based statements are given as they are."""
    request = Request(who, action, resource, account, context or {})
    return decide(
        request,
        Policies(
            identity=(policy(*identity, version=version),) if identity else (),
            resource=resource_policy,
            session=None if session is None else tuple(policy(one) for one in session),
            boundary=None if boundary is None else tuple(policy(one) for one in boundary),
        ),
    )


def holds(operator: str, key: str, wanted: Any, context: Mapping[str, Any], **more: Any) -> bool:
    """Whether an Allow with this one condition lets Ann in."""
    condition = {operator: {key: wanted}}
    return ask(allow(Condition=condition), context=context, **more).allowed


def denies(operator: str, key: str, wanted: Any, context: Mapping[str, Any], **more: Any) -> bool:
    """Whether a Deny with this one condition keeps Ann, who may do everything, out."""
    condition = {operator: {key: wanted}}
    return not ask(allow(), deny(Condition=condition), context=context, **more).allowed
