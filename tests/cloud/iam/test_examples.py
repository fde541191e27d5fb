"""Situations from AWS's guides, in our own policies: the refusal first, then what is allowed."""

from __future__ import annotations

import pytest

from tests.cloud.iam.build import ANN, APP, allow, ask, deny

BUCKET = "arn:aws:s3:::records"
HOME = allow("s3:*", f"{BUCKET}/home/${{aws:username}}/*")
BROWSE = allow(
    "s3:ListBucket",
    BUCKET,
    Condition={"StringLike": {"s3:prefix": ["", "home/", "home/${aws:username}/*"]}},
)


def lists(prefix=None):
    context = {} if prefix is None else {"s3:prefix": prefix}
    listing = {"action": "s3:ListBucket", "resource": BUCKET, "context": context}
    return ask(HOME, BROWSE, **listing).allowed


@pytest.mark.parametrize("prefix", [None, "home", "home/bo/", "home/ann"])
def test_a_user_may_not_browse_outside_the_own_home(prefix):
    assert not lists(prefix)


@pytest.mark.parametrize("prefix", ["", "home/", "home/ann/", "home/ann/2024/"])
def test_a_user_may_browse_down_to_the_own_home(prefix):
    assert lists(prefix)


LEADING = "dynamodb:LeadingKeys"
OWN_ROWS = allow(
    ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"],
    "arn:aws:dynamodb:us-east-1:111122223333:table/Notes",
    Condition={"ForAllValues:StringEquals": {LEADING: "${cognito-identity.amazonaws.com:sub}"}},
)


def reads(action, keys=None):
    context = {"cognito-identity.amazonaws.com:sub": "us-east-1:me"}
    if keys is not None:
        context[LEADING] = keys
    table = "arn:aws:dynamodb:us-east-1:111122223333:table/Notes"
    return ask(OWN_ROWS, who=APP, action=action, resource=table, context=context).allowed


def test_rows_are_read_by_their_owner_alone():
    assert not reads("dynamodb:GetItem", ["us-east-1:you"])
    assert not reads("dynamodb:Query", ["us-east-1:me", "us-east-1:you"])
    assert reads("dynamodb:GetItem", ["us-east-1:me"])


def test_a_scan_has_no_leading_keys_and_so_gets_past_for_all_values():
    """The trap of the vacuous truth: leave Scan out of such a policy."""
    assert reads("dynamodb:Scan")


SAME_TEAM = allow(
    "ec2:StopInstances",
    Condition={"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
)


@pytest.mark.parametrize(
    ("mine", "its", "may"),
    [("red", "blue", False), ("red", None, False), (None, "red", False), (None, None, False),
     ("*", "red", False), ("red", "red", True)],
)  # fmt: skip
def test_access_by_attributes(mine, its, may):
    tags = {"aws:PrincipalTag/team": mine, "aws:ResourceTag/team": its}
    context = {key: value for key, value in tags.items() if value is not None}
    instance = "arn:aws:ec2:us-east-1:111122223333:instance/i-1"
    asked = {"action": "ec2:StopInstances", "resource": instance, "context": context}
    assert ask(SAME_TEAM, **asked).allowed is may


def test_without_mfa_nothing_but_setting_it_up():
    guard = {
        "Effect": "Deny",
        "NotAction": ["iam:EnableMFADevice", "sts:GetSessionToken"],
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    }
    for context in ({}, {"aws:MultiFactorAuthPresent": "false"}):
        assert not ask(allow(), guard, context=context).allowed
        assert ask(allow(), guard, action="iam:EnableMFADevice", context=context).allowed
    assert ask(allow(), guard, context={"aws:MultiFactorAuthPresent": "true"}).allowed


def test_only_from_the_office_network():
    outside = deny(Condition={"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]}})
    assert not ask(allow(), outside, context={"aws:SourceIp": "198.51.100.7"}).allowed
    assert not ask(allow(), outside).allowed
    assert ask(allow(), outside, context={"aws:SourceIp": "203.0.113.9"}).allowed


def test_only_within_a_period():
    period = {
        "DateGreaterThan": {"aws:CurrentTime": "2024-04-01T00:00:00Z"},
        "DateLessThan": {"aws:CurrentTime": "2024-06-30T23:59:59Z"},
    }
    for now in ("2024-03-31T23:59:59Z", "2024-07-01T00:00:00Z"):
        assert not ask(allow(Condition=period), context={"aws:CurrentTime": now}).allowed
    assert ask(allow(Condition=period), context={"aws:CurrentTime": "2024-05-01T08:00:00Z"}).allowed


def test_tags_must_be_among_the_permitted_ones_and_there_must_be_some():
    tagging = {
        "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "stage"]},
        "Null": {"aws:TagKeys": "false"},
    }
    for context in ({}, {"aws:TagKeys": ["team", "cost"]}, {"aws:TagKeys": [""]}):
        assert not ask(allow(Condition=tagging), context=context).allowed
    assert ask(allow(Condition=tagging), context={"aws:TagKeys": ["team"]}).allowed


def test_a_boundary_keeps_a_generous_identity_policy_small():
    boundary = [allow(["s3:*", "cloudwatch:*"])]
    iam = {"action": "iam:CreateUser", "resource": "arn:aws:iam::111122223333:user/new"}
    assert not ask(allow(), boundary=boundary, who=ANN, **iam).allowed
    assert ask(allow(), boundary=boundary).allowed


def test_a_guest_of_an_identity_pool_cannot_leave_the_services_for_guests():
    for_guests = [allow(["s3:*", "dynamodb:*", "lambda:*"]), allow("rum:PutRumEvents")]
    secret = {"action": "ssm:GetParameter",
              "resource": "arn:aws:ssm:us-east-1:111122223333:parameter/p"}  # fmt: skip
    decision = ask(allow(), who=APP, session=for_guests, **secret)
    assert not decision.allowed
    assert decision.reason_type == "session policy"
    assert ask(allow(), who=APP, session=for_guests).allowed
