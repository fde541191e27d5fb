"""The two policies that every app with an identity pool has."""

from __future__ import annotations

from typing import Any

BUCKET = "app-files"
OWN_FOLDER = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": f"arn:aws:s3:::{BUCKET}/${{cognito-identity.amazonaws.com:sub}}/*",
        }
    ],
}


def trust(identity_pool_id: str) -> dict[str, Any]:
    """The trust policy of a role for the signed-in users of an identity pool."""
    allow = {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {"cognito-identity.amazonaws.com:aud": identity_pool_id},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
        },
    }
    return {"Version": "2012-10-17", "Statement": [allow]}
