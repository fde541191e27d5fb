"""Session tags and source identity: what a session is told about its user, and who may tell."""

from __future__ import annotations

from typing import Any

import pytest

from helpers import lab
from tests.cloud.sts_words import (
    ACCOUNT,
    assume,
    client,
    error_of,
    new_role,
    new_user,
    not_authorized,
    policy,
    statement,
    trusting,
    user_arn,
)

TEAM = [{"Key": "team", "Value": "blue"}]
BLUE_ONLY = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
LIST_IF_BLUE = policy(statement("s3:ListAllMyBuckets", Condition=BLUE_ONLY))
ACTIONS = ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")


@pytest.fixture
def alice(cloud: lab.Cloud) -> dict[str, str]:
    return new_user("alice")


def open_role(name: str, **more: Any) -> str:
    return new_role(name, trusting(user_arn("alice"), *ACTIONS), LIST_IF_BLUE, **more)


class TestTags:
    def test_need_a_permission_of_their_own(self, alice: dict[str, str]) -> None:
        role = new_role("untaggable", trusting(user_arn("alice")))
        refused = not_authorized(user_arn("alice"), role, "sts:TagSession")
        assert error_of(assume, alice, role, Tags=TEAM) == refused
        assert assume(alice, role)["Credentials"]

    def test_may_be_limited_by_the_trust_policy(self, alice: dict[str, str]) -> None:
        blue = {"StringEquals": {"aws:RequestTag/team": "blue"}}
        role = new_role("blues", trusting(user_arn("alice"), *ACTIONS, Condition=blue))
        red = [{"Key": "team", "Value": "red"}]
        assert error_of(assume, alice, role, Tags=red)[0] == "AccessDenied"
        assert error_of(assume, alice, role)[0] == "AccessDenied"
        assert assume(alice, role, Tags=TEAM)["Credentials"]

    @pytest.mark.parametrize(
        "tags",
        [
            [{"Key": "team", "Value": "blue"}, {"Key": "Team", "Value": "red"}],
            [{"Key": "aws:team", "Value": "blue"}],
            [{"Key": "k" * 129, "Value": ""}],
            [{"Key": "k", "Value": "v" * 257}],
            [{"Key": f"k{n}", "Value": ""} for n in range(51)],
            [{"Key": "team", "Value": "*"}],
            [{"Key": "team", "Value": "${aws:PrincipalTag/team}"}],
            [{"Key": "te?m", "Value": "blue"}],
            [{"Key": "team", "Value": "blue\n"}],
        ],
        ids=[
            "twice",
            "reserved",
            "a long key",
            "a long value",
            "too many",
            "a wildcard",
            "a variable",
            "a wildcard in a key",
            "a line break",
        ],
    )
    def test_are_checked(self, alice: dict[str, str], tags: list[dict[str, str]]) -> None:
        code, _ = error_of(assume, alice, open_role("open"), Tags=tags)
        assert code in ("ValidationError", "InvalidParameterValue")

    def test_are_refused_in_the_words_of_the_model(self, alice: dict[str, str]) -> None:
        wild = [{"Key": "team", "Value": "*"}]
        _, message = error_of(assume, alice, open_role("open"), Tags=wild)
        assert message == (
            "1 validation error detected: Value '*' at 'tags.1.member.value' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: "
            r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"
        )

    def test_may_be_of_any_script(self, alice: dict[str, str]) -> None:
        tags = [{"Key": "équipe", "Value": "青 = 1/2+3@a.b:c-d_e"}]
        assert assume(alice, open_role("open"), Tags=tags)["Credentials"]

    def test_become_principal_tags(self, alice: dict[str, str]) -> None:
        role = open_role("open")
        untagged = client("s3", assume(alice, role)["Credentials"])
        assert error_of(untagged.list_buckets)[0] == "AccessDenied"
        client("s3", assume(alice, role, Tags=TEAM)["Credentials"]).list_buckets()

    def test_win_over_the_tags_of_the_role(self, alice: dict[str, str]) -> None:
        blue, red = ({"Key": "Team", "Value": colour} for colour in ("blue", "red"))
        became_red = assume(alice, open_role("blue", Tags=[blue]), Tags=[red])["Credentials"]
        assert error_of(client("s3", became_red).list_buckets)[0] == "AccessDenied"
        became_blue = assume(alice, open_role("red", Tags=[red]), Tags=TEAM)["Credentials"]
        client("s3", became_blue).list_buckets()

    def test_of_the_role_hold_where_the_session_has_none(self, alice: dict[str, str]) -> None:
        role = open_role("blue", Tags=[{"Key": "team", "Value": "blue"}])
        client("s3", assume(alice, role)["Credentials"]).list_buckets()


class TestTransitiveTags:
    @pytest.fixture
    def roles(self, alice: dict[str, str]) -> tuple[str, str]:
        first = open_role("first")
        return first, new_role("second", trusting(first, *ACTIONS), LIST_IF_BLUE)

    def test_must_be_among_the_tags(self, alice: dict[str, str], roles: tuple[str, str]) -> None:
        refused = error_of(assume, alice, roles[0], Tags=TEAM, TransitiveTagKeys=["rank"])
        assert refused[0] == "InvalidParameterValue"

    def test_cannot_be_changed_later(self, alice: dict[str, str], roles: tuple[str, str]) -> None:
        first = assume(alice, roles[0], Tags=TEAM, TransitiveTagKeys=["team"])["Credentials"]
        red = [{"Key": "TEAM", "Value": "red"}]
        assert error_of(assume, first, roles[1], Tags=red)[0] == "InvalidParameterValue"

    def test_need_permission_in_the_next_role(self, alice: dict[str, str]) -> None:
        first = open_role("first")
        second = new_role("second", trusting(first))
        keys = assume(alice, first, Tags=TEAM, TransitiveTagKeys=["team"])["Credentials"]
        assert error_of(assume, keys, second)[0] == "AccessDenied"

    def test_others_stay_behind(self, alice: dict[str, str], roles: tuple[str, str]) -> None:
        first = assume(alice, roles[0], Tags=TEAM)["Credentials"]
        second = assume(first, roles[1])["Credentials"]
        assert error_of(client("s3", second).list_buckets)[0] == "AccessDenied"

    def test_reach_every_role_after(self, alice: dict[str, str], roles: tuple[str, str]) -> None:
        first = assume(alice, roles[0], Tags=TEAM, TransitiveTagKeys=["team"])["Credentials"]
        second = assume(first, roles[1])["Credentials"]
        client("s3", second).list_buckets()
        third = new_role("third", trusting(roles[1], *ACTIONS), LIST_IF_BLUE)
        client("s3", assume(second, third)["Credentials"]).list_buckets()


class TestSourceIdentity:
    def test_needs_a_permission_of_its_own(self, alice: dict[str, str]) -> None:
        role = new_role("nameless", trusting(user_arn("alice")))
        refused = not_authorized(user_arn("alice"), role, "sts:SetSourceIdentity")
        assert error_of(assume, alice, role, SourceIdentity="alice") == refused

    def test_cannot_be_changed_later(self, alice: dict[str, str]) -> None:
        first = open_role("first")
        second = new_role("second", trusting(first, *ACTIONS))
        keys = assume(alice, first, SourceIdentity="alice")["Credentials"]
        who = f"arn:aws:sts::{ACCOUNT}:assumed-role/first/session"
        refused = not_authorized(who, second, "sts:SetSourceIdentity")
        assert error_of(assume, keys, second, SourceIdentity="bob") == refused
        assert assume(keys, second)["SourceIdentity"] == "alice"

    def test_is_seen_by_the_session_s_policies(self, alice: dict[str, str]) -> None:
        named = {"StringEquals": {"aws:SourceIdentity": "alice"}}
        allowed = policy(statement("s3:ListAllMyBuckets", Condition=named))
        role = new_role("open", trusting(user_arn("alice"), *ACTIONS), allowed)
        answer = assume(alice, role, SourceIdentity="alice")
        assert answer["SourceIdentity"] == "alice"
        client("s3", answer["Credentials"]).list_buckets()
        other = assume(alice, role, SourceIdentity="bob")["Credentials"]
        assert error_of(client("s3", other).list_buckets)[0] == "AccessDenied"
