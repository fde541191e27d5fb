import pytest

from helpers.cloud.iam import denial_message, explain_rows
from tests.cloud.iam.build import ANONYMOUS, APP, OTHER, ROLE, allow, ask, bucket_policy, deny

WHO = "User: arn:aws:iam::111122223333:user/staff/ann is not authorized to perform: s3:GetObject"
WHAT = " on resource: arn:aws:s3:::photos/ann/cat.jpg"


@pytest.mark.parametrize(
    ("decision", "because"),
    [
        (ask(), "no identity-based policy"),
        (ask(allow(), boundary=[]), "no permissions boundary"),
        (ask(allow(), session=[]), "no session policy"),
        (ask(allow(), account=OTHER), "no resource-based policy"),
    ],
)
def test_an_implicit_denial(decision, because):
    expected = f"{WHO}{WHAT} because {because} allows the s3:GetObject action"
    assert denial_message(decision) == expected


@pytest.mark.parametrize(
    ("decision", "where"),
    [
        (ask(deny()), "an identity-based policy"),
        (ask(boundary=[deny()]), "a permissions boundary"),
        (ask(session=[deny()]), "a session policy"),
        (ask(resource_policy=bucket_policy(deny(Principal="*"))), "a resource-based policy"),
    ],
)
def test_an_explicit_denial(decision, where):
    assert denial_message(decision) == f"{WHO}{WHAT} with an explicit deny in {where}"


def test_a_role_that_does_not_trust():
    decision = ask(allow(), who=APP, action="sts:AssumeRole", resource=ROLE)
    assert denial_message(decision) == (
        f"User: {APP.arn} is not authorized to perform: sts:AssumeRole on resource: {ROLE} "
        "because no role trust policy allows the sts:AssumeRole action"
    )


def test_services_word_it_differently():
    assert denial_message(ask(), quote_resource=True) == (
        f'{WHO} on resource: "arn:aws:s3:::photos/ann/cat.jpg" because no identity-based policy '
        "allows the s3:GetObject action"
    )
    assert denial_message(ask(), show_resource=False, show_reason=False) == WHO
    assert denial_message(ask(who=ANONYMOUS)).startswith("User: anonymous is not authorized")


def test_an_explanation_has_a_row_for_every_statement():
    rows = explain_rows(ask(allow("s3:Put*", Sid="Write"), allow(), allow("s3:Get*")))
    assert rows == [
        {"policy": "p", "type": "identity-based policy", "statement": "Write", "effect": "Allow",
         "result": "no match", "why": "Action does not include s3:GetObject"},
        {"policy": "p", "type": "identity-based policy", "statement": "#2", "effect": "Allow",
         "result": "decides", "why": "Action and Resource match"},
        {"policy": "p", "type": "identity-based policy", "statement": "#3", "effect": "Allow",
         "result": "matches", "why": "Action and Resource match"},
    ]  # fmt: skip


def test_without_a_statement_that_decides_no_row_does():
    assert {row["result"] for row in explain_rows(ask(allow("s3:Put*")))} == {"no match"}
