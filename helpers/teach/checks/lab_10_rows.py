"""Task 10.5: alice and bob at the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3

from helpers.teach.checks.lab_10_cast import Person, Stage, allowed
from helpers.teach.result import Wrong

KEYLESS = ("dynamodb:DeleteTable", "dynamodb:UpdateTable", "dynamodb:ExportTableToPointInTime")


def lay_out(stage: Stage) -> None:
    """Give alice and bob a row each."""
    for person in (stage.alice, stage.bob):
        boto3.client("dynamodb").put_item(TableName=stage.app.table, Item=_row(person))


def judge(stage: Stage) -> None:
    """Use the rows, one's own and the other's, and ask for what names no row."""
    alice, bob, table = stage.alice, stage.bob, stage.app.table
    if not all(_attempts(alice, alice, table)) or not all(_attempts(bob, bob, table)):
        raise _why_no_rows(stage)
    if any(_attempts(bob, alice, table)):
        raise Wrong(
            "the table's ARN is limit enough",
            "Bob read or wrote alice's row. All rows have the table's ARN; whose they are stands in"
            " the leading key, and a condition has to ask for it.",
        )
    keys = [_key(bob), _key(alice)]
    if allowed(bob.dynamodb.batch_get_item, RequestItems={table: {"Keys": keys}}):
        raise Wrong(
            "one key of the caller's is enough",
            "Bob put his own key and alice's into one batch and got both rows. ForAnyValue is"
            " content with one value that fits; every one of them has to.",
        )
    if allowed(bob.dynamodb.scan, TableName=table):
        raise Wrong(
            "ForAllValues refuses a request without keys",
            "Bob scanned the table and read every row. A scan names no key, and of no values all"
            " are his. Do not allow it, and demand the key with Null.",
        )
    # What cannot be tried without harm is asked of IAM; then comes one that can be tried.
    open_to_him = stage.permits(*KEYLESS, resource=stage.app.table_arn)
    if allowed(bob.dynamodb.describe_table, TableName=table):
        open_to_him.insert(0, "dynamodb:DescribeTable")
    if open_to_him:
        raise Wrong(
            "only a scan comes without a key",
            f"Bob's scan was refused, but he is allowed {', '.join(open_to_him)}. They name no key,"
            " and of no keys all are his. Do not forbid one by one: demand the key with Null.",
        )


def _why_no_rows(stage: Stage) -> Wrong:
    """Find out whether the condition would do if a request had one key and no list of keys."""
    key = {"dynamodb:LeadingKeys": stage.alice.identity_id}
    compares_one = stage.permits("dynamodb:GetItem", resource=stage.app.table_arn, known=key)
    # Once more: cloud.explain() tells of the last call.
    reads = allowed(stage.alice.dynamodb.get_item, TableName=stage.app.table, Key=_key(stage.alice))
    if compares_one and not reads:
        return Wrong(
            "a request has one leading key",
            "Alice could not use her own row. Your condition compares one value, and"
            " dynamodb:LeadingKeys is a list, for a batch names several rows. ForAllValues: before"
            " the operator compares each of them.",
        )
    return Wrong(
        "the statement matches the request",
        "Alice or bob could not get, put, update and query their own rows. Let cloud.explain()"
        " show which part of your statement did not match.",
    )


def _key(owner: Person) -> dict[str, Any]:
    return {"owner": {"S": owner.identity_id}, "game": {"S": "chess"}}


def _row(owner: Person) -> dict[str, Any]:
    return {**_key(owner), "points": {"N": "7"}}


def _attempts(actor: Person, owner: Person, table: str) -> Iterator[bool]:
    """Use the rows of ``owner`` as ``actor``, one way after the other; say whether each went."""
    db, key = actor.dynamodb, _key(owner)
    rows = {
        "KeyConditionExpression": "#o = :o",
        "ExpressionAttributeNames": {"#o": "owner"},
        "ExpressionAttributeValues": {":o": key["owner"]},
    }
    more = {
        "UpdateExpression": "SET points = :p",
        "ExpressionAttributeValues": {":p": {"N": "9"}},
    }
    yield allowed(db.get_item, TableName=table, Key=key)
    yield allowed(db.put_item, TableName=table, Item=_row(owner))
    yield allowed(db.update_item, TableName=table, Key=key, **more)
    yield allowed(db.query, TableName=table, **rows)
