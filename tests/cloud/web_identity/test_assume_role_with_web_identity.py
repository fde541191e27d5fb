"""What a true token of a registered provider is worth, and what the trust policy decides."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from helpers import lab
from tests.cloud.federation.stranger import CLIENT, HOST, ISSUER
from tests.cloud.sts_words import ACCOUNT, client, error_of, new_role, policy, statement
from tests.cloud.web_identity.exchange import (
    NOT_AUTHORIZED,
    PROVIDER_ARN,
    WRONG_AUDIENCE,
    Known,
    exchange,
    for_client,
    refusal,
    signed,
    trusting_provider,
)

TAGS = "https://aws.amazon.com/tags"
SOURCE_IDENTITY = "https://aws.amazon.com/source_identity"
BLUE = {TAGS: {"principal_tags": {"team": "blue"}}}


def list_buckets(answer: dict[str, Any]) -> Any:
    return client("s3", answer["Credentials"]).list_buckets()


class TestTheProvider:
    def test_must_be_registered_in_the_role_s_account(self, known: Known) -> None:
        known.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER_ARN)
        text = f"No OpenIDConnect provider found in your account for {ISSUER}"
        assert refusal(signed(), known.role) == ("InvalidIdentityToken", text)

    def test_must_list_the_client_id(self, known: Known) -> None:
        assert exchange(signed(), known.role)
        known.iam.remove_client_id_from_open_id_connect_provider(
            OpenIDConnectProviderArn=PROVIDER_ARN, ClientID=CLIENT
        )
        assert refusal(signed(), known.role) == WRONG_AUDIENCE

    def test_is_not_named_by_its_host_alone(self, known: Known) -> None:
        by_host = new_role("by-host", trusting_provider(HOST))
        assert refusal(signed(), by_host) == NOT_AUTHORIZED

    def test_is_not_another_one(self, known: Known) -> None:
        other = new_role("other", trusting_provider(PROVIDER_ARN.replace(HOST, "x.example.org")))
        assert refusal(signed(), other) == NOT_AUTHORIZED


class TestTheTrustPolicy:
    @pytest.mark.parametrize(
        ("condition", "claims"),
        [
            ({"StringEquals": {f"{HOST}:aud": "another"}}, {}),
            ({"StringEquals": {f"{HOST}:sub": "u2"}}, {}),
            ({"StringEquals": {"accounts.google.com:sub": "u1"}}, {}),
            ({"StringEquals": {f"{HOST}:email": "a@example.com"}}, {}),
            ({"StringEquals": {f"{HOST}:email": "a@example.com"}}, {"email": ["a@example.com"]}),
            ({"StringEquals": {f"{HOST}:email": "a@example.com"}}, {"email": {"a": 1}}),
            ({"ForAnyValue:StringEquals": {f"{HOST}:amr": "mfa"}}, {"amr": ["pwd"]}),
            ({"StringEquals": {f"{HOST}:department": "sales"}}, {"department": "sales"}),
            ({"StringEquals": {"sts:RoleSessionName": "alice"}}, {}),
            ({"StringLike": {f"{HOST}:sub": "repo:org/*"}}, {"sub": "repo:organised/crime"}),
        ],
    )
    def test_keeps_out(
        self, known: Known, condition: dict[str, Any], claims: dict[str, Any]
    ) -> None:
        role = known.new_role("picky", condition=condition)
        assert refusal(signed(**claims), role) == NOT_AUTHORIZED

    @pytest.mark.parametrize(
        ("condition", "claims"),
        [
            (for_client(**{f"{HOST}:sub": "u1"}), {}),
            ({"StringEquals": {f"{HOST}:email": "a@example.com"}}, {"email": "a@example.com"}),
            ({"ForAnyValue:StringEquals": {f"{HOST}:amr": "mfa"}}, {"amr": ["pwd", "mfa"]}),
            ({"StringEquals": {f"{HOST}:oaud": CLIENT}}, {}),
            ({"StringEquals": {"sts:RoleSessionName": "session"}}, {}),
            ({"ArnEquals": {"aws:FederatedProvider": PROVIDER_ARN}}, {}),
            ({"StringLike": {f"{HOST}:sub": "repo:org/*"}}, {"sub": "repo:org/app"}),
        ],
    )
    def test_lets_in(self, known: Known, condition: dict[str, Any], claims: dict[str, Any]) -> None:
        role = known.new_role("picky", condition=condition)
        assert exchange(signed(**claims), role)["Audience"] == CLIENT

    def test_may_end_its_name_with_a_slash(self, known: Known) -> None:
        """As Auth0 does. Then the slash is part of the name everywhere but in an address."""
        issuer, arn = f"{ISSUER}/", f"{PROVIDER_ARN}/"
        known.iam.create_open_id_connect_provider(Url=issuer, ClientIDList=[CLIENT])
        place = "/.well-known/openid-configuration"
        known.stranger.answers[place] = {"issuer": issuer, "jwks_uri": f"{ISSUER}/keys"}
        condition = {"StringEquals": {f"{HOST}/:aud": CLIENT}}
        role = new_role("slash", trusting_provider(arn, condition=condition))
        assert exchange(signed(iss=issuer), role)["Provider"] == arn
        # The provider without the slash is another one.
        assert refusal(signed(), role)[0] == "InvalidIdentityToken"

    def test_sees_the_presenter_as_audience(self, known: Known) -> None:
        both = {"aud": [CLIENT, "api"], "azp": CLIENT}
        by_azp = known.new_role("by-azp", condition={"StringEquals": {f"{HOST}:aud": "api"}})
        assert refusal(signed(**both), by_azp) == NOT_AUTHORIZED
        any_of = {"ForAnyValue:StringEquals": {f"{HOST}:oaud": "api"}}
        assert exchange(signed(**both), known.new_role("by-oaud", condition=any_of))

    def test_with_an_explicit_deny_says_no_more(self, known: Known) -> None:
        allow = trusting_provider(PROVIDER_ARN)["Statement"][0]
        role = new_role("denied", policy(allow, {**allow, "Effect": "Deny"}))
        assert refusal(signed(), role) == NOT_AUTHORIZED


class TestTheAnswer:
    def test_says_who_came_from_where(self, known: Known) -> None:
        answer = exchange(signed(), known.role)
        assert answer["SubjectFromWebIdentityToken"] == "u1"
        assert answer["Provider"] == PROVIDER_ARN
        assert answer["Audience"] == CLIENT
        assert "SourceIdentity" not in answer
        who = client("sts", answer["Credentials"]).get_caller_identity()
        assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/outsider/session"
        assert who["UserId"] == answer["AssumedRoleUser"]["AssumedRoleId"]
        list_buckets(answer)

    def test_needs_no_aws_key(self, known: Known) -> None:
        unsigned = boto3.Session().client("sts", aws_access_key_id="x", aws_secret_access_key="y")
        asked = {"RoleArn": known.role, "RoleSessionName": "session"}
        assert unsigned.assume_role_with_web_identity(**asked, WebIdentityToken=signed())


class TestTheSession:
    def test_lasts_an_hour_or_as_long_as_the_role_allows(
        self, known: Known, cloud: lab.Cloud
    ) -> None:
        exceeds = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        assert refusal(signed(), known.role, DurationSeconds=3601) == ("ValidationError", exceeds)
        long = known.new_role("long", MaxSessionDuration=7200)
        answer = exchange(signed(), long, DurationSeconds=7200)
        left = answer["Credentials"]["Expiration"] - cloud.clock.now()
        assert timedelta(seconds=7195) < left <= timedelta(seconds=7200)
        hour = exchange(signed(), long)
        cloud.clock.advance(seconds=3601)
        assert error_of(list_buckets, hour)[0] == "ExpiredToken"
        list_buckets(answer)

    @pytest.mark.parametrize("seconds", [899, 43201])
    def test_lasts_a_quarter_of_an_hour_to_twelve_hours(self, known: Known, seconds: int) -> None:
        code, text = refusal(signed(), known.role, DurationSeconds=seconds)
        assert (code, str(seconds) in text) == ("ValidationError", True)

    def test_is_limited_by_session_policies(self, known: Known) -> None:
        assert refusal(signed(), known.role, Policy="{")[0] == "MalformedPolicyDocument"
        other = json.dumps(policy(statement("s3:GetObject")))
        limited = exchange(signed(), known.role, Policy=other)
        assert error_of(list_buckets, limited)[0] == "AccessDenied"
        arn = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
        limited = exchange(signed(), known.role, PolicyArns=[{"arn": arn}])
        assert error_of(list_buckets, limited)[0] == "AccessDenied"

    def test_of_nobody_whom_the_role_keeps_out_tells_which_policies_exist(
        self, known: Known
    ) -> None:
        role = known.new_role("others", condition=for_client(**{f"{HOST}:sub": "somebody"}))
        for arn in (f"arn:aws:iam::{ACCOUNT}:policy/none", "arn:aws:iam::aws:policy/none"):
            assert refusal(signed(), role, PolicyArns=[{"arn": arn}]) == NOT_AUTHORIZED
            code, _ = refusal(signed(), known.role, PolicyArns=[{"arn": arn}])
            assert code == "MalformedPolicyDocument"

    def test_carries_the_provider_s_keys(self, known: Known) -> None:
        own = policy(
            statement(
                "s3:ListAllMyBuckets",
                Condition={"StringEquals": {f"{HOST}:sub": "u1", f"{HOST}:aud": CLIENT}},
            )
        )
        role = new_role("own", trusting_provider(PROVIDER_ARN, condition=for_client()), own)
        list_buckets(exchange(signed(), role))
        other = exchange(signed(sub="u2"), role)
        assert error_of(list_buckets, other)[0] == "AccessDenied"

    def test_forgets_what_only_the_trust_policy_may_see(self, known: Known) -> None:
        by_email = {"StringEquals": {f"{HOST}:email": "a@example.com"}}
        own = policy(statement("s3:ListAllMyBuckets", Condition=by_email))
        role = new_role("mail", trusting_provider(PROVIDER_ARN, condition=by_email), own)
        answer = exchange(signed(email="a@example.com"), role)
        assert error_of(list_buckets, answer)[0] == "AccessDenied"


class TestTags:
    @pytest.fixture
    def role(self, known: Known) -> str:
        blue = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
        return new_role(
            "blues",
            trusting_provider(PROVIDER_ARN, "sts:TagSession", condition=for_client()),
            policy(statement("s3:ListAllMyBuckets", Condition=blue)),
        )

    def test_need_a_permission_of_their_own(self, known: Known) -> None:
        refused = ("AccessDenied", "Not authorized to perform sts:TagSession")
        assert refusal(signed(**BLUE), known.role) == refused

    @pytest.mark.parametrize(
        "claims",
        [
            BLUE,
            {TAGS: {"principal_tags": {"team": ["blue"]}}},
            {f"{TAGS}/principal_tags/team": "blue"},
            {f"{TAGS}/principal_tags/team": ["blue"]},
        ],
        ids=["nested", "nested list", "flat", "flat list"],
    )
    def test_become_principal_tags(self, role: str, claims: dict[str, Any]) -> None:
        assert error_of(list_buckets, exchange(signed(), role))[0] == "AccessDenied"
        list_buckets(exchange(signed(**claims), role))

    @pytest.mark.parametrize(
        "claims",
        [
            {TAGS: "blue"},
            {TAGS: ["blue"]},
            {TAGS: {"principal_tags": ["team"]}},
            {TAGS: {"principal_tags": {"team": ["blue", "red"]}}},
            {TAGS: {"principal_tags": {"team": []}}},
            {TAGS: {"principal_tags": {"team": 7}}},
            {TAGS: {"principal_tags": {"team": {"a": "b"}}}},
            {TAGS: {"principal_tags": {"team": None}}},
            {**BLUE, f"{TAGS}/principal_tags/team": "red"},
            {TAGS: {"principal_tags": {"team": "blue"}, "transitive_tag_keys": "team"}},
            {TAGS: {"principal_tags": {"team": "blue"}, "transitive_tag_keys": [["team"]]}},
        ],
    )
    def test_must_be_well_formed(self, role: str, claims: dict[str, Any]) -> None:
        assert refusal(signed(**claims), role)[0] == "InvalidIdentityToken"

    @pytest.mark.parametrize(
        "tags",
        [
            {"team": "blue", "Team": "red"},
            {"aws:team": "blue"},
            {"": "blue"},
            {"team": "*"},
            {"team": "${aws:username}"},
            {"k" * 129: ""},
            {"k": "v" * 257},
            {f"k{n}": "" for n in range(51)},
        ],
        ids=["twice", "reserved", "no key", "star", "variable", "long key", "long value", "many"],
    )
    def test_keep_to_the_limits(self, role: str, tags: dict[str, str]) -> None:
        code, _ = refusal(signed(**{TAGS: {"principal_tags": tags}}), role)
        assert code in ("ValidationError", "InvalidParameterValue")

    def test_may_be_limited_by_the_trust_policy(self, known: Known) -> None:
        asked = {
            "StringEquals": {"aws:RequestTag/team": "blue"},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
        }
        role = known.new_role("picky", "sts:TagSession", condition=asked)
        red = {TAGS: {"principal_tags": {"team": "red"}}}
        more = {TAGS: {"principal_tags": {"team": "blue", "rank": "1"}}}
        assert refusal(signed(**red), role) == NOT_AUTHORIZED
        assert refusal(signed(**more), role) == NOT_AUTHORIZED
        assert exchange(signed(**BLUE), role)

    @pytest.mark.parametrize("transitive", [True, False])
    def test_go_along_to_the_next_role_if_transitive(self, role: str, transitive: bool) -> None:
        blue = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
        actions = ["sts:AssumeRole", "sts:TagSession"]
        trusted = policy({"Effect": "Allow", "Principal": {"AWS": role}, "Action": actions})
        allowed = policy(statement("s3:ListAllMyBuckets", Condition=blue))
        second = new_role("second", trusted, allowed)
        chain = json.dumps(policy(statement("sts:*")))
        iam = boto3.client("iam")
        iam.put_role_policy(RoleName="blues", PolicyName="chain", PolicyDocument=chain)
        tags = {"principal_tags": {"team": "blue"}}
        tags |= {"transitive_tag_keys": ["team"]} if transitive else {}
        first = client("sts", exchange(signed(**{TAGS: tags}), role)["Credentials"])
        answer = first.assume_role(RoleArn=second, RoleSessionName="next")
        if transitive:
            list_buckets(answer)
        else:
            assert error_of(list_buckets, answer)[0] == "AccessDenied"

    def test_that_are_transitive_must_be_there(self, role: str) -> None:
        tags = {"principal_tags": {"team": "blue"}, "transitive_tag_keys": ["rank"]}
        assert refusal(signed(**{TAGS: tags}), role)[0] == "InvalidParameterValue"


class TestSourceIdentity:
    def test_needs_a_permission_of_its_own(self, known: Known) -> None:
        refused = ("AccessDenied", "Not authorized to perform sts:SetSourceIdentity")
        assert refusal(signed(**{SOURCE_IDENTITY: "alice"}), known.role) == refused

    @pytest.mark.parametrize("odd", ["a", "x" * 65, "aws:alice", "al ice", 7, ["alice"], {}, None])
    def test_must_be_a_name(self, known: Known, odd: Any) -> None:
        role = known.new_role("named", "sts:SetSourceIdentity")
        claims = {SOURCE_IDENTITY: odd} if odd is not None else {SOURCE_IDENTITY: "a\n"}
        assert refusal(signed(**claims), role)[0] == "InvalidIdentityToken"

    def test_stays_with_the_session(self, known: Known) -> None:
        named = {"StringEquals": {"aws:SourceIdentity": "alice"}}
        role = new_role(
            "named",
            trusting_provider(
                PROVIDER_ARN,
                "sts:SetSourceIdentity",
                condition={"StringLike": {"sts:SourceIdentity": "a*"}},
            ),
            policy(statement("s3:ListAllMyBuckets", Condition=named)),
        )
        assert refusal(signed(**{SOURCE_IDENTITY: "bob"}), role) == NOT_AUTHORIZED
        answer = exchange(signed(**{SOURCE_IDENTITY: "alice"}), role)
        assert answer["SourceIdentity"] == "alice"
        list_buckets(answer)
        other = exchange(signed(**{SOURCE_IDENTITY: "anna"}), role)
        assert error_of(list_buckets, other)[0] == "AccessDenied"
