"""EC2's refusals and the encoded message in them: who may open it, and what it says."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from helpers import lab
from tests.cloud.accounts import Company, stranger
from tests.cloud.sts_words import (
    ACCOUNT,
    assume,
    client,
    error_of,
    new_role,
    new_user,
    policy,
    statement,
    status_of,
    trusting,
    user_arn,
)

INSTANCES = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance"
MARK = " Encoded authorization failure message: "


def stop(keys: dict[str, str], instance: str = "i-0123456789abcdef0") -> Any:
    return client("ec2", keys).stop_instances(InstanceIds=[instance])


def sealed(keys: dict[str, str], act: Any = stop) -> str:
    """The encoded message of a refusal."""
    return error_of(act, keys)[1].partition(MARK)[2]


def decode(message: str, keys: dict[str, str] | None = None) -> dict[str, Any]:
    sts = client("sts", keys) if keys else boto3.client("sts")
    return json.loads(sts.decode_authorization_message(EncodedMessage=message)["DecodedMessage"])


class TestTheRefusal:
    def test_it_is_ec2_s_own(self, cloud: lab.Cloud) -> None:
        keys = new_user("alice")
        code, message = error_of(stop, keys)
        assert (code, status_of(stop, keys)) == ("UnauthorizedOperation", 403)
        assert message.partition(MARK)[0] == (
            "You are not authorized to perform this operation. "
            f"User: {user_arn('alice')} is not authorized to perform: ec2:StopInstances on "
            f"resource: {INSTANCES}/i-0123456789abcdef0 because no identity-based policy allows "
            "the ec2:StopInstances action."
        )

    def test_what_looks_at_everything_carries_no_message(self, cloud: lab.Cloud) -> None:
        code, message = error_of(client("ec2", new_user("alice")).describe_instances)
        assert code == "UnauthorizedOperation"
        assert message.endswith("allows the ec2:DescribeInstances action")

    def test_a_policy_may_name_the_instance(self, cloud: lab.Cloud) -> None:
        only = statement("ec2:StopInstances", Resource=f"{INSTANCES}/i-1")
        keys = new_user("alice", policy(only))
        assert error_of(stop, keys, "i-2")[0] == "UnauthorizedOperation"
        assert error_of(stop, keys, "i-1")[0] == "NotImplementedException"

    def test_whoever_may_is_told_that_there_is_no_ec2(self, cloud: lab.Cloud) -> None:
        refused = error_of(boto3.client("ec2").describe_instances)
        assert refused == (
            "NotImplementedException",
            "The offline cloud does not offer ec2:DescribeInstances",
        )

    def test_credentials_that_are_none(self, cloud: lab.Cloud) -> None:
        stranger_keys = {"AccessKeyId": "AKIAUNKNOWNKEY234567", "SecretAccessKey": "x"}
        assert error_of(stop, stranger_keys)[0] == "AuthFailure"
        alice = new_user("alice")
        assert error_of(stop, {**alice, "SecretAccessKey": "wrong"})[0] == "AuthFailure"
        session = client("sts", alice).get_session_token(DurationSeconds=900)["Credentials"]
        cloud.clock.advance(minutes=16)
        assert error_of(stop, session) == ("RequestExpired", "Request has expired.")

    def test_it_says_nothing_without_its_key(self, cloud: lab.Cloud) -> None:
        denied = statement("ec2:*", Effect="Deny", Sid="Secret")
        message = sealed(new_user("alice", policy(denied)))
        assert message
        assert "Secret" not in message
        assert sealed(new_user("bob", policy(denied))) != message


class TestWhoMayDecode:
    def test_nobody_without_permission(self, cloud: lab.Cloud) -> None:
        keys = new_user("alice")
        assert error_of(decode, sealed(keys), keys) == (
            "AccessDenied",
            f"User: {user_arn('alice')} is not authorized to perform: "
            "sts:DecodeAuthorizationMessage because no identity-based policy allows the "
            "sts:DecodeAuthorizationMessage action",
        )
        may = new_user("bob", policy(statement("sts:DecodeAuthorizationMessage")))
        assert decode(sealed(keys), may)["allowed"] is False

    def test_nobody_of_another_account(self, cloud: lab.Cloud) -> None:
        message = sealed(new_user("alice"))
        refused = error_of(decode, message, stranger().keys)
        assert refused[0] == "InvalidAuthorizationMessageException"
        shop = Company().new_account("shop")
        assert error_of(decode, message, shop.keys)[0] == refused[0]

    @pytest.mark.parametrize("wrong", ["x", "AAAA", "é", "\ud800", "=" * 8, "A" * 10240, "a\nb"])
    def test_what_is_no_message(self, cloud: lab.Cloud, wrong: str) -> None:
        code, _ = error_of(decode, wrong.encode("utf-8", "replace").decode())
        assert code == "InvalidAuthorizationMessageException"

    def test_one_that_was_changed(self, cloud: lab.Cloud) -> None:
        message = sealed(new_user("alice"))
        for place in (0, 20, len(message) - 2):
            other = "B" if message[place] == "A" else "A"
            changed = message[:place] + other + message[place + 1 :]
            assert error_of(decode, changed)[0] == "InvalidAuthorizationMessageException"
        cut = error_of(decode, message[:-4])
        assert cut[0] == "InvalidAuthorizationMessageException"

    def test_one_of_an_earlier_lesson(self, cloud: lab.Cloud) -> None:
        message = sealed(new_user("alice"))
        lab.start(live=True)
        assert error_of(decode, message)[0] == "InvalidAuthorizationMessageException"

    @pytest.mark.parametrize("wrong", ["", "A" * 10241])
    def test_its_length_is_checked(self, cloud: lab.Cloud, wrong: str) -> None:
        root = {"AccessKeyId": "test", "SecretAccessKey": "test"}
        ask = client("sts", root, checked=False).decode_authorization_message
        assert error_of(ask, EncodedMessage=wrong)[0] == "ValidationError"


class TestWhatItSays:
    def test_that_nothing_allowed_it(self, cloud: lab.Cloud) -> None:
        said = decode(sealed(new_user("alice", policy(statement("s3:*")))))
        assert (said["allowed"], said["explicitDeny"]) == (False, False)
        assert said["matchedStatements"] == {"items": []}
        alice = boto3.client("iam").get_user(UserName="alice")["User"]
        assert said["context"]["principal"] == {
            "id": alice["UserId"], "name": "alice", "arn": alice["Arn"],
        }  # fmt: skip
        assert said["context"]["action"] == "ec2:StopInstances"
        assert said["context"]["resource"] == f"{INSTANCES}/i-0123456789abcdef0"

    def test_which_statement_denied_it(self, cloud: lab.Cloud) -> None:
        large = {"StringEquals": {"ec2:InstanceType": ["m5.large", "m5.xlarge"]}}
        small_only = statement(
            "ec2:RunInstances", "ec2:StartInstances", Effect="Deny", Sid="Small", Condition=large
        )
        keys = new_user("alice", policy(statement("ec2:*"), small_only))

        def run(keys: dict[str, str]) -> Any:
            asked = {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 1}
            return client("ec2", keys).run_instances(InstanceType="m5.large", **asked)

        assert "with an explicit deny in an identity-based policy" in error_of(run, keys)[1]
        said = decode(sealed(keys, run))
        assert said["explicitDeny"] is True
        (denied,) = said["matchedStatements"]["items"]
        assert (denied["statementId"], denied["effect"]) == ("Small", "DENY")
        assert [a["value"] for a in denied["actions"]["items"]] == [
            "ec2:RunInstances", "ec2:StartInstances",
        ]  # fmt: skip
        assert denied["conditions"]["items"] == [
            {
                "key": "ec2:InstanceType",
                "values": {"items": [{"value": "m5.large"}, {"value": "m5.xlarge"}]},
            }
        ]
        seen = {c["key"]: c["values"] for c in said["context"]["conditions"]["items"]}
        assert seen["ec2:InstanceType"] == {"items": [{"value": "m5.large"}]}
        assert said["context"]["resource"] == f"{INSTANCES}/*"

    def test_which_session_it_was(self, cloud: lab.Cloud) -> None:
        alice = new_user("alice")
        keys = assume(alice, new_role("ops", trusting(user_arn("alice"))))["Credentials"]
        who = decode(sealed(keys))["context"]["principal"]
        assert who["arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/session"
        assert "name" not in who
