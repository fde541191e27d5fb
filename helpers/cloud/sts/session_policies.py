"""Session policies: what a caller passes as Policy and PolicyArns to limit the session.

Source: IAM User Guide, "Policies and permissions in IAM: Session policies".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.cloud import policies
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import Policy, PolicyError, parse_policy

_LONGEST_DOCUMENT = 2048
_MOST_ARNS = 10


def read_session_policies(params: Mapping[str, Any], account: str) -> tuple[Policy, ...] | None:
    """The session policies of a request; None if it passes none, which limits nothing.

    `account` is the role's: managed policies are AWS's or that account's.
    AwsError MalformedPolicyDocument or ValidationError.
    """
    document = params.get("Policy")
    arns = [one.get("arn", "") for one in params.get("PolicyArns", [])]
    if document is None and not arns:
        return None
    if len(arns) > _MOST_ARNS or len(document or "") > _LONGEST_DOCUMENT:
        text = f"At most {_LONGEST_DOCUMENT} characters of policy and {_MOST_ARNS} policy ARNs."
        raise AwsError("ValidationError", text)
    try:
        inline = () if document is None else (parse_policy(document, name="session policy"),)
        return inline + tuple(_managed(arn, account) for arn in arns)
    except PolicyError as malformed:
        raise AwsError("MalformedPolicyDocument", str(malformed)) from malformed


def _managed(arn: str, account: str) -> Policy:
    head = ("arn:aws:iam::aws:policy/", f"arn:aws:iam::{account}:policy/")
    if not arn.startswith(head):
        raise AwsError("ValidationError", f"Invalid policy ARN: {arn}")
    return policies.managed_policy(arn, f"session policy {arn.rsplit('/', 1)[-1]}")
