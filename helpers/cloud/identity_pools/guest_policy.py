"""The session policies that narrow every guest's credentials in the enhanced flow.

Whatever the unauthenticated role allows, a guest reaches only these services. The Developer Guide
("IAM roles", access policies) names the services of the inline policy; the prefixes are our
reading of those names. The other policy is an AWS managed one, whose actions the AWS Managed
Policy Reference lists.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from helpers.cloud.iam import Policy, parse_policy

INLINE_ACTIONS: Final = (
    "appsync:*",
    "cloudwatch:*",
    "codewhisperer:GenerateRecommendations",
    "cognito-identity:*",
    "cognito-idp:*",
    "cognito-sync:*",
    "comprehend:*",
    "dynamodb:*",
    "execute-api:*",
    "firehose:*",
    "gamelift:*",
    "geo:*",
    "iot:*",
    "kinesis:*",
    "kinesisanalytics:*",
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
    "lambda:*",
    "lex:*",
    "logs:*",
    "machinelearning:*",
    "mobileanalytics:*",
    "mobiletargeting:*",
    "personalize:*",
    "polly:*",
    "rekognition:*",
    "s3:*",
    "sagemaker:InvokeEndpoint",
    "sdb:*",
    "ses:*",
    "sns:*",
    "sqs:*",
    "sumerian:View*",
    "textract:AnalyzeDocument",
    "textract:DetectDocumentText",
    "transcribe:*",
    "translate:*",
)
MANAGED_POLICY: Final = "AmazonCognitoUnAuthedIdentitiesSessionPolicy"
MANAGED_ACTIONS: Final = (
    "comprehend:*",
    "firehose:*",
    "geo:*DevicePosition*",
    "geo:*Geofence",
    "geo:*Geofences",
    "geo:CalculateRoute*",
    "geo:GetMap*",
    "geo:GetPlace",
    "geo:ListMaps",
    "geo:SearchPlaceIndex*",
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "mobiletargeting:*",
    "personalize:*",
    "polly:*",
    "rekognition:*",
    "rum:PutRumEvents",
    "sagemaker:InvokeEndpoint",
    "transcribe:*",
    "translate:*",
)


@lru_cache(maxsize=1)
def guest_policies() -> tuple[Policy, ...]:
    """The session policies of every guest: together they allow what either allows."""
    return (
        parse_policy(_allowing(INLINE_ACTIONS), name="session policy for guests"),
        parse_policy(_allowing(MANAGED_ACTIONS), name=f"session policy {MANAGED_POLICY}"),
    )


def _allowing(actions: tuple[str, ...]) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}
