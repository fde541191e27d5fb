"""The order of evaluation, one row of AWS's documents after the other."""

from dataclasses import replace

import pytest

from helpers.cloud.iam import (
    BOUNDARY,
    IDENTITY,
    RESOURCE,
    SESSION,
    TRUST,
    Policies,
    Principal,
    Request,
    Result,
    decide,
    parse_policy,
)
from tests.cloud.iam.build import (
    ACCOUNT,
    ANN,
    ANONYMOUS,
    APP,
    APP_ROLE,
    FEDERATED,
    LAMBDA,
    OTHER,
    POOLS,
    ROLE,
    ROOT,
    allow,
    ask,
    bucket_policy,
    deny,
    trust_policy,
    trusts,
)

NOTHING, EVERYTHING = deny("sqs:*"), allow()  # NOTHING allows nothing and denies nothing asked here


def shared_with(principal, *more):
    return bucket_policy(allow(Principal=principal), *more)


def test_nothing_said_is_an_implicit_deny():
    decision = ask()
    assert decision.result is Result.IMPLICIT_DENY
    assert decision.result == "implicitDeny"
    assert decision.reason_type == IDENTITY
    assert decision.deciding is None
    assert not decision.allowed
    assert decision.looked_at == ()


def test_an_identity_policy_allows_in_its_own_account():
    decision = ask(allow("s3:GetObject"))
    assert decision.result is Result.ALLOW
    assert decision.allowed
    assert decision.reason_type == IDENTITY
    assert decision.deciding is decision.looked_at[0]


@pytest.mark.parametrize(
    ("where", "reason_type"),
    [
        ({"boundary": [deny()]}, BOUNDARY),
        ({"session": [deny()]}, SESSION),
        ({"resource_policy": shared_with({"AWS": ANN.arn}, deny(Principal="*"))}, RESOURCE),
    ],
)
def test_an_explicit_deny_anywhere_ends_it(where, reason_type):
    decision = ask(allow(), **where)
    assert decision.result is Result.EXPLICIT_DENY
    assert decision.reason_type == reason_type
    assert decision.deciding.effect == "Deny"


def test_an_explicit_deny_in_an_identity_policy_beats_every_allow():
    decision = ask(allow(), deny(), resource_policy=shared_with("*"))
    assert decision.result is Result.EXPLICIT_DENY
    assert decision.reason_type == IDENTITY


def test_of_several_denies_one_policy_type_is_named():
    all_of_them = {
        "session": [deny()],
        "boundary": [deny()],
        "resource_policy": shared_with("*", deny(Principal="*")),
    }
    for reason_type, key in [(SESSION, "session"), (BOUNDARY, "boundary"),
                             (RESOURCE, "resource_policy"), (IDENTITY, None)]:  # fmt: skip
        assert ask(deny(), **all_of_them).reason_type == reason_type
        all_of_them.pop(key, None)


@pytest.mark.parametrize(("limit", "reason_type"), [("boundary", BOUNDARY), ("session", SESSION)])
def test_a_limit_grants_nothing_and_takes_away_what_it_does_not_allow(limit, reason_type):
    assert not ask(**{limit: [EVERYTHING]}).allowed
    for limiting in ([], [NOTHING], [allow("s3:PutObject")]):
        decision = ask(allow(), **{limit: limiting})
        assert decision.result is Result.IMPLICIT_DENY
        assert decision.reason_type == reason_type
    assert ask(allow(), **{limit: [EVERYTHING]}).allowed


def test_session_policies_are_added_to_each_other():
    inline, managed = allow("s3:PutObject"), allow("s3:GetObject")
    assert not ask(allow(), who=APP, session=[inline]).allowed
    assert ask(allow(), who=APP, session=[inline, managed]).allowed


# By which name a bucket policy in the caller's account means the caller; which of identity
# policy, boundary and session policy must then allow as well.
SAME_ACCOUNT = [
    (ANN, {"AWS": ANN.arn}, set()),
    (APP, {"AWS": APP.arn}, set()),
    (FEDERATED, {"AWS": FEDERATED.arn}, set()),
    (APP, {"AWS": APP_ROLE}, {BOUNDARY, SESSION}),
    (FEDERATED, {"AWS": ANN.arn}, {BOUNDARY, SESSION}),
    (APP, {"AWS": ACCOUNT}, {IDENTITY, BOUNDARY, SESSION}),
    (ANN, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, {IDENTITY, BOUNDARY, SESSION}),
    (APP, {"AWS": OTHER}, {IDENTITY, BOUNDARY, SESSION}),
    # Unsettled: whether a session policy limits what "*" grants. It does here.
    (APP, "*", {SESSION}),
    (ANN, {"AWS": "*"}, {SESSION}),
]
SAME_ACCOUNT_IDS = [f"{who.type} by {principal}" for who, principal, _ in SAME_ACCOUNT]


@pytest.mark.parametrize(("who", "principal", "needed"), SAME_ACCOUNT, ids=SAME_ACCOUNT_IDS)
@pytest.mark.parametrize("lacking", [IDENTITY, BOUNDARY, SESSION])
def test_what_must_allow_in_the_same_account(who, principal, needed, lacking):
    decision = ask(
        NOTHING if lacking == IDENTITY else EVERYTHING,
        who=who,
        boundary=[NOTHING if lacking == BOUNDARY else EVERYTHING],
        session=[NOTHING if lacking == SESSION else EVERYTHING],
        resource_policy=shared_with(principal),
    )
    assert decision.allowed is (lacking not in needed)
    assert decision.reason_type == (lacking if lacking in needed else decision.reason_type)


def test_the_best_name_counts():
    both = bucket_policy(allow(Principal={"AWS": ACCOUNT}), allow(Principal={"AWS": APP.arn}))
    decision = ask(who=APP, resource_policy=both, session=[NOTHING])
    assert decision.allowed
    assert decision.reason_type == RESOURCE
    assert decision.deciding.index == 1


CROSS_ACCOUNT = [{"AWS": ANN.arn}, {"AWS": ACCOUNT}, "*"]


@pytest.mark.parametrize("principal", CROSS_ACCOUNT)
def test_across_accounts_both_sides_must_allow(principal):
    theirs = {"account": OTHER, "resource_policy": shared_with(principal)}
    assert ask(allow(), account=OTHER).reason_type == RESOURCE
    assert ask(allow(), account=OTHER, resource_policy=shared_with({"AWS": OTHER})).reason_type == (
        RESOURCE
    )
    assert ask(**theirs).reason_type == IDENTITY
    assert ask(allow(), boundary=[NOTHING], **theirs).reason_type == BOUNDARY
    assert ask(allow(), session=[NOTHING], **theirs).reason_type == SESSION
    assert ask(allow(), **theirs).allowed


@pytest.mark.parametrize("lacking", ["identity", "boundary", "session"])
def test_across_accounts_a_grant_to_the_session_still_needs_the_callers_side(lacking):
    decision = ask(
        NOTHING if lacking == "identity" else EVERYTHING,
        who=APP,
        account=OTHER,
        boundary=[NOTHING if lacking == "boundary" else EVERYTHING],
        session=[NOTHING if lacking == "session" else EVERYTHING],
        resource_policy=shared_with({"AWS": APP.arn}),
    )
    assert not decision.allowed


def test_the_account_in_the_resources_arn_counts_when_no_other_is_given():
    queue = f"arn:aws:sqs:us-east-1:{OTHER}:q"
    assert not ask(allow(), action="sqs:SendMessage", resource=queue).allowed
    assert ask(allow(), action="sqs:SendMessage", resource=queue.replace(OTHER, ACCOUNT)).allowed


def test_the_root_user_needs_no_permission_in_its_account():
    assert not ask(who=ROOT, resource_policy=bucket_policy(deny(Principal="*"))).allowed
    decision = ask(who=ROOT)
    assert decision.allowed
    assert decision.reason_type == ""


def test_the_root_user_needs_the_other_accounts_permission():
    assert not ask(who=ROOT, account=OTHER).allowed
    assert not ask(who=ROOT, action="sts:AssumeRole", resource=ROLE).allowed
    assert ask(who=ROOT, account=OTHER, resource_policy=shared_with({"AWS": ACCOUNT})).allowed


def test_the_anonymous_caller_has_the_resource_policy_alone():
    assert not ask(allow(), who=ANONYMOUS).allowed
    decision = ask(who=ANONYMOUS, resource_policy=shared_with({"AWS": ACCOUNT}))
    assert decision.reason_type == RESOURCE
    assert ask(who=ANONYMOUS, resource_policy=shared_with("*")).allowed


def test_a_service_has_the_resource_policy_alone():
    assert not ask(allow(), who=LAMBDA).allowed
    assert ask(who=LAMBDA, resource_policy=shared_with({"Service": LAMBDA.arn})).allowed


def test_get_caller_identity_is_always_allowed():
    whoami = {"action": "sts:GetCallerIdentity", "resource": "*"}
    assert not ask(who=ANONYMOUS, **whoami).allowed
    assert not ask(deny(), action="sts:GetSessionToken", resource="*").allowed
    decision = ask(deny(), session=[deny()], **whoami)
    assert decision.allowed
    assert [match.matched for match in decision.looked_at] == [True, True]


def assume(*identity, who=ANN, trust=None, **more):
    more = {"action": "sts:AssumeRole", "resource": ROLE, **more}
    return ask(*identity, who=who, resource_policy=trust_policy(trust) if trust else None, **more)


def test_a_role_must_trust_even_in_the_same_account():
    for trust in (None, trusts({"AWS": OTHER}), trusts({"AWS": ANN.arn}, "sts:TagSession")):
        decision = assume(allow(), trust=trust)
        assert decision.result is Result.IMPLICIT_DENY
        assert decision.reason_type == TRUST


@pytest.mark.parametrize(
    ("who", "name"), [(ANN, ANN.arn), (APP, APP_ROLE), (APP, APP.arn), (FEDERATED, ANN.arn)]
)
def test_a_role_that_trusts_the_caller_by_name_needs_no_identity_policy(who, name):
    assert not assume(deny(), who=who, trust=trusts({"AWS": name})).allowed
    decision = assume(who=who, trust=trusts({"AWS": name}))
    assert decision.allowed
    assert decision.reason_type == TRUST


def test_a_role_that_trusts_its_account_leaves_it_to_the_identity_policies():
    trust = trusts({"AWS": ACCOUNT})
    assert assume(trust=trust).reason_type == IDENTITY
    assert not assume(allow("sts:AssumeRole", ROLE + "2"), trust=trust).allowed
    assert assume(allow("sts:AssumeRole", ROLE), trust=trust).allowed


def test_a_role_in_another_account_needs_both_sides():
    theirs = ROLE.replace(ACCOUNT, OTHER)
    trust = trusts({"AWS": ANN.arn})
    assert not assume(trust=trust, resource=theirs).allowed
    assert not assume(allow(), resource=theirs).allowed
    assert assume(allow(), trust=trust, resource=theirs).allowed


@pytest.mark.parametrize("action", ["sts:TagSession", "sts:SetSourceIdentity"])
def test_tagging_a_session_is_asked_of_the_trust_policy(action):
    assert not assume(trust=trusts({"AWS": ANN.arn}), action=action).allowed
    assert assume(trust=trusts({"AWS": ANN.arn}, action), action=action).allowed


WEB = "sts:AssumeRoleWithWebIdentity"
AUD, AMR = "cognito-identity.amazonaws.com:aud", "cognito-identity.amazonaws.com:amr"


def test_with_a_web_identity_only_the_trust_policy_counts():
    assert not assume(allow(), who=POOLS, action=WEB).allowed
    assert not assume(who=POOLS, action=WEB, trust=trusts({"AWS": ACCOUNT}, WEB)).allowed
    assert not assume(who=POOLS, action=WEB, trust=trusts({"Federated": POOLS.arn})).allowed
    assert assume(who=POOLS, action=WEB, trust=trusts({"Federated": POOLS.arn}, WEB)).allowed
    other_account = {"resource": ROLE.replace(ACCOUNT, OTHER)}
    assert assume(
        who=POOLS, action=WEB, trust=trusts({"Federated": POOLS.arn}, WEB), **other_account
    ).allowed


def test_with_saml_only_the_trust_policy_counts():
    company = Principal("Federated", f"arn:aws:iam::{ACCOUNT}:saml-provider/Company")
    saml = {"who": company, "action": "sts:AssumeRoleWithSAML"}
    other = trusts({"Federated": company.arn + "2"}, "sts:AssumeRoleWithSAML")
    assert not assume(trust=other, **saml).allowed
    assert assume(
        trust=trusts({"Federated": company.arn}, "sts:AssumeRoleWithSAML"), **saml
    ).allowed


def test_an_identity_pools_role_for_signed_in_users():
    trust = trusts(
        {"Federated": POOLS.arn},
        WEB,
        Condition={
            "StringEquals": {AUD: "us-east-1:pool"},
            "ForAnyValue:StringLike": {AMR: "authenticated"},
        },
    )
    guest = {AUD: "us-east-1:pool", AMR: ["unauthenticated"]}
    signed_in = {AUD: "us-east-1:pool", AMR: ["authenticated", "graph.facebook.com"]}
    other_pool = {**signed_in, AUD: "us-east-1:other"}
    for context in (guest, other_pool, {}):
        assert not assume(who=POOLS, action=WEB, trust=trust, context=context).allowed
    assert assume(who=POOLS, action=WEB, trust=trust, context=signed_in).allowed


# The context keys that follow from the caller.
KEYS = [
    (ANN, "aws:PrincipalType", "User"),
    (ANN, "aws:PrincipalArn", ANN.arn),
    (ANN, "aws:userid", "AIDAANN"),
    (ANN, "aws:username", "ann"),
    (ANN, "aws:PrincipalAccount", ACCOUNT),
    (ANN, "aws:ResourceAccount", ACCOUNT),
    (APP, "aws:PrincipalType", "AssumedRole"),
    (APP, "aws:PrincipalArn", APP_ROLE),
    (APP, "aws:userid", "AROAEXAMPLEAPPROLE01:s1"),
    (FEDERATED, "aws:PrincipalArn", FEDERATED.arn),
    (ANONYMOUS, "aws:PrincipalType", "Anonymous"),
    (ANONYMOUS, "aws:PrincipalAccount", "anonymous"),
]


def has(who, key, value):
    condition = {"Condition": {"StringEquals": {key: value}}, "Principal": "*"}
    return ask(who=who, resource_policy=bucket_policy(allow(**condition))).allowed


@pytest.mark.parametrize(("who", "key", "value"), KEYS)
def test_a_key_that_follows_from_the_caller(who, key, value):
    assert not has(who, key, value + "x")
    assert has(who, key, value)


@pytest.mark.parametrize("who", [APP, FEDERATED, ANONYMOUS, LAMBDA])
def test_only_an_iam_user_has_a_username(who):
    absent = {"Condition": {"Null": {"aws:username": "true"}}, "Principal": "*"}
    assert not ask(who=ANN, resource_policy=bucket_policy(allow(**absent))).allowed
    assert ask(who=who, resource_policy=bucket_policy(allow(**absent))).allowed


def test_a_role_session_without_a_known_role_is_known_by_the_role_in_its_arn():
    bare = Principal("AssumedRole", APP.arn, ACCOUNT)
    condition = {
        "Condition": {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/app"}}
    }
    assert not ask(allow(**condition), who=APP).allowed  # its role has a path
    assert ask(allow(**condition), who=bare).allowed


def test_a_given_key_wins_over_the_one_that_follows():
    condition = {"Condition": {"StringEquals": {"aws:username": "zoe"}}}
    assert not ask(allow(**condition)).allowed
    assert ask(allow(**condition), context={"AWS:UserName": "zoe"}).allowed


def test_the_callers_tags_are_keys_and_an_empty_one_is_there():
    tagged = Principal("User", ANN.arn, ACCOUNT, tags={"Team": "red", "note": ""})
    red = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}}
    empty = {"Condition": {"StringEquals": {"aws:PrincipalTag/note": ""}}}
    for condition in (red, empty):
        assert not ask(allow(**condition)).allowed
        assert ask(allow(**condition), who=tagged).allowed


def test_why_shows_the_resource_with_its_variables_filled_in():
    own = allow(resource="arn:aws:s3:::photos/${aws:username}-${aws:userid}/*")
    asked = "not arn:aws:s3:::photos/ann/cat.jpg"
    filled, literal = "photos/ann-AIDAANN/*", "photos/${aws:username}-${aws:userid}/*"
    for version, shown in (("2012-10-17", filled), ("2008-10-17", literal)):
        policy = parse_policy({"Version": version, "Statement": [own]})
        who = replace(ANN, user_id="AIDAANN")
        decision = decide(
            Request(who, "s3:GetObject", "arn:aws:s3:::photos/ann/cat.jpg"),
            Policies(identity=(policy,)),
        )
        assert decision.looked_at[0].why == f"Resource covers arn:aws:s3:::{shown}, {asked}"


@pytest.mark.parametrize("values", [None, [], [""]])
def test_why_says_when_for_all_values_had_nothing_to_compare(values):
    rows = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "ann"}}
    context = {} if values is None else {"dynamodb:LeadingKeys": values}
    vacuous = ask(allow(Condition=rows), context=context).looked_at[0]
    assert vacuous.why == (
        "Action, Resource and Condition match; dynamodb:LeadingKeys is absent, "
        "and ForAllValues holds for no values"
    )
    real = ask(allow(Condition=rows), context={"dynamodb:LeadingKeys": ["ann"]}).looked_at[0]
    assert real.why == "Action, Resource and Condition match"


def test_every_statement_is_looked_at_and_says_why():
    decision = ask(
        allow("s3:PutObject", Sid="Other"),
        allow(resource="arn:aws:s3:::photos/bo/*"),
        allow(resource="arn:aws:s3:::photos/${aws:PrincipalTag/team}/*"),
        {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"},
        allow(Condition={"StringEquals": {"aws:PrincipalTag/team": ["red", "blue"]}}),
        allow(Condition={"ForAnyValue:StringEquals": {"aws:TagKeys": "x"}}),
        allow(Condition={"Bool": {"aws:SecureTransport": True}}),
        deny(Condition={"StringEquals": {"aws:TagKeys": "a"}}),
        context={"aws:TagKeys": ["a", "b"], "aws:SecureTransport": "true"},
    )
    assert [match.why for match in decision.looked_at] == [
        "Action does not include s3:GetObject",
        "Resource covers arn:aws:s3:::photos/bo/*, not arn:aws:s3:::photos/ann/cat.jpg",
        "${aws:principaltag/team} in its Resource has no value in this request",
        "NotAction leaves out s3:GetObject",
        'StringEquals on aws:PrincipalTag/team: wanted "red" or "blue", the request has absent',
        'ForAnyValue:StringEquals on aws:TagKeys: wanted "x", the request has ["a", "b"]',
        "Action, Resource and Condition match",
        'StringEquals on aws:TagKeys: wanted "a", the request has ["a", "b"]; AWS\'s documents do '
        "not settle this case, so to be safe this Deny applies",
    ]
    assert [match.matched for match in decision.looked_at] == [False] * 6 + [True, True]
    first = decision.looked_at[0]
    assert (first.policy_name, first.policy_type, first.sid, first.index, first.effect) == (
        "p",
        IDENTITY,
        "Other",
        0,
        "Allow",
    )


def test_the_reason_is_a_sentence():
    assert ask().reason == (
        "No identity-based policy allows s3:GetObject on arn:aws:s3:::photos/ann/cat.jpg."
    )
    assert ask(allow(Sid="Read")).reason == (
        'statement "Read" of p allows s3:GetObject on arn:aws:s3:::photos/ann/cat.jpg.'
    )
