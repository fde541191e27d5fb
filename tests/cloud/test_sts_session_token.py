"""GetSessionToken and MFA, GetCallerIdentity, GetAccessKeyInfo, and what is not offered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import botocore.session
import pyotp
import pytest

from helpers import lab
from helpers.cloud.errors import AwsError
from helpers.cloud.iam import Principal
from helpers.cloud.ids import Ids
from helpers.cloud.sessions import Sessions
from helpers.cloud.sts import OPERATIONS, check_session_token_limits
from tests.cloud.sts_words import (
    ACCOUNT,
    REGION,
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

WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@pytest.fixture
def alice(cloud: lab.Cloud) -> dict[str, str]:
    return new_user("alice", policy(statement("s3:ListAllMyBuckets")))


def call_of_a_user_session(service: str, operation: str, context: dict[str, str]) -> Any:
    """A request signed with what GetSessionToken gave a user."""
    session = Sessions(Ids(1)).issue(
        Principal("User", user_arn("alice"), ACCOUNT),
        lifetime=timedelta(hours=1),
        now=datetime.now(UTC),
        context=context,
    )
    return SimpleNamespace(
        service=service, operation=operation, caller=session.principal, credentials=session
    )


class Phone:
    """A virtual MFA device that belongs to a user."""

    def __init__(self, cloud: lab.Cloud, user: str) -> None:
        iam = boto3.client("iam", REGION)
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=user)["VirtualMFADevice"]
        self.serial = device["SerialNumber"]
        self._codes = pyotp.TOTP(device["Base32StringSeed"].decode())
        self._clock = cloud.clock
        one, two = self._codes.at(0), self._codes.at(30)
        iam.enable_mfa_device(
            UserName=user,
            SerialNumber=self.serial,
            AuthenticationCode1=one,
            AuthenticationCode2=two,
        )

    def code(self, steps: int = 0) -> str:
        return self._codes.at(self._clock.timestamp() + 30 * steps)

    def proof(self, steps: int = 0) -> dict[str, str]:
        return {"SerialNumber": self.serial, "TokenCode": self.code(steps)}


class TestMfa:
    @pytest.fixture
    def phone(self, cloud: lab.Cloud, alice: dict[str, str]) -> Phone:
        return Phone(cloud, "alice")

    def test_a_role_that_wants_it(self, alice: dict[str, str], phone: Phone) -> None:
        role = new_role("careful", trusting(user_arn("alice"), Condition=WITH_MFA))
        assert error_of(assume, alice, role)[0] == "AccessDenied"
        assert assume(alice, role, **phone.proof())["Credentials"]

    def test_a_wrong_code(self, alice: dict[str, str], phone: Phone) -> None:
        wrong = "000000" if phone.code() != "000000" else "000001"
        get = client("sts", alice).get_session_token
        code, message = error_of(get, SerialNumber=phone.serial, TokenCode=wrong)
        assert code == "AccessDenied"
        assert message.startswith("MultiFactorAuthentication failed with invalid MFA one time pass")

    @pytest.mark.parametrize("steps", [-10, -2, 2, 10])
    def test_a_code_of_another_time(self, alice: dict[str, str], phone: Phone, steps: int) -> None:
        get = client("sts", alice).get_session_token
        assert error_of(get, **phone.proof(steps))[0] == "AccessDenied"

    def test_a_code_serves_once(self, alice: dict[str, str], phone: Phone) -> None:
        get = client("sts", alice).get_session_token
        get(**phone.proof())
        assert error_of(get, **phone.proof())[0] == "AccessDenied"
        assert error_of(get, **phone.proof(-1))[0] == "AccessDenied"

    def test_another_users_device(
        self, cloud: lab.Cloud, alice: dict[str, str], phone: Phone
    ) -> None:
        bob = client("sts", new_user("bob"))
        code, message = error_of(bob.get_session_token, **phone.proof())
        assert (code, "unable to validate MFA code" in message) == ("AccessDenied", True)

    @pytest.mark.parametrize("half", ["SerialNumber", "TokenCode"])
    def test_half_a_proof(self, alice: dict[str, str], phone: Phone, half: str) -> None:
        get = client("sts", alice).get_session_token
        assert error_of(get, **{half: phone.proof()[half]})[0] == "AccessDenied"

    def test_the_session_says_so_to_policies(self, cloud: lab.Cloud) -> None:
        keys = new_user("carol", policy(statement("s3:ListAllMyBuckets", Condition=WITH_MFA)))
        phone = Phone(cloud, "carol")
        sts = client("sts", keys)
        assert error_of(client("s3", keys).list_buckets)[0] == "AccessDenied"
        without = sts.get_session_token()["Credentials"]
        assert error_of(client("s3", without).list_buckets)[0] == "AccessDenied"
        client("s3", sts.get_session_token(**phone.proof())["Credentials"]).list_buckets()

    def test_it_does_not_reach_into_a_role(self, alice: dict[str, str], phone: Phone) -> None:
        allowed = policy(statement("s3:ListAllMyBuckets", Condition=WITH_MFA))
        role = new_role("careful", trusting(user_arn("alice")), allowed)
        keys = assume(alice, role, **phone.proof())["Credentials"]
        assert error_of(client("s3", keys).list_buckets)[0] == "AccessDenied"


class TestGetSessionToken:
    def test_not_with_temporary_credentials(self, alice: dict[str, str]) -> None:
        keys = client("sts", alice).get_session_token()["Credentials"]
        role = assume(alice, new_role("hers", trusting(user_arn("alice"))))["Credentials"]
        for temporary in (keys, role):
            assert error_of(client("sts", temporary).get_session_token) == (
                "AccessDenied",
                "Cannot call GetSessionToken with session credentials",
            )

    @pytest.mark.parametrize("seconds", [899, 129601])
    def test_not_outside_what_sts_offers(self, alice: dict[str, str], seconds: int) -> None:
        get = client("sts", alice, checked=False).get_session_token
        assert error_of(get, DurationSeconds=seconds)[0] == "ValidationError"

    def test_lasts_twelve_hours(self, cloud: lab.Cloud, alice: dict[str, str]) -> None:
        keys = client("sts", alice).get_session_token()["Credentials"]
        assert keys["Expiration"] == cloud.clock.now() + timedelta(hours=12)

    def test_lasts_the_root_user_an_hour(self, cloud: lab.Cloud) -> None:
        answer = boto3.client("sts", REGION).get_session_token(DurationSeconds=36000)
        assert answer["Credentials"]["Expiration"] == cloud.clock.now() + timedelta(hours=1)

    def test_is_the_user_with_his_permissions(self, alice: dict[str, str]) -> None:
        keys = client("sts", alice).get_session_token()["Credentials"]
        assert client("sts", keys).get_caller_identity()["Arn"] == user_arn("alice")
        client("s3", keys).list_buckets()
        assert error_of(client("cognito-idp", keys).list_user_pools, MaxResults=1)[0] == (
            "AccessDeniedException"
        )

    @pytest.mark.parametrize(
        ("service", "operation"), [("iam", "ListUsers"), ("sts", "GetAccessKeyInfo")]
    )
    def test_opens_neither_iam_nor_sts(self, service: str, operation: str) -> None:
        call = call_of_a_user_session(service, operation, {})
        with pytest.raises(AwsError):
            check_session_token_limits(call)

    def test_opens_iam_with_mfa(self) -> None:
        with_mfa = {"aws:MultiFactorAuthPresent": "true"}
        check_session_token_limits(call_of_a_user_session("iam", "ListUsers", with_mfa))

    def test_no_policy_can_refuse_it(self, cloud: lab.Cloud) -> None:
        keys = new_user("dave", policy(statement("sts:*", Effect="Deny")))
        assert client("sts", keys).get_session_token()["Credentials"]


class TestTheSizeOfTheToken:
    @pytest.mark.parametrize("size", [-1, 4097])
    def test_beyond_what_sts_offers(self, alice: dict[str, str], size: int) -> None:
        get = client("sts", alice, checked=False).get_session_token
        assert error_of(get, MinimumSessionTokenSize=size)[0] == "ValidationError"

    def test_it_is_as_long_as_was_asked(self, alice: dict[str, str]) -> None:
        role = new_role("hers", trusting(user_arn("alice")))
        for size in (0, 1000, 1001, 4096):
            asked = {"MinimumSessionTokenSize": size}
            keys = assume(alice, role, **asked)["Credentials"]
            assert size <= len(keys["SessionToken"]) <= max(size + 2, 400)
            client("sts", keys).get_caller_identity()


class TestGetCallerIdentity:
    def test_the_root_user(self, cloud: lab.Cloud) -> None:
        who = boto3.client("sts", REGION).get_caller_identity()
        del who["ResponseMetadata"]
        root = f"arn:aws:iam::{ACCOUNT}:root"
        assert who == {"UserId": ACCOUNT, "Account": ACCOUNT, "Arn": root}

    def test_a_user_whom_every_policy_refuses(self, cloud: lab.Cloud) -> None:
        keys = new_user("dave", policy(statement("*", Effect="Deny")))
        who = client("sts", keys).get_caller_identity()
        dave = boto3.client("iam", REGION).get_user(UserName="dave")["User"]
        assert (who["Arn"], who["UserId"]) == (dave["Arn"], dave["UserId"])


class TestGetAccessKeyInfo:
    def test_an_unknown_key(self, cloud: lab.Cloud) -> None:
        sts = boto3.client("sts", REGION)
        code, _ = error_of(sts.get_access_key_info, AccessKeyId="AKIAUNKNOWNKEY234567")
        assert code == "ValidationError"

    def test_not_without_permission(self, alice: dict[str, str]) -> None:
        ask = client("sts", alice).get_access_key_info
        assert error_of(ask, AccessKeyId=alice["AccessKeyId"])[0] == "AccessDenied"

    def test_a_users_key_and_a_session_s(self, alice: dict[str, str]) -> None:
        session = client("sts", alice).get_session_token()["Credentials"]
        sts = boto3.client("sts", REGION)
        for keys in (alice, session):
            answer = sts.get_access_key_info(AccessKeyId=keys["AccessKeyId"])
            assert answer["Account"] == ACCOUNT


def test_every_operation_is_ours() -> None:
    """None falls through to moto, which would pretend."""
    model = botocore.session.get_session().get_service_model("sts")
    assert set(OPERATIONS) == set(model.operation_names)


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("get_web_identity_token", {"Audience": ["a"], "SigningAlgorithm": "RS256"}),
        ("assume_root", {"TargetPrincipal": ACCOUNT, "TaskPolicyArn": {"arn": "x" * 20}}),
    ],
)
def test_what_is_not_offered_says_so(
    cloud: lab.Cloud, operation: str, arguments: dict[str, Any]
) -> None:
    code, message = error_of(getattr(boto3.client("sts", REGION), operation), **arguments)
    assert code == "NotImplementedException"
    assert message.startswith("The offline cloud does not offer sts:")
