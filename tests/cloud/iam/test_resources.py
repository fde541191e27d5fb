"""Action, NotAction, Resource and NotResource."""

import pytest

from tests.cloud.iam.build import ROOT, allow, ask, deny

TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/t"


@pytest.mark.parametrize("action", ["s3:GetObject", "S3:getobject", "s3:Get*", "s3:?etObject"])
def test_an_action_is_the_same_in_any_case(action):
    assert not ask(allow(action), action="s3:PutObject").allowed
    assert ask(allow(action), action="s3:GetObject").allowed
    assert ask(allow(action), action="S3:GETOBJECT").allowed


@pytest.mark.parametrize(
    "action", ["s3:PutObject", "s3:Get", "s3:GetObject, s3:PutObject", "s3:GetObject ", "s3:Get?"]
)
def test_an_action_that_is_another(action):
    assert not ask(allow(action)).allowed


def test_one_of_several_actions_is_enough():
    assert not ask(allow(["s3:PutObject", "s3:Delete*"])).allowed
    assert ask(allow(["s3:PutObject", "s3:Get*"])).allowed


def test_notaction_is_about_every_other_action():
    others = {"Effect": "Allow", "NotAction": ["s3:Get*", "iam:*"], "Resource": "*"}
    assert not ask(others, action="S3:GetObject").allowed
    assert ask(others, action="s3:PutObject").allowed
    assert ask(others, action="dynamodb:Scan").allowed


@pytest.mark.parametrize(
    ("pattern", "misses", "hits"),
    [
        ("arn:aws:s3:::b/k", ["arn:aws:s3:::b/K", "arn:aws:s3:::B/k"], ["arn:aws:s3:::b/k"]),
        ("arn:aws:s3:::b/*", ["arn:aws:s3:::b"], ["arn:aws:s3:::b/", "arn:aws:s3:::b/x:y/z"]),
        ("arn:aws:s3:::b*", ["arn:aws:s3:::a"], ["arn:aws:s3:::b", "arn:aws:s3:::bb/k\n"]),
        ("arn:aws:s3:::b/?", ["arn:aws:s3:::b/", "arn:aws:s3:::b/xy"], ["arn:aws:s3:::b/x"]),
        ("arn:aws:s3:::b/[ab]", ["arn:aws:s3:::b/a"], ["arn:aws:s3:::b/[ab]"]),
        ("arn:aws:s3:::b/k", ["arn:aws:s3:::b/k\n", "x:arn:aws:s3:::b/k", "b/k"], []),
        ("arn:aws:dynamodb:*:*:table/t", [TABLE + "u"], [TABLE]),
        ("arn:aws:dynamodb:us-*-1:1111?2223333:table/t", [TABLE + "u"], [TABLE]),
        ("arn:aws:dynamodb:us-east-1:*", [TABLE.replace("east", "west")], [TABLE]),
        ("arn:aws:dynamodb:us-east-1:1*", [TABLE.replace("1111", "2111")], [TABLE]),
        ("arn:aws:dynamodb:*", ["arn:aws:s3:::b"], [TABLE]),
        ("arn:aws:dynamodb:*:table/t", [TABLE], []),
        ("arn:aws:dynamodb:us-east-1", [TABLE, "arn:aws:dynamodb:us-east-1"], []),
        ("arn:aws:iam::*:role/*", ["arn:aws:iam::1:user/role/x"], ["arn:aws:iam::1:role/p/x"]),
        ("*", [], ["*", "arn:aws:s3:::b", TABLE]),
    ],
)  # fmt: skip
def test_a_resource_is_compared_segment_by_segment(pattern, misses, hits):
    allowing = allow(resource=pattern)
    assert [arn for arn in misses if ask(allowing, resource=arn).allowed] == []
    assert [arn for arn in hits if not ask(allowing, resource=arn).allowed] == []


def test_a_star_that_might_run_past_the_colons_is_closed_on_the_safe_side():
    inner = "arn:aws:dynamodb:*:table/t"
    assert not ask(allow(resource=inner), resource=TABLE).allowed
    assert not ask(allow(), deny(resource=inner), resource=TABLE).allowed
    assert not ask({"Effect": "Allow", "Action": "*", "NotResource": inner}, resource=TABLE).allowed
    assert ask(allow(), deny(resource=inner), resource=TABLE + "u").allowed


def test_a_whole_service_covers_its_actions_without_a_resource():
    listing = {"action": "s3:ListAllMyBuckets", "resource": "*"}
    assert not ask(allow(resource="arn:aws:s3:::b*"), **listing).allowed
    assert not ask(allow(resource="arn:aws:sns:*:*:*"), **listing).allowed
    assert ask(allow(resource="arn:aws:s3:::*"), **listing).allowed
    assert ask(allow(), **listing).allowed


def test_notresource_is_about_every_other_resource():
    others = {"Effect": "Allow", "Action": "*", "NotResource": ["arn:aws:s3:::b/*", TABLE]}
    assert not ask(others, resource="arn:aws:s3:::b/k").allowed
    assert not ask(others, resource=TABLE).allowed
    assert ask(others, resource="arn:aws:s3:::c/k").allowed


def test_a_deny_looks_the_same_way():
    assert not ask(allow(), deny("s3:*", "arn:aws:s3:::photos/*")).allowed
    assert ask(allow(), deny("s3:*", "arn:aws:s3:::other/*")).allowed
    assert ask(who=ROOT).allowed
