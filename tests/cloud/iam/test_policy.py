import json

import pytest

from helpers.cloud.iam import PolicyError, parse_policy
from tests.cloud.iam.build import allow, document, trusts

SYNTAX = "Syntax errors in policy."
VERSION = "The policy must contain a valid version string"
NO_VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."


def without(element, statement=None):
    statement = dict(statement or allow("s3:*"))
    del statement[element]
    return statement


def refusal(written, kind="identity"):
    with pytest.raises(PolicyError) as refused:
        parse_policy(written, kind=kind)
    assert refused.value.code == "MalformedPolicyDocument"
    assert str(refused.value) == refused.value.message
    return refused.value.message


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({**allow(), "Extra": 1}, SYNTAX),
        ({**allow(), "effect": "Allow"}, SYNTAX),
        (without("Effect"), SYNTAX),
        ({**allow(), "Effect": "allow"}, SYNTAX),
        ({**allow(), "Effect": ["Allow"]}, SYNTAX),
        ({**allow(), "Sid": 1}, SYNTAX),
        (allow(Sid="has a space"), "Statement IDs (SID) must be alpha-numeric. Check that your "
         "input satisfies the regular expression [0-9A-Za-z]*"),
        (without("Action"), "Policy statement must contain actions."),
        (allow([]), "Policy statement must contain actions."),
        (allow("*", NotAction="*"), SYNTAX),
        (allow(1), SYNTAX),
        (allow({"s3": "*"}), SYNTAX),
        (allow(["s3:*", None]), SYNTAX),
        (allow("GetObject"), NO_VENDOR),
        (allow(""), NO_VENDOR),
        (allow(":GetObject"), "Vendor  is not valid"),
        (allow("s3 :GetObject"), "Vendor s3  is not valid"),
        (allow("s*:GetObject"), "Vendor s* is not valid"),
        (without("Resource"), "Policy statement must contain resources."),
        (allow(resource=[]), "Policy statement must contain resources."),
        (allow(resource="*", NotResource="*"), SYNTAX),
        (allow(resource="photos/*"), 'Resource must be in ARN format or "*".'),
        (allow(resource=["*", ""]), 'Resource must be in ARN format or "*".'),
        (allow(resource="arn:aws:s*:::b"),
         "Resource vendor must be fully qualified and cannot contain regexes."),
        (allow(Principal="*"), "Policy document should not specify a principal."),
        (allow(NotPrincipal={"AWS": "*"}), "Policy document should not specify a principal."),
        (allow(Condition=[]), SYNTAX),
        (allow(Condition={"StringEquals": "x"}), SYNTAX),
        (allow(Condition={"StringSame": {"aws:x": "y"}}), SYNTAX),
        (allow(Condition={"stringequals": {"aws:x": "y"}}), SYNTAX),
        (allow(Condition={"ForSome:StringEquals": {"aws:x": "y"}}), SYNTAX),
        (allow(Condition={"NullIfExists": {"aws:x": "true"}}), SYNTAX),
        (allow(Condition={"ForAnyValue:Null": {"aws:x": "true"}}), SYNTAX),
        (allow(Condition={"StringEquals": {"username": "y"}}), NO_VENDOR),
        (allow(Condition={"StringEquals": {"aws:x": None}}), SYNTAX),
        (allow(Condition={"StringEquals": {"aws:x": {}}}), SYNTAX),
        (allow(Condition={"StringEquals": {"aws:x": [["y"]]}}), SYNTAX),
        (allow(Condition={"StringEquals": {"aws:x": []}}), SYNTAX),
        ("Allow", SYNTAX),
    ],
)  # fmt: skip
def test_a_malformed_statement_is_refused(statement, message):
    parse_policy(document(allow("s3:*")))  # the same without the mistake is well formed
    assert refusal(document(statement)) == message


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", SYNTAX),
        ("{", SYNTAX),
        ("[]", SYNTAX),
        ("null", SYNTAX),
        ('"x"', SYNTAX),
        ({}, SYNTAX),
        ({"Version": "2012-10-17"}, SYNTAX),
        (document(), SYNTAX),
        ({**document(allow()), "Statements": []}, SYNTAX),
        ({**document(allow()), "Id": 1}, SYNTAX),
        (document(allow(), version="2012-10-18"), VERSION),
        (document(allow(), version=20121017), VERSION),
        (document(allow(), version=["2012-10-17"]), VERSION),
        (document(allow(Sid="A"), allow(Sid="A")),
         "Statement IDs (SID) in a single policy must be unique."),
        (json.dumps(document(allow()))[:-1] + ', "Version": "2008-10-17"}', SYNTAX),
        ('{"Statement": ' + "[" * 100_000, SYNTAX),
        (json.dumps(document(allow("s3:Get\u2019")), ensure_ascii=False), SYNTAX),
        (document(allow("s3:\u4e2d")), SYNTAX),
        (json.dumps(document(allow())) + "\x0b", SYNTAX),
        (json.dumps(document(allow())).replace('"Allow"', "NaN"), SYNTAX),
        ({**document(allow()), "Statement": {1, 2}}, SYNTAX),
    ],
)  # fmt: skip
def test_a_malformed_document_is_refused(written, message):
    assert refusal(written) == message


def test_a_policy_that_contains_itself_is_refused():
    endless = document(allow())
    endless["Statement"].append(endless)
    assert refusal(endless) == SYNTAX


INVALID_PRINCIPALS = [
    ({"AWS": "arn:aws:iam::*:root"}, '"AWS":"arn:aws:iam::*:root"'),
    ({"AWS": "arn:aws:iam::111122223333:role/*"}, '"AWS":"arn:aws:iam::111122223333:role/*"'),
    ({"AWS": "arn:aws:iam::111122223333:group/g"}, '"AWS":"arn:aws:iam::111122223333:group/g"'),
    ({"AWS": "arn:aws:sts::111122223333:assumed-role/r/*"},
     '"AWS":"arn:aws:sts::111122223333:assumed-role/r/*"'),
    ({"AWS": "1111"}, '"AWS":"1111"'),
    ({"AWS": ["111122223333", "ann"]}, '"AWS":"ann"'),
    ({"Federated": "*"}, '"Federated":"*"'),
    ({"Service": "*.amazonaws.com"}, '"Service":"*.amazonaws.com"'),
    ({"Everyone": "*"}, '"Everyone":"*"'),
]  # fmt: skip


@pytest.mark.parametrize(("principal", "quoted"), INVALID_PRINCIPALS)
@pytest.mark.parametrize("kind", ["trust", "resource"])
def test_an_invalid_principal_is_refused(principal, quoted, kind):
    statement = trusts(principal) if kind == "trust" else allow(Principal=principal)
    assert refusal(document(statement), kind) == f"Invalid principal in policy: {quoted}"


@pytest.mark.parametrize("principal", [{}, [], "111122223333", {"AWS": []}, {"AWS": 1}, None])
def test_a_principal_that_is_none_is_refused(principal):
    assert refusal(document(allow(Principal=principal)), "resource") == SYNTAX


def test_a_resource_based_policy_needs_a_principal():
    parse_policy(document(allow(Principal="*")), kind="resource")
    assert refusal(document(allow()), "resource") == "Missing required field Principal"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (without("Principal", trusts("*")), "Missing required field Principal"),
        (trusts("*", Resource="*"), "Has prohibited field Resource"),
        (trusts("*", NotResource="*"), "Has prohibited field Resource"),
        ({**without("Principal", trusts("*")), "NotPrincipal": {"AWS": "*"}},
         "Has prohibited field NotPrincipal"),
        (trusts("*", "s3:GetObject"), "AssumeRole policy may only specify STS AssumeRole actions."),
        (trusts("*", "*"), "AssumeRole policy may only specify STS AssumeRole actions."),
    ],
)  # fmt: skip
def test_a_malformed_trust_policy_is_refused(statement, message):
    parse_policy(document(trusts("*")), kind="trust")
    assert refusal(document(statement), "trust") == message


@pytest.mark.parametrize(
    "written",
    [
        {"Statement": allow()},
        {"Statement": [allow()], "Id": "an id"},
        json.dumps(document(allow()), indent="\t").replace("\n", "\r\n"),
        document(allow(Sid=""), allow(Sid="")),
        document(allow(Condition={})),
        document(allow(Condition={"StringEquals": {}})),
        document(allow(Condition={"NumericEquals": {"s3:max-keys": [1, 2.5]}})),
        document(allow("s3:Get\u00e9"), version="2008-10-17"),
        document(allow(resource="arn:aws:s3:::b/${not closed")),
        document(allow(["s3:*", "execute-api:Invoke", "cognito-idp:*"])),
    ],
)
def test_a_well_formed_policy_is_read(written):
    assert parse_policy(written, name="n").name == "n"


def test_without_a_version_it_is_the_old_one():
    assert parse_policy({"Statement": allow()}).version == "2008-10-17"


def test_a_policys_statements_keep_their_order_and_sids():
    policy = parse_policy(document(allow(Sid="A"), allow()))
    assert [(one.index, one.sid, one.effect) for one in policy.statements] == [
        (0, "A", "Allow"),
        (1, "", "Allow"),
    ]


def test_a_bucket_policys_sid_may_have_spaces():
    parse_policy(document(allow(Principal="*", Sid="read for all")), kind="resource")
