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
    ("ArnLike", "arn:aws:sns:*:t", "arn:aws:sns:eu-west-1:1:t", "arn:aws:sns::t:t"),
]  # fmt: skip
SINGLE = SINGLE[:-1]  # the last has no value that satisfies it, and a test of its own below

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
