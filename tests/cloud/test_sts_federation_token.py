"""GetFederationToken: what a user lends, and how little of it a federated user gets."""

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
    policy,
    statement,
    trusting,
    user_arn,
)

MAY_LEND = statement("sts:GetFederationToken", "sts:TagSession")
LISTS = statement("s3:ListAllMyBuckets")
BOB = f"arn:aws:sts::{ACCOUNT}:federated-user/Bob"
LIST_ALL = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


@pytest.fixture
def broker(cloud: lab.Cloud) -> dict[str, str]:
    """A user who may list buckets and read objects, and lends that."""
    return new_user("broker", policy(MAY_LEND, LISTS, statement("s3:GetObject")))


def lend(keys: dict[str, str], *allowed: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = {"Policy": json.dumps(policy(*allowed))} if allowed else {}
    ask = client("sts", keys, checked=False).get_federation_token
    return ask(**{"Name": "Bob", **given, **more})


def list_buckets(keys: dict[str, str]) -> Any:
    return client("s3", keys).list_buckets()


def notes(*statements: dict[str, Any]) -> None:
    """A bucket with one object and this policy."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="notes")
    s3.put_object(Bucket="notes", Key="k", Body=b"text")
    s3.put_bucket_policy(Bucket="notes", Policy=json.dumps(policy(*statements)))


def read(keys: dict[str, str]) -> Any:
    return client("s3", keys).get_object(Bucket="notes", Key="k")


def granting(principal: str, effect: str = "Allow") -> dict[str, Any]:
    return {
        **statement("s3:GetObject", Principal={"AWS": principal}, Effect=effect),
        "Resource": "arn:aws:s3:::notes/*",
    }


class TestWhoMayAsk:
    def test_nobody_without_permission(self, cloud: lab.Cloud) -> None:
        code, message = error_of(lend, new_user("alice"), LISTS)
        assert code == "AccessDenied"
        assert message.startswith(
            f"User: {user_arn('alice')} is not authorized to perform: sts:GetFederationToken on "
            f"resource: {BOB} because no identity-based policy"
        )

    def test_a_policy_may_name_whom(self, cloud: lab.Cloud) -> None:
        only = {**MAY_LEND, "Resource": BOB}
        keys = new_user("careful", policy(only, LISTS))
        assert error_of(lend, keys, LISTS, Name="Eve")[0] == "AccessDenied"
        list_buckets(lend(keys, LISTS)["Credentials"])

    def test_no_temporary_credentials(self, broker: dict[str, str]) -> None:
        role = new_role("lender", trusting(user_arn("broker")), policy(statement("*")))
        for keys in (
            assume(broker, role)["Credentials"],
            client("sts", broker).get_session_token()["Credentials"],
            lend(broker, LISTS)["Credentials"],
        ):
            assert error_of(lend, keys, LISTS) == (
                "AccessDenied",
                "Cannot call GetFederationToken with session credentials",
            )

    @pytest.mark.parametrize("name", ["", "B", "x" * 33, "two words", "a/b"])
    def test_a_name_that_is_none(self, broker: dict[str, str], name: str) -> None:
        assert error_of(lend, broker, LISTS, Name=name)[0] == "ValidationError"

    @pytest.mark.parametrize("seconds", [899, 129601, -1])
    def test_not_for_less_or_longer_than_sts_offers(
        self, broker: dict[str, str], seconds: int
    ) -> None:
        assert error_of(lend, broker, LISTS, DurationSeconds=seconds)[0] == "ValidationError"

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"Policy": "{"}, "MalformedPolicyDocument"),
            ({"Policy": json.dumps({"Version": "2012-10-17"})}, "MalformedPolicyDocument"),
            ({"Policy": " " * 2049}, "ValidationError"),
            ({"PolicyArns": [{"arn": LIST_ALL}] * 11}, "ValidationError"),
            ({"PolicyArns": [{"arn": "arn:aws:iam::999999999999:policy/p"}]}, "ValidationError"),
        ],
    )
    def test_a_session_policy_that_is_none(
        self, broker: dict[str, str], wrong: dict[str, Any], code: str
    ) -> None:
        assert error_of(lend, broker, **wrong)[0] == code


class TestHowLong:
    def test_twelve_hours_unless_said(self, cloud: lab.Cloud, broker: dict[str, str]) -> None:
        now = cloud.clock.now()
        assert lend(broker)["Credentials"]["Expiration"] == now + timedelta(hours=12)
        longest = lend(broker, DurationSeconds=129600)["Credentials"]["Expiration"]
        assert longest == now + timedelta(hours=36)

    def test_an_hour_from_the_root_user(self, cloud: lab.Cloud) -> None:
        sts = boto3.client("sts", REGION)
        answer = sts.get_federation_token(Name="Bob", DurationSeconds=36000)
        assert answer["Credentials"]["Expiration"] == cloud.clock.now() + timedelta(hours=1)

    def test_then_it_is_over(self, cloud: lab.Cloud, broker: dict[str, str]) -> None:
        keys = lend(broker, LISTS, DurationSeconds=900)["Credentials"]
        list_buckets(keys)
        cloud.clock.advance(minutes=16)
        assert error_of(list_buckets, keys)[0] == "ExpiredToken"


class TestWhatHeMayDo:
    def test_nothing_without_a_session_policy(self, broker: dict[str, str]) -> None:
        code, message = error_of(list_buckets, lend(broker)["Credentials"])
        assert code == "AccessDenied"
        assert message == (
            f"User: {BOB} is not authorized to perform: s3:ListAllMyBuckets because no session "
            "policy allows the s3:ListAllMyBuckets action"
        )

    def test_no_more_than_the_user(self, broker: dict[str, str]) -> None:
        keys = lend(broker, statement("*"))["Credentials"]
        list_buckets(keys)
        tables = client("dynamodb", keys).list_tables
        assert error_of(tables)[0] == "AccessDeniedException"

    def test_no_more_than_the_session_policy(self, broker: dict[str, str]) -> None:
        notes(granting(ROOT))
        keys = lend(broker, LISTS)["Credentials"]
        list_buckets(keys)
        assert error_of(read, keys)[0] == "AccessDenied"

    def test_managed_session_policies_count(self, broker: dict[str, str]) -> None:
        list_buckets(lend(broker, PolicyArns=[{"arn": LIST_ALL}])["Credentials"])

    def test_what_the_user_loses_he_loses(self, broker: dict[str, str]) -> None:
        keys = lend(broker, LISTS)["Credentials"]
        list_buckets(keys)
        boto3.client("iam").delete_user_policy(UserName="broker", PolicyName="own")
        assert error_of(list_buckets, keys)[0] == "AccessDenied"

    def test_a_later_user_of_the_same_name_lends_him_nothing(self, broker: dict[str, str]) -> None:
        keys = lend(broker, LISTS)["Credentials"]
        iam = boto3.client("iam")
        iam.delete_access_key(UserName="broker", AccessKeyId=broker["AccessKeyId"])
        iam.delete_user_policy(UserName="broker", PolicyName="own")
        iam.delete_user(UserName="broker")
        new_user("broker", policy(LISTS))
        assert error_of(list_buckets, keys)[0] == "AccessDenied"

    def test_from_the_root_user_what_the_session_policy_says(self, cloud: lab.Cloud) -> None:
        root = {"AccessKeyId": "test", "SecretAccessKey": "test"}
        keys = lend(root, LISTS)["Credentials"]
        list_buckets(keys)
        assert error_of(client("dynamodb", keys).list_tables)[0] == "AccessDeniedException"
        assert error_of(list_buckets, lend(root)["Credentials"])[0] == "AccessDenied"


class TestBucketPolicies:
    @pytest.mark.parametrize("principal", [ROOT, user_arn("broker")])
    def test_naming_the_account_or_the_user_is_not_enough(
        self, broker: dict[str, str], principal: str
    ) -> None:
        notes(granting(principal))
        assert error_of(read, lend(broker)["Credentials"])[0] == "AccessDenied"
        read(lend(broker, statement("s3:GetObject"))["Credentials"])

    @pytest.mark.parametrize("lender", ["broker", "root"])
    def test_naming_the_federated_user_is(self, broker: dict[str, str], lender: str) -> None:
        notes(granting(BOB))
        root = {"AccessKeyId": "test", "SecretAccessKey": "test"}
        keys = broker if lender == "broker" else root
        read(lend(keys)["Credentials"])
        assert error_of(read, lend(keys, Name="Eve")["Credentials"])[0] == "AccessDenied"

    def test_a_deny_reaches_him_by_every_name(self, broker: dict[str, str]) -> None:
        for principal in (BOB, user_arn("broker"), ROOT):
            notes(granting(principal, "Deny"))
            keys = lend(broker, statement("s3:*"))["Credentials"]
            code, message = error_of(read, keys)
            assert code == "AccessDenied"
            assert message.endswith("with an explicit deny in a resource-based policy")
            boto3.client("s3").delete_object(Bucket="notes", Key="k")
            boto3.client("s3").delete_bucket(Bucket="notes")


class TestWhatIsClosed:
    def test_iam(self, broker: dict[str, str]) -> None:
        boto3.client("iam").put_user_policy(
            UserName="broker", PolicyName="all", PolicyDocument=json.dumps(policy(statement("*")))
        )
        keys = lend(broker, statement("*"))["Credentials"]
        assert error_of(client("iam", keys).list_users)[0] == "InvalidClientTokenId"
        make = client("iam", keys).create_access_key
        assert error_of(make, UserName="broker")[0] == "InvalidClientTokenId"

    def test_sts_but_for_get_caller_identity(self, broker: dict[str, str]) -> None:
        boto3.client("iam").put_user_policy(
            UserName="broker", PolicyName="all", PolicyDocument=json.dumps(policy(statement("*")))
        )
        keys = lend(broker, statement("*"))["Credentials"]
        for principal in (ROOT, BOB, user_arn("broker")):
            role = new_role(f"r{len(principal)}", trusting(principal))
            assert error_of(assume, keys, role)[0] == "AccessDenied"
        assert error_of(client("sts", keys).get_session_token)[0] == "AccessDenied"
        who = client("sts", keys).get_caller_identity()
        assert (who["Arn"], who["UserId"]) == (BOB, f"{ACCOUNT}:Bob")


class TestTags:
    TEAM = {"Tags": [{"Key": "team", "Value": "blue"}]}  # noqa: RUF012
    BLUE = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}  # noqa: RUF012

    def test_need_a_permission_of_their_own(self, cloud: lab.Cloud) -> None:
        keys = new_user("plain", policy(statement("sts:GetFederationToken"), LISTS))
        code, message = error_of(lend, keys, LISTS, **self.TEAM)
        assert (code, "sts:TagSession" in message) == ("AccessDenied", True)
        lend(keys, LISTS)

    def test_become_principal_tags(self, broker: dict[str, str]) -> None:
        blue = statement("s3:ListAllMyBuckets", Condition=self.BLUE)
        assert error_of(list_buckets, lend(broker, blue)["Credentials"])[0] == "AccessDenied"
        list_buckets(lend(broker, blue, **self.TEAM)["Credentials"])

    def test_win_over_the_user_s_own_which_hold_otherwise(self, broker: dict[str, str]) -> None:
        tag = [{"Key": "Team", "Value": "blue"}]
        boto3.client("iam").tag_user(UserName="broker", Tags=tag)
        blue = statement("s3:ListAllMyBuckets", Condition=self.BLUE)
        list_buckets(lend(broker, blue)["Credentials"])
        red = {"Tags": [{"Key": "team", "Value": "red"}]}
        keys = lend(broker, blue, **red)["Credentials"]
        assert error_of(list_buckets, keys)[0] == "AccessDenied"

    def test_can_be_limited(self, cloud: lab.Cloud) -> None:
        blue = {"StringEquals": {"aws:RequestTag/team": "blue"}}
        tagging = statement("sts:TagSession", Condition=blue)
        keys = new_user("b", policy(statement("sts:GetFederationToken"), tagging))
        red = {"Tags": [{"Key": "team", "Value": "red"}]}
        assert error_of(lend, keys, LISTS, **red)[0] == "AccessDenied"
        lend(keys, LISTS, **self.TEAM)
