"""AssumeRole: who gets in, for how long, and as whom."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from helpers import lab
from tests.cloud.sts_words import (
    ACCOUNT,
    REGION,
    ROOT,
    assume,
    client,
    error_of,
    new_role,
    new_user,
    not_authorized,
    policy,
    statement,
    status_of,
    trusting,
    user_arn,
)

MAY_ASSUME = policy(statement("sts:AssumeRole"))
STRANGER = "999999999999"


@pytest.fixture
def alice(cloud: lab.Cloud) -> dict[str, str]:
    """A user without any permission."""
    return new_user("alice")


@pytest.fixture
def admin(cloud: lab.Cloud) -> dict[str, str]:
    """A user who may assume whatever role lets his account in."""
    return new_user("admin", MAY_ASSUME)


class TestWhoIsLetIn:
    def test_never_the_root_user(self, cloud: lab.Cloud) -> None:
        role = new_role("open", trusting(ROOT))
        refused = error_of(
            boto3.client("sts", REGION).assume_role, RoleArn=role, RoleSessionName="root"
        )
        assert refused == ("AccessDenied", "Roles may not be assumed by root accounts.")

    def test_nobody_when_the_role_does_not_exist(self, admin: dict[str, str]) -> None:
        role = f"arn:aws:iam::{ACCOUNT}:role/nowhere"
        assert error_of(assume, admin, role) == not_authorized(user_arn("admin"), role)
        assert status_of(assume, admin, role) == 403

    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"Policy": "{"},
            {"PolicyArns": [{"arn": f"arn:aws:iam::{ACCOUNT}:policy/nothing"}]},
            {"PolicyArns": [{"arn": f"arn:aws:iam::{STRANGER}:policy/p"}]},
            {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]},
            {"TransitiveTagKeys": ["a"]},
            {"DurationSeconds": 43200},
            {"SerialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/x", "TokenCode": "123456"},
        ],
    )
    def test_nobody_learns_by_a_wrong_request_which_roles_or_policies_exist(
        self, alice: dict[str, str], wrong: dict[str, Any]
    ) -> None:
        there, nowhere = new_role("there", trusting(STRANGER)), f"arn:aws:iam::{ACCOUNT}:role/no"
        code, message = error_of(assume, alice, there, **wrong)
        assert error_of(assume, alice, nowhere, **wrong) == (code, message.replace(there, nowhere))
        if "Policy" in wrong or "PolicyArns" in wrong:
            assert (code, message) == not_authorized(user_arn("alice"), there)

    def test_a_wrong_path_is_another_role(self, admin: dict[str, str]) -> None:
        role = new_role("deep", trusting(ROOT), Path="/team/")
        wrong = role.replace("/team/", "/")
        assert error_of(assume, admin, wrong) == not_authorized(user_arn("admin"), wrong)
        assert assume(admin, role)["AssumedRoleUser"]["Arn"].endswith("assumed-role/deep/session")

    @pytest.mark.parametrize(
        "arn",
        ["arn:aws:iam::123456789012:user/alice", "arn:aws:sts::123456789012:role/x", "x" * 20],
    )
    def test_nobody_when_the_arn_is_no_roles(self, admin: dict[str, str], arn: str) -> None:
        assert error_of(assume, admin, arn)[0] == "ValidationError"

    @pytest.mark.parametrize(
        "trusted",
        [
            trusting(f"arn:aws:iam::{STRANGER}:root"),
            trusting(user_arn("admin"), "sts:AssumeRoleWithWebIdentity"),
            trusting(user_arn("admin"), "sts:TagSession"),
            policy(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ),
        ],
        ids=["another account", "web identity only", "tags only", "a service"],
    )
    def test_nobody_the_trust_policy_does_not_name(
        self, admin: dict[str, str], trusted: dict[str, Any]
    ) -> None:
        role = new_role("closed", trusted)
        assert error_of(assume, admin, role) == not_authorized(user_arn("admin"), role)

    def test_the_account_alone_is_not_enough(self, alice: dict[str, str]) -> None:
        role = new_role("delegated", trusting(ROOT))
        assert error_of(assume, alice, role) == not_authorized(user_arn("alice"), role)

    def test_the_users_own_permission_alone_is_not_enough(self, admin: dict[str, str]) -> None:
        role = new_role("bobs", trusting(f"arn:aws:iam::{ACCOUNT}:role/other"))
        assert error_of(assume, admin, role) == not_authorized(user_arn("admin"), role)

    def test_not_against_an_explicit_deny(self, cloud: lab.Cloud) -> None:
        denied = policy(statement("sts:AssumeRole", Effect="Deny"))
        keys = new_user("eve", denied)
        role = new_role("eves", trusting(user_arn("eve")))
        code, message = error_of(assume, keys, role)
        assert code == "AccessDenied"
        assert message.endswith("with an explicit deny in an identity-based policy")

    def test_not_without_the_external_id(self, alice: dict[str, str]) -> None:
        secret = {"StringEquals": {"sts:ExternalId": "tenant-7"}}
        role = new_role("partner", trusting(user_arn("alice"), Condition=secret))
        refused = not_authorized(user_arn("alice"), role)
        assert error_of(assume, alice, role) == refused
        assert error_of(assume, alice, role, ExternalId="tenant-8") == refused
        assert assume(alice, role, ExternalId="tenant-7")["Credentials"]

    def test_not_under_another_session_name(self, alice: dict[str, str]) -> None:
        own = {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}
        role = new_role("named", trusting(user_arn("alice"), Condition=own))
        refused = not_authorized(user_arn("alice"), role)
        assert error_of(assume, alice, role, RoleSessionName="root") == refused
        assert assume(alice, role, RoleSessionName="alice")["Credentials"]

    def test_a_user_whom_the_trust_policy_names(self, alice: dict[str, str]) -> None:
        role = new_role("hers", trusting(user_arn("alice")))
        assert assume(alice, role)["Credentials"]

    def test_a_user_of_the_account_with_permission(self, admin: dict[str, str]) -> None:
        role = new_role("delegated", trusting(ROOT))
        assert assume(admin, role)["Credentials"]

    def test_the_decision_is_on_the_record(self, cloud: lab.Cloud, alice: dict[str, str]) -> None:
        role = new_role("delegated", trusting(ROOT))
        error_of(assume, alice, role)
        decision = cloud.trace[-1].decisions[-1]
        assert (decision["action"], decision["resource"]) == ("sts:AssumeRole", role)
        assert decision["result"] == "implicitDeny"
        assert decision["reason_type"] == "identity-based policy"


class TestForHowLong:
    @pytest.mark.parametrize("seconds", [0, 899, 43201])
    def test_not_outside_what_sts_offers(self, alice: dict[str, str], seconds: int) -> None:
        role = new_role("hers", trusting(user_arn("alice")), MaxSessionDuration=43200)
        assert error_of(assume, alice, role, DurationSeconds=seconds)[0] == "ValidationError"

    def test_not_longer_than_the_role_allows(self, alice: dict[str, str]) -> None:
        role = new_role("hers", trusting(user_arn("alice")), MaxSessionDuration=7200)
        assert error_of(assume, alice, role, DurationSeconds=7201) == (
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )
        assert assume(alice, role, DurationSeconds=7200)["Credentials"]

    def test_not_longer_than_an_hour_from_another_role(self, alice: dict[str, str]) -> None:
        first = new_role("first", trusting(user_arn("alice")))
        second = new_role("second", trusting(first), MaxSessionDuration=43200)
        keys = assume(alice, first)["Credentials"]
        assert error_of(assume, keys, second, DurationSeconds=3601) == (
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            "role chaining.",
        )
        assert assume(keys, second, DurationSeconds=3600)["Credentials"]

    def test_then_the_credentials_are_refused(
        self, cloud: lab.Cloud, alice: dict[str, str]
    ) -> None:
        keys = assume(alice, new_role("hers", trusting(user_arn("alice"))))["Credentials"]
        assert keys["Expiration"] == cloud.clock.now() + timedelta(hours=1)
        cloud.clock.advance(minutes=59)
        sts = client("sts", keys)
        sts.get_caller_identity()
        cloud.clock.advance(minutes=1)
        assert error_of(sts.get_caller_identity)[0] == "ExpiredToken"


class TestAsWhom:
    def test_the_answer_names_the_session(self, alice: dict[str, str]) -> None:
        role = new_role("hers", trusting(user_arn("alice")))
        answer = assume(alice, role)
        role_id = boto3.client("iam", REGION).get_role(RoleName="hers")["Role"]["RoleId"]
        assert answer["AssumedRoleUser"] == {
            "AssumedRoleId": f"{role_id}:session",
            "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/hers/session",
        }
        assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")

    def test_the_session_has_the_roles_permissions_not_the_users(self, cloud: lab.Cloud) -> None:
        keys = new_user("carol", policy(statement("iam:ListUsers")))
        lister = policy(statement("s3:ListAllMyBuckets"))
        session = assume(keys, new_role("lister", trusting(user_arn("carol")), lister))
        assert error_of(client("iam", session["Credentials"]).list_users)[0] == "AccessDenied"
        client("s3", session["Credentials"]).list_buckets()

    @pytest.mark.parametrize("name", ["x", "a/b", "a b", "x" * 65])
    def test_a_session_name_has_its_alphabet(self, alice: dict[str, str], name: str) -> None:
        role = new_role("hers", trusting(user_arn("alice")))
        assert error_of(assume, alice, role, RoleSessionName=name)[0] == "ValidationError"


class TestSessionPolicies:
    WIDE = policy(statement("s3:*", "iam:ListUsers"))

    @pytest.fixture
    def role(self, alice: dict[str, str]) -> str:
        return new_role("wide", trusting(user_arn("alice")), self.WIDE)

    @pytest.mark.parametrize(
        "document",
        ["{", "{}", "[]", '{"Version": "2012-10-17"}', '{"Statement": [{"Effect": "Maybe"}]}'],
    )
    def test_a_document_that_is_no_policy(
        self, alice: dict[str, str], role: str, document: str
    ) -> None:
        assert error_of(assume, alice, role, Policy=document)[0] == "MalformedPolicyDocument"

    def test_a_document_that_names_a_principal(self, alice: dict[str, str], role: str) -> None:
        text = json.dumps(policy(statement("s3:*", Principal="*")))
        assert error_of(assume, alice, role, Policy=text)[0] == "MalformedPolicyDocument"

    @pytest.mark.parametrize("arn", ["arn:aws:iam::999999999999:policy/theirs", "x" * 20])
    def test_a_managed_policy_of_a_stranger(
        self, alice: dict[str, str], role: str, arn: str
    ) -> None:
        assert error_of(assume, alice, role, PolicyArns=[{"arn": arn}])[0] == "ValidationError"

    def test_a_managed_policy_that_does_not_exist(self, alice: dict[str, str], role: str) -> None:
        arn = f"arn:aws:iam::{ACCOUNT}:policy/missing"
        code, _ = error_of(assume, alice, role, PolicyArns=[{"arn": arn}])
        assert code in ("MalformedPolicyDocument", "ValidationError")

    def test_eleven_managed_policies(self, alice: dict[str, str], role: str) -> None:
        arns = [{"arn": f"arn:aws:iam::{ACCOUNT}:policy/p{n}"} for n in range(11)]
        assert error_of(assume, alice, role, PolicyArns=arns)[0] == "ValidationError"

    def test_they_take_away(self, alice: dict[str, str], role: str) -> None:
        text = json.dumps(policy(statement("s3:ListAllMyBuckets")))
        keys = assume(alice, role, Policy=text)["Credentials"]
        code, message = error_of(client("iam", keys).list_users)
        assert code == "AccessDenied"
        assert message.endswith("because no session policy allows the iam:ListUsers action")
        client("s3", keys).list_buckets()

    def test_they_never_give(self, alice: dict[str, str], role: str) -> None:
        keys = assume(alice, role, Policy=json.dumps(policy(statement("*"))))["Credentials"]
        assert error_of(client("iam", keys).list_roles)[0] == "AccessDenied"

    def test_a_managed_policy_works_the_same(self, alice: dict[str, str], role: str) -> None:
        text = json.dumps(policy(statement("s3:*")))
        made = boto3.client("iam", REGION).create_policy(PolicyName="s3", PolicyDocument=text)
        arns = [{"arn": made["Policy"]["Arn"]}]
        keys = assume(alice, role, PolicyArns=arns)["Credentials"]
        client("s3", keys).list_buckets()
        assert error_of(client("iam", keys).list_users)[0] == "AccessDenied"

    def test_they_hold_for_the_next_role_too(self, alice: dict[str, str]) -> None:
        first = new_role("first", trusting(user_arn("alice")), MAY_ASSUME)
        second = new_role("second", trusting(ROOT))
        narrow = json.dumps(policy(statement("s3:*")))
        keys = assume(alice, first, Policy=narrow)["Credentials"]
        who = f"arn:aws:sts::{ACCOUNT}:assumed-role/first/session"
        assert error_of(assume, keys, second) == not_authorized(who, second)
        assert assume(assume(alice, first)["Credentials"], second)["Credentials"]
