"""Role chaining: what one session hands on to the next, and what it does not.

Source: IAM User Guide, "Pass session tags in AWS STS: Chaining roles with session tags".
"""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from helpers import lab
from tests.cloud.sts_words import (
    ROOT,
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

ACTIONS = ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")
CHAINS = statement(*ACTIONS)


@pytest.fixture
def alice(cloud: lab.Cloud) -> dict[str, str]:
    return new_user("alice")


def tags(**values: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": text} for key, text in values.items()]


def lists_if(**wanted: str) -> dict[str, Any]:
    """Buckets may be listed by who has all these principal tags."""
    asked = {f"aws:PrincipalTag/{key}": text for key, text in wanted.items()}
    return statement("s3:ListAllMyBuckets", Condition={"StringEquals": asked})


def link(name: str, trusted: str, *allowed: dict[str, Any], **own: str) -> str:
    """One role of a chain, with tags of its own, which may put on the next."""
    return new_role(name, trusting(trusted, *ACTIONS), policy(CHAINS, *allowed), Tags=tags(**own))


class TestTheExampleOfTheUserGuide:
    """Three roles in a row; two tags are handed on all the way, role tags are not."""

    @pytest.fixture
    def roles(self, alice: dict[str, str]) -> list[str]:
        one = link("Role1", user_arn("alice"), lists_if(Star="1", Heart="1"), Heart="1")
        two = link("Role2", one, lists_if(Star="1", Heart="1", Sun="2"), Sun="2")
        last = lists_if(Star="1", Heart="1", Lightning="3")
        return [one, two, link("Role3", two, last, Star="3", Lightning="3")]

    @pytest.fixture
    def first(self, alice: dict[str, str], roles: list[str]) -> dict[str, str]:
        both = {"Tags": tags(Star="1", Heart="1"), "TransitiveTagKeys": ["Star", "Heart"]}
        return assume(alice, roles[0], **both)["Credentials"]

    def test_each_session_has_the_tags_that_are_said(
        self, roles: list[str], first: dict[str, str]
    ) -> None:
        second = assume(first, roles[1])["Credentials"]
        third = assume(second, roles[2])["Credentials"]
        for keys in (first, second, third):
            client("s3", keys).list_buckets()

    def test_an_inherited_tag_cannot_be_passed_again(
        self, roles: list[str], first: dict[str, str]
    ) -> None:
        second = assume(first, roles[1])["Credentials"]
        for again in (tags(Heart="3"), tags(heart="1"), tags(Heart="1")):
            code, message = error_of(assume, second, roles[2], Tags=again)
            assert code == "InvalidParameterValue"
            assert "conflicts with a transitive tag key from the calling session" in message

    def test_the_tags_of_a_role_stay_with_it(
        self, alice: dict[str, str], roles: list[str], first: dict[str, str]
    ) -> None:
        """Sun is Role2's own: no later session has it, nor can it be made transitive."""
        second = assume(first, roles[1])["Credentials"]
        sunny = link("sunny", roles[1], lists_if(Sun="2"))
        third = assume(second, sunny)["Credentials"]
        assert error_of(client("s3", third).list_buckets)[0] == "AccessDenied"
        refused = error_of(assume, first, roles[1], TransitiveTagKeys=["Sun"])
        assert refused[0] == "InvalidParameterValue"

    def test_a_branch_does_not_see_another_branch(
        self, alice: dict[str, str], roles: list[str]
    ) -> None:
        """Two sessions of one role: what one was told, the other does not hand on."""
        told = {"Tags": tags(Star="1", Heart="1"), "TransitiveTagKeys": ["Star", "Heart"]}
        assume(alice, roles[0], **told)
        untold = assume(alice, roles[0])["Credentials"]
        second = assume(untold, roles[1])["Credentials"]
        assert error_of(client("s3", second).list_buckets)[0] == "AccessDenied"


class TestWhatTheTrustPolicySees:
    def test_which_keys_become_transitive(self, alice: dict[str, str]) -> None:
        only = {"ForAllValues:StringEquals": {"sts:TransitiveTagKeys": ["Project"]}}
        role = new_role("careful", trusting(user_arn("alice"), *ACTIONS, Condition=only))
        given = {"Tags": tags(Project="x", Rank="boss")}
        refused = error_of(assume, alice, role, **given, TransitiveTagKeys=["Rank"])
        assert refused[0] == "AccessDenied"
        assume(alice, role, **given, TransitiveTagKeys=["Project"])
        assume(alice, role, **given)

    def test_which_tags_the_caller_s_session_has(self, alice: dict[str, str]) -> None:
        first = link("first", user_arn("alice"))
        blue = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
        second = new_role("blues", trusting(first, *ACTIONS, Condition=blue))
        red = assume(alice, first, Tags=tags(team="red"))["Credentials"]
        assert error_of(assume, red, second)[0] == "AccessDenied"
        assume(assume(alice, first, Tags=tags(team="blue"))["Credentials"], second)


class TestSourceIdentity:
    def test_it_needs_permission_in_every_role(self, alice: dict[str, str]) -> None:
        first = link("first", user_arn("alice"))
        second = new_role("second", trusting(first))
        named = assume(alice, first, SourceIdentity="alice")
        who = named["AssumedRoleUser"]["Arn"]
        refused = not_authorized(who, second, "sts:SetSourceIdentity")
        assert error_of(assume, named["Credentials"], second) == refused
        assume(assume(alice, first)["Credentials"], second)

    def test_it_reaches_the_end_of_the_chain(self, alice: dict[str, str]) -> None:
        named = {"StringEquals": {"aws:SourceIdentity": "alice"}}
        first = link("first", user_arn("alice"))
        second = link("second", first)
        third = link("third", second, statement("s3:ListAllMyBuckets", Condition=named))
        keys = assume(alice, first, SourceIdentity="alice")["Credentials"]
        last = assume(assume(keys, second)["Credentials"], third)
        assert last["SourceIdentity"] == "alice"
        client("s3", last["Credentials"]).list_buckets()

    def test_it_cannot_be_changed_be_there_a_role_or_not(self, alice: dict[str, str]) -> None:
        first = link("first", user_arn("alice"))
        second = link("second", first)
        named = assume(alice, first, SourceIdentity="alice")
        who = named["AssumedRoleUser"]["Arn"]
        for role in (second, f"{second}-that-is-not-there"):
            refused = not_authorized(who, role, "sts:SetSourceIdentity")
            assert error_of(assume, named["Credentials"], role, SourceIdentity="bob") == refused

    @pytest.mark.parametrize("name", ["x", "aws:alice", "two words", "x" * 257])
    def test_it_has_its_alphabet(self, alice: dict[str, str], name: str) -> None:
        role = link("first", user_arn("alice"))
        assert error_of(assume, alice, role, SourceIdentity=name)[0] == "ValidationError"


class TestLimits:
    def test_a_role_does_not_trust_itself_unless_it_says_so(self, alice: dict[str, str]) -> None:
        role = link("first", user_arn("alice"))
        session = assume(alice, role)
        refused = not_authorized(session["AssumedRoleUser"]["Arn"], role)
        assert error_of(assume, session["Credentials"], role) == refused

    def test_a_session_policy_binds_the_next_step_too(self, alice: dict[str, str]) -> None:
        first = link("first", user_arn("alice"))
        second = link("second", first)
        reads = json.dumps(policy(statement("s3:*")))
        limited = assume(alice, first, Policy=reads)["Credentials"]
        assert error_of(assume, limited, second)[0] == "AccessDenied"

    def test_it_does_not_bind_the_session_after(self, alice: dict[str, str]) -> None:
        first = link("first", user_arn("alice"))
        second = link("second", first, statement("s3:ListAllMyBuckets"))
        steps = json.dumps(policy(CHAINS))
        limited = assume(alice, first, Policy=steps)["Credentials"]
        client("s3", assume(limited, second)["Credentials"]).list_buckets()

    def test_an_hour_also_from_a_session_of_a_user(self, alice: dict[str, str]) -> None:
        """AWS counts every temporary credential as a link of the chain."""
        role = new_role("long", trusting(user_arn("alice")), MaxSessionDuration=43200)
        keys = client("sts", alice).get_session_token()["Credentials"]
        code, message = error_of(assume, keys, role, DurationSeconds=3601)
        assert (code, "by role chaining" in message) == ("ValidationError", True)
        assume(keys, role, DurationSeconds=3600)
        assume(alice, role, DurationSeconds=43200)

    def test_an_expired_link_ends_the_chain_but_not_what_it_made(
        self, cloud: lab.Cloud, alice: dict[str, str]
    ) -> None:
        first = link("first", user_arn("alice"))
        second = link("second", first, statement("s3:ListAllMyBuckets"))
        short = assume(alice, first, DurationSeconds=900)["Credentials"]
        later = assume(short, second)["Credentials"]
        cloud.clock.advance(minutes=20)
        assert error_of(assume, short, second)[0] == "ExpiredToken"
        client("s3", later).list_buckets()

    def test_a_role_that_is_gone_is_worn_by_nobody(self, alice: dict[str, str]) -> None:
        """Policies that name it mean it by its id: a later role of the same name is another."""
        first = link("first", user_arn("alice"))
        keys = assume(alice, first)["Credentials"]
        delegating, naming = new_role("one", trusting(ROOT)), new_role("two", trusting(first))
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="box")
        read = statement("s3:ListBucket", Principal={"AWS": first})
        box = policy({**read, "Resource": "arn:aws:s3:::box"})
        s3.put_bucket_policy(Bucket="box", Policy=json.dumps(box))
        client("s3", keys).list_objects_v2(Bucket="box")
        iam = boto3.client("iam")
        iam.delete_role_policy(RoleName="first", PolicyName="own")
        iam.delete_role(RoleName="first")
        for again in (False, True):
            if again:
                link("first", user_arn("alice"))
            for role in (delegating, naming):
                assert error_of(assume, keys, role)[0] == "AccessDenied"
            assert error_of(client("s3", keys).list_objects_v2, Bucket="box")[0] == "AccessDenied"
