import pytest

from helpers.cloud.iam.conditions import OPERATORS
from tests.cloud.iam.build import allow, ask, denies, holds

TAG = "aws:PrincipalTag/team"
KEYS = "dynamodb:LeadingKeys"

# operator, what the policy wants, a value that does not satisfy it, one that does
SINGLE = [
    ("StringEquals", "red", "Red", "red"),
    ("StringEquals", "r*", "red", "r*"),
    ("StringEqualsIgnoreCase", "Red", "blue", "rED"),
    ("StringLike", "r?d*", "blue", "red\nish"),
    ("StringLike", "arn:*", "urn:a", "arn:a:b/c"),
    ("NumericEquals", "10", "11", "10.0"),
    ("NumericEquals", 10, "1", "10"),
    ("NumericLessThan", "10", "10", "9.5"),
    ("NumericLessThanEquals", "10", "10.1", "10"),
    ("NumericGreaterThan", "9", "9", "10"),
    ("NumericGreaterThanEquals", "10", "9", "10"),
    ("DateEquals", "2024-05-01T10:00:00Z", "2024-05-01T10:00:01Z", "2024-05-01T12:00:00+02:00"),
    ("DateEquals", "2024-05-01", "2024-05-02", "1714521600"),
    ("DateLessThan", "2024", "2024-01-01T00:00:00Z", "2023-12-31T23:59:59.9Z"),
    ("DateLessThanEquals", "2024-02", "2024-02-02", "2024-02-01"),
    ("DateGreaterThan", "2024-05-01T00:00:00.5Z", "2024-05-01T00:00:00.5Z", "2024-05-01T00:00:01Z"),
    ("DateGreaterThanEquals", "1714521600", "2024-04-30T23:59:59Z", "2024-05-01T00:00:00Z"),
    ("Bool", True, "false", "TRUE"),
    ("Bool", "False", "true", "false"),
    ("BinaryEquals", "QUI=", "QUM=", "QUI="),
    ("IpAddress", "10.0.0.0/8", "11.0.0.1", "10.200.3.4"),
    ("IpAddress", "203.0.113.7", "203.0.113.8", "203.0.113.7"),
    ("IpAddress", "2001:db8::/32", "2001:db9::1", "2001:DB8::1"),
    ("IpAddress", "2001:db8::1", "2001:db8::2", "2001:db8:0::1"),
    ("IpAddress", "0.0.0.0/0", "2001:db8::1", "8.8.8.8"),
    ("ArnLike", "arn:aws:sns:*:111122223333:t?", "arn:aws:sns:eu-west-1:1:t1",
     "arn:aws:sns:eu-west-1:111122223333:t1"),
    ("ArnEquals", "arn:aws:s3:::b/*", "arn:aws:s3:::c/x", "arn:aws:s3:::b/x:y/z"),
]  # fmt: skip

NEGATED = {
    "StringEquals": "StringNotEquals",
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "StringLike": "StringNotLike",
    "NumericEquals": "NumericNotEquals",
    "DateEquals": "DateNotEquals",
    "IpAddress": "NotIpAddress",
    "ArnLike": "ArnNotLike",
    "ArnEquals": "ArnNotEquals",
}


@pytest.mark.parametrize(("operator", "wanted", "unlike", "alike"), SINGLE)
def test_an_operator_refuses_and_accepts(operator, wanted, unlike, alike):
    assert not holds(operator, "aws:x", wanted, {"aws:x": unlike})
    assert holds(operator, "aws:x", wanted, {"aws:x": alike})


@pytest.mark.parametrize(("operator", "wanted", "unlike", "alike"), SINGLE)
def test_if_exists_changes_nothing_while_the_key_is_there(operator, wanted, unlike, alike):
    assert not holds(f"{operator}IfExists", "aws:x", wanted, {"aws:x": unlike})
    assert holds(f"{operator}IfExists", "aws:x", wanted, {"aws:x": alike})


@pytest.mark.parametrize(
    ("operator", "wanted", "unlike", "alike"), [row for row in SINGLE if row[0] in NEGATED]
)
def test_a_negated_operator_is_the_opposite(operator, wanted, unlike, alike):
    assert not holds(NEGATED[operator], "aws:x", wanted, {"aws:x": alike})
    assert holds(NEGATED[operator], "aws:x", wanted, {"aws:x": unlike})


def test_every_operator_has_been_tried():
    tried = {row[0] for row in SINGLE} | set(NEGATED.values()) | {"Null"}
    assert tried == set(OPERATORS)


@pytest.mark.parametrize("operator", sorted(set(OPERATORS) - {"Null"}))
def test_a_missing_key(operator):
    wanted = "arn:aws:s3:::x" if operator.startswith("Arn") else "1"
    negated = operator in NEGATED.values()
    assert holds(operator, "aws:x", wanted, {}) is negated
    assert denies(operator, "aws:x", wanted, {}) is negated
    assert holds(f"{operator}IfExists", "aws:x", wanted, {})
    assert denies(f"{operator}IfExists", "aws:x", wanted, {})


def test_several_values_are_alternatives_and_none_of_them_for_a_negated_operator():
    wanted = ["red", "blue"]
    assert not holds("StringEquals", TAG, wanted, {TAG: "green"})
    assert holds("StringEquals", TAG, wanted, {TAG: "blue"})
    assert not holds("StringNotEquals", TAG, wanted, {TAG: "blue"})
    assert holds("StringNotEquals", TAG, wanted, {TAG: "green"})
    assert not holds("NotIpAddress", "aws:SourceIp", ["10.0.0.0/8", "1.1.1.1"],
                     {"aws:SourceIp": "1.1.1.1"})  # fmt: skip


def test_operators_and_keys_must_all_hold():
    two = {"StringEquals": {TAG: "red", "s3:prefix": "a"}, "Bool": {"aws:SecureTransport": True}}
    true = {TAG: "red", "s3:prefix": "a", "aws:SecureTransport": "true"}
    for key in true:
        assert not ask(allow(Condition=two), context=true | {key: "other"}).allowed
    assert ask(allow(Condition=two), context=true).allowed


def test_key_names_are_the_same_in_any_case_tags_included():
    assert not holds("StringEquals", "AWS:principaltag/TEAM", "RED", {TAG: "red"})
    assert holds("StringEquals", "AWS:principaltag/TEAM", "red", {TAG: "red"})


def test_two_tags_that_differ_only_in_case_satisfy_neither():
    both = {TAG: "red", "aws:PrincipalTag/Team": "blue"}
    assert not holds("StringEquals", TAG, "red", both)
    assert not holds("StringNotEquals", TAG, "green", both)
    assert denies("StringEquals", TAG, "red", both)


@pytest.mark.parametrize("negation", ["", "Not"])
@pytest.mark.parametrize("value", [[], [""], ""])
def test_for_all_values_holds_of_nothing(negation, value):
    """So it must not be used alone in an Allow."""
    operator = f"ForAllValues:String{negation}Equals"
    assert holds(operator, KEYS, "ann", {})
    assert holds(operator, KEYS, "ann", {KEYS: value})


@pytest.mark.parametrize("negation", ["", "Not"])
@pytest.mark.parametrize("value", [[], [""], ""])
def test_for_any_value_holds_of_nothing_never(negation, value):
    operator = f"ForAnyValue:String{negation}Equals"
    assert not holds(operator, KEYS, "ann", {})
    assert not denies(operator, KEYS, "ann", {})
    assert not holds(operator, KEYS, "ann", {KEYS: value})


def test_for_all_values():
    wanted = ["ann", "bo"]
    assert not holds("ForAllValues:StringEquals", KEYS, wanted, {KEYS: ["ann", "eve"]})
    assert holds("ForAllValues:StringEquals", KEYS, wanted, {KEYS: ["ann", "bo", "ann"]})
    assert not holds("ForAllValues:StringNotEquals", KEYS, wanted, {KEYS: ["eve", "bo"]})
    assert holds("ForAllValues:StringNotEquals", KEYS, wanted, {KEYS: ["eve", "flo"]})


def test_for_any_value():
    wanted = ["ann", "bo"]
    assert not holds("ForAnyValue:StringEquals", KEYS, wanted, {KEYS: ["eve", "flo"]})
    assert holds("ForAnyValue:StringEquals", KEYS, wanted, {KEYS: ["eve", "bo"]})
    assert not holds("ForAnyValue:StringNotEquals", KEYS, wanted, {KEYS: ["ann", "bo"]})
    assert holds("ForAnyValue:StringNotEquals", KEYS, wanted, {KEYS: ["ann", "eve"]})
    assert holds("ForAnyValue:StringLike", KEYS, "b*", {KEYS: "bo"})


def test_for_any_value_if_exists_of_a_missing_key_is_closed_on_the_safe_side():
    assert not holds("ForAnyValue:StringEqualsIfExists", KEYS, "ann", {})
    assert denies("ForAnyValue:StringEqualsIfExists", KEYS, "ann", {})
    assert holds("ForAllValues:StringEqualsIfExists", KEYS, "ann", {})


def test_a_multivalued_key_without_a_set_operator_is_closed_on_the_safe_side():
    for value in (["ann"], ["ann", "bo"]):
        assert not holds("StringEquals", KEYS, "ann", {KEYS: value})
        assert denies("StringEquals", KEYS, "ann", {KEYS: value})
        assert not holds("StringNotEquals", KEYS, "eve", {KEYS: value})
        assert denies("StringNotEquals", KEYS, "eve", {KEYS: value})
        assert not denies("StringEquals", KEYS, "eve", {KEYS: value})


def test_null_asks_whether_the_key_is_there():
    assert not holds("Null", TAG, "true", {TAG: "red"})
    assert holds("Null", TAG, True, {})
    assert not holds("Null", TAG, "false", {})
    assert holds("Null", TAG, False, {TAG: "red"})
    assert holds("Null", KEYS, "true", {KEYS: []})
    assert not holds("Null", TAG, "yes", {})


@pytest.mark.parametrize("value", ["", [""]])
def test_null_of_an_empty_value_is_closed_on_the_safe_side(value):
    for wanted in ("true", "false"):
        assert not holds("Null", TAG, wanted, {TAG: value})
        assert denies("Null", TAG, wanted, {TAG: value})


UNREADABLE = [
    ("Numeric{}Equals", "10", "ten"),
    ("Numeric{}Equals", "ten", "10"),
    ("Numeric{}Equals", "10", "1_0"),
    ("Numeric{}Equals", "10", "NaN"),
    ("Numeric{}Equals", "10", "\u0661\u0660"),
    ("Date{}Equals", "2024-02-30", "2024-03-01"),
    ("Date{}Equals", "2024-01-01", "2024-01-01T25:00:00Z"),
    ("Date{}Equals", "2024-01-01", "yesterday"),
    ("Date{}Equals", "2024-*", "2024-01-01"),
    ("Arn{}Equals", "*", "arn:aws:s3:::b"),
    ("Arn{}Like", "arn:aws:*", "arn:aws:s3:::b"),
    ("Arn{}Like", "arn:aws:s3:::b", "b"),
]


@pytest.mark.parametrize(("operator", "wanted", "value"), UNREADABLE)
def test_what_cannot_be_read_equals_nothing(operator, wanted, value):
    assert not holds(operator.format(""), "aws:x", wanted, {"aws:x": value})
    assert not denies(operator.format(""), "aws:x", wanted, {"aws:x": value})


@pytest.mark.parametrize(("operator", "wanted", "value"), UNREADABLE)
def test_whether_it_differs_is_closed_on_the_safe_side(operator, wanted, value):
    assert not holds(operator.format("Not"), "aws:x", wanted, {"aws:x": value})
    assert denies(operator.format("Not"), "aws:x", wanted, {"aws:x": value})


@pytest.mark.parametrize("value", ["10.0.0.0/9", "10.0.0.256", "10.0.0.1%eth0", "ten", ""])
def test_the_requests_address_must_be_one_address(value):
    assert not holds("IpAddress", "aws:SourceIp", "10.0.0.0/8", {"aws:SourceIp": value})


@pytest.mark.parametrize("wanted", ["10.0.0.0/33", "10.0.0.0/255.0.0.0", "10.*", ""])
def test_the_policys_network_must_be_a_cidr_block(wanted):
    assert not holds("IpAddress", "aws:SourceIp", wanted, {"aws:SourceIp": "10.0.0.1"})


def test_wildcards_in_an_arn_stay_in_their_segment():
    value = {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:t"}
    assert not holds("ArnLike", "aws:SourceArn", "arn:aws:*:t:x:y", value)
    assert not holds("ArnLike", "aws:SourceArn", "arn:aws:sns:*::t", value)
    assert holds("StringLike", "aws:SourceArn", "arn:aws:*:t", value)


def test_what_base64_cannot_be_is_equal_to_nothing():
    assert not holds("BinaryEquals", "aws:x", "Q*==", {"aws:x": "Q*=="})


def test_the_prefix_of_a_listing_is_absent_or_empty_and_that_is_not_the_same():
    assert not holds("StringLike", "s3:prefix", "*", {})
    assert holds("StringEquals", "s3:prefix", ["", "home/"], {"s3:prefix": ""})


def test_a_deny_with_string_not_equals_if_exists_denies_a_missing_key():
    assert denies("StringNotEqualsIfExists", TAG, "red", {})
    assert not denies("StringNotEqualsIfExists", TAG, "red", {TAG: "red"})
