"""What holds of every policy and every request."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.cloud.iam import (
    Policies,
    PolicyError,
    Principal,
    Request,
    Result,
    decide,
    parse_policy,
)
from helpers.cloud.iam.conditions import OPERATORS
from tests.cloud.iam.build import (
    ACCOUNT,
    ANN,
    ANONYMOUS,
    APP,
    APP_ROLE,
    FEDERATED,
    KEY,
    OTHER,
    ROOT,
    allow,
    ask,
    bucket_policy,
    denies,
    deny,
    document,
    holds,
)

checked = settings(max_examples=150, derandomize=True, deadline=None)

ACTIONS = ["s3:GetObject", "S3:getobject", "s3:Get*", "s3:*", "*", "s3:PutObject", "dynamodb:*"]
RESOURCES = [
    "*",
    KEY,
    "arn:aws:s3:::photos/*",
    "arn:aws:s3:::photos/${aws:username}/*",
    "arn:aws:s3:::photos/${aws:PrincipalTag/team}/*",
    "arn:aws:s3:*:photos/*",
    "arn:aws:s3:::${*}",
    "arn:aws:dynamodb:*:*:table/?",
]
KEYS = ["aws:PrincipalTag/team", "s3:prefix", "aws:SourceIp", "s3:max-keys", "aws:TagKeys"]
VALUES = ["ann", "red", "*", "", "10", "10.0.0.0/8", "2024-05-01", KEY, "${aws:username}", "true"]
NAMES = ["*", ACCOUNT, OTHER, ANN.arn, APP.arn, APP_ROLE]

some = st.sampled_from
few = lambda values, least=1: st.lists(some(values), min_size=least, max_size=2)  # noqa: E731
operators = st.builds(
    lambda prefix, operator, suffix: f"{prefix}{operator}{suffix}",
    some(["", "", "", "ForAllValues:", "ForAnyValue:"]),
    some(sorted(set(OPERATORS) - {"Null"})),
    some(["", "", "IfExists"]),
) | st.just("Null")
conditions = st.dictionaries(
    operators, st.dictionaries(some(KEYS), few(VALUES), min_size=1, max_size=2), max_size=2
)


def statements(effects=("Allow", "Allow", "Deny"), principal=None) -> st.SearchStrategy:
    return st.builds(
        lambda effect, action, actions, resource, resources, condition, names: (
            {
                "Effect": effect,
                action: actions,
                resource: resources,
                "Condition": condition,
            }
            | ({principal: {"AWS": names}} if principal else {})
        ),
        some(effects),
        some(["Action", "Action", "Action", "NotAction"]),
        few(ACTIONS),
        some(["Resource", "Resource", "Resource", "NotResource"]),
        few(RESOURCES),
        st.just({}) | conditions,
        few(NAMES),
    )


def documents(**how: Any) -> st.SearchStrategy:
    return st.lists(statements(**how), min_size=1, max_size=3).map(lambda some: document(*some))


def parsed(written: list, kind: str = "identity") -> tuple:
    return tuple(parse_policy(one, kind=kind) for one in written)


identities = st.lists(documents(), max_size=3)
limits = st.none() | st.lists(documents(), max_size=2)
resource_policies = (
    st.none() | documents(principal="Principal") | documents(principal="NotPrincipal")
)
contexts = st.dictionaries(some(KEYS), some(VALUES) | few(VALUES, 0), max_size=4)
requests = st.builds(
    Request,
    principal=some([ANN, APP, FEDERATED, ROOT, ANONYMOUS]),
    action=some(["s3:GetObject", "s3:PutObject", "dynamodb:Scan"]),
    resource=some([KEY, "arn:aws:s3:::photos/red/a:b", "*"]),
    resource_account=some(["", OTHER]),
    context=contexts,
)
cases = st.builds(
    lambda *parts: parts, requests, identities, resource_policies, limits, limits
)  # request, identity, resource, session, boundary


def judge(request, identity, resource=None, session=None, boundary=None):
    return decide(
        request,
        Policies(
            identity=parsed(identity),
            resource=parsed([resource], "resource")[0] if resource else None,
            session=None if session is None else parsed(session),
            boundary=None if boundary is None else parsed(boundary),
        ),
    )


@checked
@given(cases, documents(effects=("Deny",)), st.integers(0, 2))
def test_adding_a_deny_never_lets_more_in(case, more, where):
    request, identity, resource, session, boundary = case
    assume(not judge(*case).allowed)
    if where == 0:
        identity = [*identity, more]
    elif where == 1:
        session = None if session is None else [*session, more]
    else:
        boundary = None if boundary is None else [*boundary, more]
    assert not judge(request, identity, resource, session, boundary).allowed


@checked
@given(cases, documents(effects=("Allow",)))
def test_adding_an_identity_allow_never_keeps_more_out(case, more):
    request, identity, *others = case
    before = judge(*case)
    after = judge(request, [*identity, more], *others)
    assert after.allowed or not before.allowed
    assert (after.result == "explicitDeny") == (before.result == "explicitDeny")


@checked
@given(cases, st.randoms(use_true_random=False))
def test_order_does_not_matter(case, random):
    request, identity, *others = case
    shuffled = [{**one, "Statement": list(one["Statement"])} for one in identity]
    random.shuffle(shuffled)
    for one in shuffled:
        random.shuffle(one["Statement"])
    before, after = judge(*case), judge(request, shuffled, *others)
    assert (before.result, before.reason_type) == (after.result, after.reason_type)


@checked
@given(cases)
def test_splitting_and_merging_policies_does_not_matter(case):
    request, identity, *others = case
    every = [statement for one in identity for statement in one["Statement"]]
    split = [document(statement) for statement in every]
    merged = [document(*every)] if every else []
    result = judge(*case).result
    assert judge(request, split, *others).result == result
    assert judge(request, merged, *others).result == result


@checked
@given(cases)
def test_a_policy_twice_is_the_policy_once(case):
    request, identity, *others = case
    assert judge(request, identity * 2, *others).result == judge(*case).result


@checked
@given(cases, some([str.upper, str.lower, str.swapcase, str.title]))
def test_the_case_of_an_action_does_not_matter(case, change):
    request, *policies = case
    vendor, _, name = request.action.partition(":")
    other = Request(request.principal, f"{change(vendor)}:{change(name)}", request.resource,
                    request.resource_account, request.context)  # fmt: skip
    assert judge(other, *policies).result == judge(*case).result


@checked
@given(cases, some([str.upper, str.lower, str.swapcase]))
def test_the_case_of_a_context_keys_name_does_not_matter(case, change):
    request, *policies = case
    context = {change(key): value for key, value in request.context.items()}
    other = Request(request.principal, request.action, request.resource,
                    request.resource_account, context)  # fmt: skip
    assert judge(other, *policies).result == judge(*case).result


@checked
@given(cases, st.lists(documents(), max_size=2))
def test_a_limit_never_lets_more_in(case, limit):
    request, identity, resource, _, _ = case
    assume(not judge(request, identity, resource).allowed)
    assert not judge(request, identity, resource, limit, None).allowed
    assert not judge(request, identity, resource, None, limit).allowed


@checked
@given(cases)
def test_a_limit_that_allows_everything_changes_nothing(case):
    request, identity, resource, _, _ = case
    result = judge(request, identity, resource).result
    everything = [document(allow())]
    assert judge(request, identity, resource, None, everything).result == result
    assert judge(request, identity, resource, everything, None).result == result


@checked
@given(requests)
def test_without_policies_everything_is_denied_implicitly(request):
    expected = request.principal is ROOT and not request.resource_account
    decision = judge(request, [])
    assert decision.allowed is expected
    assert decision.result != "explicitDeny"


@checked
@given(cases, st.sampled_from(["identity", "resource", "session", "boundary"]))
def test_an_explicit_deny_anywhere_is_an_explicit_deny(case, where):
    request, identity, resource, session, boundary = case
    if where == "identity":
        identity = [*identity, document(deny())]
    elif where == "resource":
        both = [*(resource or document())["Statement"], deny(Principal="*")]
        resource = document(*both)
    elif where == "session":
        session = [*(session or []), document(deny())]
    else:
        boundary = [*(boundary or []), document(deny())]
    decision = judge(request, identity, resource, session, boundary)
    assert decision.result is Result.EXPLICIT_DENY


@checked
@given(requests, st.lists(documents(effects=("Allow",)), max_size=3))
def test_a_limit_alone_grants_nothing(request, limit):
    assume(request.principal is not ROOT)
    assert not judge(request, [], None, limit, None).allowed
    assert not judge(request, [], None, None, limit).allowed
    assert not judge(request, [], None, limit, limit).allowed


hostile = st.text(alphabet="*?${}:/'ab, ", min_size=1, max_size=8)


@checked
@given(hostile, hostile)
def test_a_value_put_in_for_a_variable_matches_only_itself(value, other):
    key, wanted = "aws:PrincipalTag/team", "${aws:PrincipalTag/team}"
    context = {key: value, "s3:prefix": other}
    assert holds("StringLike", "s3:prefix", wanted, context) is (value == other)
    assert holds("StringEquals", "s3:prefix", wanted, context) is (value == other)
    assert holds("StringNotLike", "s3:prefix", wanted, context) is (value != other)
    folder = "arn:aws:s3:::photos/" + wanted
    asked = {"resource": f"arn:aws:s3:::photos/{other}", "context": {key: value}}
    assert ask(allow(resource=folder), **asked).allowed is (value == other)


@checked
@given(few(ACTIONS), some(["s3:GetObject", "S3:PUTOBJECT", "dynamodb:Scan", "iam:x"]))
def test_notaction_is_the_complement_of_action(actions, action):
    opposite = {"Effect": "Allow", "NotAction": actions, "Resource": "*"}
    assert ask(allow(actions), action=action).allowed is not ask(opposite, action=action).allowed


PAIRS = {
    ("StringEquals", "StringNotEquals"): st.text(max_size=4),
    ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"): st.text(max_size=4),
    ("StringLike", "StringNotLike"): st.text(alphabet="ab*?$", max_size=5),
    ("NumericEquals", "NumericNotEquals"): st.integers(-5, 5).map(str),
    ("DateEquals", "DateNotEquals"): st.dates().map(str),
    ("IpAddress", "NotIpAddress"): st.ip_addresses().map(str),
    ("ArnLike", "ArnNotLike"): some([KEY, "arn:aws:s3:::photos", ANN.arn]),
    ("ArnEquals", "ArnNotEquals"): some([KEY, "arn:aws:s3:::photos", ANN.arn]),
}


@pytest.mark.parametrize(("operator", "negated"), sorted(PAIRS))
def test_a_negated_operator_is_the_complement_and_if_exists_changes_nothing(operator, negated):
    @settings(max_examples=40, derandomize=True, deadline=None)
    @given(st.data())
    def check(data):
        readable = PAIRS[operator, negated].filter(lambda text: text.isprintable())
        value = data.draw(readable)
        wanted = data.draw(st.lists(st.just(value) | readable, min_size=1, max_size=2))
        wanted = ["".join(c for c in one if c <= "\xff") for one in wanted]
        here = {"aws:x": value}
        answer = holds(operator, "aws:x", wanted, here)
        assert holds(negated, "aws:x", wanted, here) is not answer
        assert denies(operator, "aws:x", wanted, here) is answer
        assert holds(f"{operator}IfExists", "aws:x", wanted, here) is answer
        assert holds(f"{negated}IfExists", "aws:x", wanted, here) is not answer

    check()


@checked
@given(cases)
def test_across_accounts_both_sides_must_allow_for_themselves(case):
    request, identity, resource, session, boundary = case
    assume(request.principal in (ANN, APP, FEDERATED))
    context = request.context | {"aws:ResourceAccount": OTHER}

    def at(account):
        return Request(request.principal, request.action, request.resource, account, context)

    theirs = judge(at(OTHER), [document(allow())], resource)
    ours = judge(at(ACCOUNT), identity, None, session, boundary)
    both = judge(at(OTHER), identity, resource, session, boundary)
    assert both.allowed is (theirs.allowed and ours.allowed)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | some(VALUES),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=3) | some(["AWS", "StringLike", "aws:x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
ELEMENTS = ["Effect", "Action", "NotAction", "Resource", "NotResource", "Principal",
            "NotPrincipal", "Condition", "Sid"]  # fmt: skip


@settings(max_examples=400, derandomize=True, deadline=None)
@given(
    statements() | statements(principal="Principal"),
    st.dictionaries(some(ELEMENTS), json_values, max_size=2),
    st.sets(some(ELEMENTS), max_size=1),
    some(["identity", "resource", "trust"]),
    requests,
)
def test_any_json_is_refused_as_malformed_or_decided(statement, changes, dropped, kind, request):
    written = {key: value for key, value in {**statement, **changes}.items() if key not in dropped}
    try:
        policy = parse_policy(document(written), kind=kind)
    except PolicyError as error:
        assert error.message
        return
    if kind == "identity":
        decision = decide(request, Policies(identity=(policy,), session=(policy,)))
    else:
        decision = decide(request, Policies(resource=policy))
    assert all(match.why for match in decision.looked_at)
    assert decision.reason


@checked
@given(json_values)
def test_no_json_text_breaks_the_parser(value):
    text = json.dumps(value)
    try:
        parse_policy(text)
    except PolicyError as error:
        assert error.code == "MalformedPolicyDocument"


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    operators,
    few([*VALUES, "2024-13-45T99:99:99Z", "1e999", "::1/129", "arn:::::", "${", "${a, '}", "\xff"]),
    st.text(max_size=12) | st.lists(st.text(max_size=6), max_size=3) | some(VALUES),
)
def test_every_operator_answers_for_every_value(operator, wanted, value):
    try:
        holds(operator, "aws:x", wanted, {"aws:x": value})
    except PolicyError:
        assert operator in ("ForAllValues:Null", "ForAnyValue:Null")


strange = st.text(alphabet="ab:*/arn$\n", max_size=12)


@checked
@given(strange, strange, strange, strange)
def test_every_request_is_answered(action, resource, arn, account):
    for kind in ("User", "AssumedRole", "FederatedUser", "Account", "Anonymous", "Service", "?"):
        request = Request(Principal(kind, arn, account), action, resource, account)
        decide(request, Policies(resource=bucket_policy(allow(Principal="*"), deny("iam:*",
               Principal={"AWS": ACCOUNT}))))  # fmt: skip


def test_hostile_patterns_end():
    stars = "arn:aws:s3:::" + "a*" * 1500 + "b"
    long = "arn:aws:s3:::" + "a" * 20_000
    assert not ask(allow(resource=stars), resource=long).allowed
    assert not ask(allow("s3:" + "a*" * 1500 + "b"), action="s3:" + "a" * 20_000).allowed
    assert not holds("StringLike", "aws:x", "*a?" * 300 + "b", {"aws:x": "a" * 1_000})
    variables = "arn:aws:s3:::" + "${aws:username}*" * 500 + "b"
    assert not ask(allow(resource=variables), resource="arn:aws:s3:::" + "ann" * 2_000).allowed
