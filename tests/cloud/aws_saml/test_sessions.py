"""The session that AssumeRoleWithSAML begins: its name, its length, and what it carries."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest
from lxml import etree

from helpers import lab
from helpers.providers.saml import uris
from helpers.providers.saml.safe_xml import instant, qname
from tests.cloud.aws_saml.directory import ALICE, NAMES, PROVIDER, ROLE, Directory, assume
from tests.cloud.sts_words import client, error_of


def invalid(text: str) -> tuple[str, str]:
    return "InvalidIdentityToken", text


# --- the session's name and length -------------------------------------------------------------


def test_a_session_name_is_required(directory: Directory) -> None:
    document = directory.response(without=["RoleSessionName"])
    assert error_of(assume, document) == invalid("RoleSessionName is required in AuthnResponse")


@pytest.mark.parametrize("name", ["a", "Alice Anders", "x" * 65, "alice/admin", "älice", "a:b"])
def test_a_session_name_of_another_form_is_refused(name: str, directory: Directory) -> None:
    document = directory.response({f"{NAMES}RoleSessionName": [name]})
    text = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"
    assert error_of(assume, document) == invalid(text)


def test_two_session_names_are_refused(directory: Directory) -> None:
    document = directory.response({f"{NAMES}RoleSessionName": ["alice", "admin"]})
    assert error_of(assume, document)[0] == "InvalidIdentityToken"


def _until(moment: Any) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        statement = next(root.iter(qname("saml:AuthnStatement")))
        statement.set("SessionNotOnOrAfter", instant(moment))

    return change


@pytest.mark.parametrize(
    ("asked", "said", "until", "minutes"),
    [
        (None, None, None, 60),
        (7200, None, None, 120),
        (7200, "1800", None, 30),
        (None, "7200", None, 60),
        (7200, None, 45, 45),
        (None, "1800", 10, 10),
    ],
)
def test_the_shortest_length_counts(
    asked: int | None, said: str | None, until: int | None, minutes: int, directory: Directory
) -> None:
    boto3.client("iam").update_role(RoleName="Engineer", MaxSessionDuration=7200)
    attributes = {f"{NAMES}SessionDuration": [said]} if said else {}
    change = None if until is None else _until(directory.now + timedelta(minutes=until))
    document = directory.response(attributes, change=change)
    answer = assume(document, **({"DurationSeconds": asked} if asked else {}))
    assert answer["Credentials"]["Expiration"] == directory.now + timedelta(minutes=minutes)


def test_a_longer_session_than_the_role_allows_is_refused(directory: Directory) -> None:
    expected = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    refused = error_of(assume, directory.response(), DurationSeconds=3601)
    assert refused == ("ValidationError", expected)


@pytest.mark.parametrize("seconds", ["899", "43201", "1h", "-900", "٩٠٠", "1e3", "9" * 400])
def test_a_session_duration_of_another_form_is_refused(seconds: str, directory: Directory) -> None:
    document = directory.response({f"{NAMES}SessionDuration": [seconds]})
    assert error_of(assume, document)[0] == "InvalidIdentityToken"


# --- what the session carries ------------------------------------------------------------------


def test_the_session_works_for_as_long_as_it_lasts(directory: Directory, cloud: lab.Cloud) -> None:
    s3 = client("s3", assume(directory.response())["Credentials"])
    s3.list_buckets()
    assert error_of(s3.create_bucket, Bucket="photos")[0] == "AccessDenied"
    cloud.clock.advance(hours=1)
    assert error_of(s3.list_buckets)[0] == "ExpiredToken"


def test_later_requests_know_who_the_directory_says_it_is(directory: Directory) -> None:
    iam = boto3.client("iam")
    statement = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    for keys, allowed in [
        ({"saml:sub": "carol@example.com"}, False),
        ({"saml:iss": uris.ENTITY_ID}, False),
        ({"saml:sub": ALICE, "saml:sub_type": "persistent"}, True),
        ({"saml:namequalifier": assume(directory.response())["NameQualifier"]}, True),
    ]:
        text = {"Version": "2012-10-17"}
        text |= {"Statement": [statement | {"Condition": {"StringEquals": keys}}]}  # type: ignore[dict-item]
        iam.put_role_policy(RoleName="Engineer", PolicyName="own", PolicyDocument=json.dumps(text))
        s3 = client("s3", assume(directory.response())["Credentials"])
        if allowed:
            s3.list_buckets()
        else:
            assert error_of(s3.list_buckets)[0] == "AccessDenied"


def test_a_session_policy_limits_the_session(directory: Directory) -> None:
    nothing = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [nothing]})
    s3 = client("s3", assume(directory.response(), Policy=text)["Credentials"])
    assert error_of(s3.list_buckets)[0] == "AccessDenied"
    assert error_of(assume, directory.response(), Policy="{")[0] == "MalformedPolicyDocument"


def test_nobody_else_s_signature_on_the_request_matters(directory: Directory) -> None:
    sts = client("sts", {"AccessKeyId": "AKIAUNKNOWN", "SecretAccessKey": "wrong"})
    message = base64.b64encode(directory.response()).decode()
    answer = sts.assume_role_with_saml(RoleArn=ROLE, PrincipalArn=PROVIDER, SAMLAssertion=message)
    assert answer["Subject"] == ALICE


def test_the_trace_shows_the_decision_and_not_the_response(
    directory: Directory, cloud: lab.Cloud
) -> None:
    message = base64.b64encode(directory.response()).decode()
    assume(message)
    entry = cloud.trace[-1]
    assert (entry.operation, entry.resource) == ("AssumeRoleWithSAML", ROLE)
    assert message not in json.dumps(entry.params)
