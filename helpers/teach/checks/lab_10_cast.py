"""The people who try the policies of lab 10, and the stage they try them on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.exceptions import ClientError

from helpers.teach.result import Wrong

REFUSALS = {"AccessDenied", "AccessDeniedException"}
SUB = "${cognito-identity.amazonaws.com:sub}"
REPORT, POSTER = "reports/2026.pdf", "shared/poster.jpg"
KMS = {"ServerSideEncryption": "aws:kms"}


def allowed(call: Callable[..., Any], **parameters: Any) -> bool:
    """Make a call and say whether it was let through. Other errors than a refusal come out."""
    try:
        call(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] in REFUSALS:
            return False
        raise
    return True


@dataclass(frozen=True)
class Person:
    """Somebody with credentials, and the bucket they aim at."""

    identity_id: str
    session: boto3.Session
    bucket: str

    @property
    def folder(self) -> str:
        """The prefix that is theirs, without a slash at its end."""
        return f"users/{self.identity_id}"

    @cached_property
    def s3(self) -> Any:
        """Their S3 client."""
        return self.session.client("s3")

    @cached_property
    def dynamodb(self) -> Any:
        """Their DynamoDB client."""
        return self.session.client("dynamodb")

    def reads(self, key: str) -> bool:
        """Say whether they may download a file that is there."""
        return allowed(self.s3.get_object, Bucket=self.bucket, Key=key)

    def writes(self, key: str, **how: str) -> bool:
        """Say whether they may upload a file."""
        return allowed(self.s3.put_object, Bucket=self.bucket, Key=key, Body=b"a photo", **how)

    def deletes(self, key: str) -> bool:
        """Say whether they may delete a file."""
        return allowed(self.s3.delete_object, Bucket=self.bucket, Key=key)

    def copies(self, source: str, target: str) -> bool:
        """Say whether they may have S3 copy one file to another."""
        place = {"Bucket": self.bucket, "Key": source}
        return allowed(self.s3.copy_object, Bucket=self.bucket, Key=target, CopySource=place)

    def publishes(self, key: str) -> bool:
        """Say whether they may try to make a file public; the bucket may still not take it."""
        try:
            self.s3.put_object_acl(Bucket=self.bucket, Key=key, ACL="public-read")
        except ClientError as error:
            return error.response["Error"]["Code"] not in REFUSALS
        return True

    def tags(self, key: str) -> bool:
        """Say whether they may put a label on a file."""
        label = {"TagSet": [{"Key": "mood", "Value": "happy"}]}
        return allowed(self.s3.put_object_tagging, Bucket=self.bucket, Key=key, Tagging=label)

    def lists_versions(self, **question: str) -> bool:
        """Say whether they may list the versions of all files."""
        return allowed(self.s3.list_object_versions, Bucket=self.bucket, **question)

    def lists(self, **question: str) -> bool:
        """Say whether they may list the bucket, asked in this way (``Prefix="users/"``)."""
        return allowed(self.s3.list_objects_v2, Bucket=self.bucket, **question)


def user(app: SimpleNamespace, name: str) -> Person:
    """Sign a user in and trade the ID token for credentials."""
    answer = boto3.client("cognito-idp").initiate_auth(
        ClientId=app.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": app.password},
    )
    return _person(app, {app.provider: answer["AuthenticationResult"]["IdToken"]})


def guest(app: SimpleNamespace) -> Person:
    """Come in without signing in."""
    return _person(app, {})


def administrator(app: SimpleNamespace) -> Person:
    """Come in as the one who runs the account: no identity id, no folder."""
    return Person("", boto3.Session(), app.bucket)


def _person(app: SimpleNamespace, logins: dict[str, str]) -> Person:
    identity = boto3.client("cognito-identity")
    who = identity.get_id(IdentityPoolId=app.identity_pool_id, Logins=logins)["IdentityId"]
    answer = identity.get_credentials_for_identity(IdentityId=who, Logins=logins)
    keys = answer["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretKey"], keys["SessionToken"])
    return Person(who, session, app.bucket)


class Stage:
    """The photo app with bare roles and a bare bucket, and everybody signed in anew."""

    def __init__(self, app: SimpleNamespace) -> None:
        self.app = app
        self.admin = administrator(app)
        self._bare()
        self.alice, self.bob, self.guest = user(app, "alice"), user(app, "bob"), guest(app)

    def _bare(self) -> None:
        iam = boto3.client("iam")
        for role in (self.app.role_name, self.app.guest_role_name):
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
                iam.delete_role_policy(RoleName=role, PolicyName=name)
        self.admin.s3.delete_bucket_policy(Bucket=self.app.bucket)

    def hang(self, name: str, policy: object) -> None:
        """Hang a policy on the role of signed-in users. Wrong if IAM finds its version too old."""
        document, role = _document(policy), self.app.role_name
        try:
            boto3.client("iam").put_role_policy(
                RoleName=role, PolicyName=name, PolicyDocument=document
            )
        except ClientError as error:
            if "must be version" not in error.response["Error"]["Message"]:
                raise
            raise Wrong(
                "variables are filled in under every version",
                f"IAM did not take your policy: {error.response['Error']['Message']} The older"
                " version, or none, knows no variables.",
            ) from error

    def hang_on_bucket(self, policy: object) -> None:
        """Hang a policy on the bucket."""
        self.admin.s3.put_bucket_policy(Bucket=self.app.bucket, Policy=_document(policy))

    def permits(
        self, *actions: str, resource: str, known: Mapping[str, str] | None = None
    ) -> list[str]:
        """Ask IAM which actions the role of signed-in users may do: nothing has to be broken.

        ``known`` are keys of the request, besides the identity id, which is alice's.
        """
        context = {SUB[2:-1]: self.alice.identity_id, **(known or {})}
        answer = boto3.client("iam").simulate_principal_policy(
            PolicySourceArn=self.app.role_arn,
            ActionNames=list(actions),
            ResourceArns=[resource],
            ContextEntries=[
                {"ContextKeyName": k, "ContextKeyType": "string", "ContextKeyValues": [v]}
                for k, v in context.items()
            ],
        )
        found = answer["EvaluationResults"]
        return [each["EvalActionName"] for each in found if each["EvalDecision"] == "allowed"]

    def put(self, *keys: str) -> None:
        """Have the administrator lay out files."""
        for key in keys:
            self.admin.s3.put_object(Bucket=self.app.bucket, Key=key, Body=b"a photo", **KMS)


def _document(policy: object) -> str:
    """Write a policy down as IAM wants it; a learner may have done that already."""
    return policy if isinstance(policy, str) else json.dumps(policy)
