"""What DynamoDB asks for: tables and indexes, leading keys, and every attribute that is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpers.cloud.errors import AwsError
from helpers.cloud.service_authorization import facts, requirements

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/t"
SCHEMA = {("t", ""): ["pk"], ("t", "by-mail"): ["mail"], ("t", "wide"): ["a", "b"]}


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table `t` with partition key `pk`, and two indexes, without moto."""
    monkeypatch.setattr(
        facts,
        "partition_keys",
        lambda account, region, table, index: SCHEMA.get((table, index), []),
    )
    monkeypatch.setattr(facts, "resource_tags", lambda service, account, region, arn: {})


def only(call: Any) -> Any:
    (requirement,) = requirements(call)
    return requirement


def attributes(call: Any) -> set[str]:
    return set(only(call).context.get("dynamodb:Attributes", []))


KEY = {"pk": {"S": "alice"}}


@pytest.mark.parametrize("name", ["t", TABLE])
@pytest.mark.parametrize("operation", ["GetItem", "DeleteItem", "UpdateItem"])
def test_items_by_name_and_by_arn(call: Callable, operation: str, name: str) -> None:
    needed = only(call("dynamodb", operation, TableName=name, Key=KEY))
    assert (needed.action, needed.resource) == (f"dynamodb:{operation}", TABLE)
    assert needed.context["dynamodb:LeadingKeys"] == ["alice"]
    assert needed.context["dynamodb:FirstPartitionKeyValues"] == ["alice"]


@pytest.mark.parametrize(
    "name",
    [
        "arn:aws:dynamodb:eu-west-1:123456789012:table/t",
        f"{TABLE}/index/i",
        "arn:aws:s3:::t",
    ],
)
def test_tables_elsewhere_are_refused(call: Callable, name: str) -> None:
    with pytest.raises(AwsError, match="ResourceNotFoundException"):
        requirements(call("dynamodb", "GetItem", TableName=name, Key=KEY))


def test_an_index_is_a_resource_of_its_own(call: Callable) -> None:
    for operation in ("Query", "Scan"):
        sent = call(
            "dynamodb",
            operation,
            TableName="t",
            IndexName="by-mail",
            KeyConditionExpression="mail = :m",
            ExpressionAttributeValues={":m": {"S": "a@b"}},
        )
        assert only(sent).resource == f"{TABLE}/index/by-mail"


# LeadingKeys


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"S": "a*b"}, "a*b"),
        ({"N": "1"}, "1"),
        ({"N": "1.0"}, "1"),
        ({"N": "+01e2"}, "100"),
        ({"N": "-0"}, "0"),
        ({"B": b"\x00\xff"}, "AP8="),
    ],
)
def test_key_values_as_text(call: Callable, value: dict[str, Any], text: str) -> None:
    needed = only(call("dynamodb", "GetItem", TableName="t", Key={"pk": value}))
    assert needed.context["dynamodb:LeadingKeys"] == [text]


@pytest.mark.parametrize("number", ["x", "NaN", "Infinity", "1e999999999", ""])
def test_what_is_no_number_is_refused(call: Callable, number: str) -> None:
    with pytest.raises(AwsError, match="ValidationException"):
        requirements(call("dynamodb", "GetItem", TableName="t", Key={"pk": {"N": number}}))


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("GetItem", {"Key": {}}),
        ("GetItem", {"Key": {"other": {"S": "x"}}}),
        ("GetItem", {"Key": {"pk": {"L": []}}}),
        ("PutItem", {"Item": {"other": {"S": "x"}}}),
        ("Query", {}),
        ("Query", {"KeyConditions": {}}),
    ],
)
def test_a_request_without_its_key_would_satisfy_every_condition(
    call: Callable, operation: str, params: dict[str, Any]
) -> None:
    with pytest.raises(AwsError, match="ValidationException"):
        requirements(call("dynamodb", operation, TableName="t", **params))


@pytest.mark.parametrize(
    "expression",
    [
        "pk = :me",
        "#k=:me",
        "(pk = :me)",
        "sk > :other AND pk = :me",
        "pk = :me and begins_with(sk, :other)",
        "((#k = :me) AND (sk BETWEEN :other AND :other))",
        "\n pk\t=\n:me ",
    ],
)
def test_the_partition_of_a_query(call: Callable, expression: str) -> None:
    sent = call(
        "dynamodb",
        "Query",
        TableName="t",
        KeyConditionExpression=expression,
        ExpressionAttributeNames={"#k": "pk"},
        ExpressionAttributeValues={":me": {"S": "alice"}, ":other": {"S": "bob"}},
    )
    assert only(sent).context["dynamodb:LeadingKeys"] == ["alice"]


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "pk",
        "pk = :me AND pk = :other",
        "pk = :me AND #k = :other",
        "pk = :me OR pk = :other",
        "NOT pk = :me",
        "pk > :me",
        "pk BETWEEN :me AND :other",
        "begins_with(pk, :me)",
        "pk IN (:me, :other)",
        "pk = alice",
        "pk = :undefined",
        "#undefined = :me",
        "sk = :me",
        "pk = :me)",
        "(pk = :me",
        "pk = :me AND",
        "pk = :me; sk = :other",
        "pk.x = :me",
    ],
)
def test_a_query_that_names_no_one_partition_is_refused(call: Callable, expression: str) -> None:
    sent = call(
        "dynamodb",
        "Query",
        TableName="t",
        KeyConditionExpression=expression,
        ExpressionAttributeNames={"#k": "pk"},
        ExpressionAttributeValues={":me": {"S": "alice"}, ":other": {"S": "bob"}},
    )
    with pytest.raises(AwsError, match="ValidationException"):
        requirements(sent)


def test_the_older_way_to_query(call: Callable) -> None:
    conditions = {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "alice"}]}}
    needed = only(call("dynamodb", "Query", TableName="t", KeyConditions=conditions))
    assert needed.context["dynamodb:LeadingKeys"] == ["alice"]
    conditions["pk"]["ComparisonOperator"] = "GE"
    with pytest.raises(AwsError, match="missed key schema element"):
        requirements(call("dynamodb", "Query", TableName="t", KeyConditions=conditions))


def test_the_key_of_an_index_leads_there(call: Callable) -> None:
    sent = call(
        "dynamodb",
        "Query",
        TableName="t",
        IndexName="wide",
        KeyConditionExpression="a = :x AND b = :y",
        ExpressionAttributeValues={":x": {"S": "1"}, ":y": {"N": "2"}},
    )
    context = only(sent).context
    assert context["dynamodb:LeadingKeys"] == ["1"]
    assert context["dynamodb:SecondPartitionKeyValues"] == ["2"]


def test_a_scan_names_no_partition(call: Callable) -> None:
    assert "dynamodb:LeadingKeys" not in only(call("dynamodb", "Scan", TableName="t")).context


# Batches and transactions


def test_a_batch_is_asked_once_per_table_with_all_its_keys(call: Callable) -> None:
    keys = [{"pk": {"S": "alice"}}, {"pk": {"S": "bob"}}]
    items = {"t": {"Keys": keys, "ProjectionExpression": "pk, a.b"}, "u": {"Keys": keys[:1]}}
    first, second = requirements(call("dynamodb", "BatchGetItem", RequestItems=items))
    assert (first.action, first.resource) == ("dynamodb:BatchGetItem", TABLE)
    assert first.context["dynamodb:LeadingKeys"] == ["alice", "bob"]
    assert first.context["dynamodb:Attributes"] == ["pk", "a"]
    assert first.context["dynamodb:Select"] == "SPECIFIC_ATTRIBUTES"
    assert second.resource.endswith(":table/u")
    assert second.context["dynamodb:Select"] == "ALL_ATTRIBUTES"


def test_a_batch_of_writes_counts_puts_and_deletes(call: Callable) -> None:
    writes = [
        {"PutRequest": {"Item": {"pk": {"S": "alice"}, "score": {"N": "1"}}}},
        {"DeleteRequest": {"Key": {"pk": {"S": "bob"}}}},
    ]
    needed = only(call("dynamodb", "BatchWriteItem", RequestItems={"t": writes}))
    assert needed.action == "dynamodb:BatchWriteItem"
    assert needed.context["dynamodb:LeadingKeys"] == ["alice", "bob"]
    assert needed.context["dynamodb:Attributes"] == ["pk", "score"]


def test_a_transaction_needs_the_action_of_each_item(call: Callable) -> None:
    items = [
        {"Put": {"TableName": "t", "Item": KEY}},
        {"Update": {"TableName": "t", "Key": KEY, "UpdateExpression": "SET a = :v"}},
        {"Delete": {"TableName": "t", "Key": KEY}},
        {"ConditionCheck": {"TableName": "t", "Key": KEY, "ConditionExpression": "b = :v"}},
    ]
    needed = requirements(call("dynamodb", "TransactWriteItems", TransactItems=items))
    names = ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"]
    assert [r.action for r in needed] == [f"dynamodb:{name}" for name in names]
    for requirement in needed:
        assert requirement.context["dynamodb:EnclosingOperation"] == "TransactWriteItems"
        assert requirement.context["dynamodb:LeadingKeys"] == ["alice"]
    reads = [{"Get": {"TableName": "t", "Key": KEY}}]
    read = only(call("dynamodb", "TransactGetItems", TransactItems=reads))
    assert read.action == "dynamodb:GetItem"
    assert read.context["dynamodb:EnclosingOperation"] == "TransactGetItems"


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("BatchGetItem", {"RequestItems": {}}),
        ("BatchGetItem", {"RequestItems": {"t": {"Keys": []}}}),
        ("BatchWriteItem", {"RequestItems": {"t": []}}),
        ("BatchWriteItem", {"RequestItems": {"t": [{}]}}),
        ("TransactWriteItems", {"TransactItems": []}),
        ("TransactWriteItems", {"TransactItems": [{}]}),
    ],
)
def test_an_empty_batch_is_not_free(call: Callable, operation: str, params: dict[str, Any]) -> None:
    with pytest.raises(AwsError, match="ValidationException"):
        requirements(call("dynamodb", operation, **params))


# Attributes


@pytest.mark.parametrize(
    ("parameter", "expression", "expected"),
    [
        (
            "ProjectionExpression",
            "a, b.c, #x, #x.#y, d[0].e, #y[1]",
            {"a", "b", "secret", "d", "y.z"},
        ),
        ("ConditionExpression", "attribute_exists(a) AND NOT b.c = :v", {"a", "b"}),
        (
            "ConditionExpression",
            "size(#x) > :v or (a IN (:v, b) and c between d and e)",
            {"secret", "a", "b", "c", "d", "e"},
        ),
        ("ConditionExpression", "not (a = :v and not b in (:v))", {"a", "b"}),
        (
            "UpdateExpression",
            "SET a.b = if_not_exists(#x, :v) + c REMOVE d[2], e ADD f :v DELETE g :v",
            {"a", "secret", "c", "d", "e", "f", "g"},
        ),
        ("UpdateExpression", "REMOVE a SET b=list_append(b,:v),c=:v", {"a", "b", "c"}),
    ],
)
def test_every_name_in_an_expression(
    call: Callable, parameter: str, expression: str, expected: set[str]
) -> None:
    sent = call(
        "dynamodb",
        "UpdateItem",
        TableName="t",
        Key=KEY,
        ExpressionAttributeNames={"#x": "secret", "#y": "y.z"},
        **{parameter: expression},
    )
    assert attributes(sent) == expected | {"pk"}


def test_every_parameter_that_names_attributes(call: Callable) -> None:
    query = call(
        "dynamodb",
        "Query",
        TableName="t",
        KeyConditionExpression="pk = :v AND sk = :v",
        FilterExpression="a = :v",
        ProjectionExpression="b",
        ExclusiveStartKey={"c": {"S": ""}},
        QueryFilter={"d": {}},
        ExpressionAttributeValues={":v": {"S": "x"}},
    )
    assert attributes(query) == {"pk", "sk", "a", "b", "c", "d"}
    put = call("dynamodb", "PutItem", TableName="t", Item={**KEY, "a": {}}, Expected={"b": {}})
    assert attributes(put) == {"pk", "a", "b"}
    update = call("dynamodb", "UpdateItem", TableName="t", Key=KEY, AttributeUpdates={"a": {}})
    assert attributes(update) == {"pk", "a"}
    scan = call("dynamodb", "Scan", TableName="t", ScanFilter={"a": {}})
    assert attributes(scan) == {"a"}


@pytest.mark.parametrize(
    "params",
    [
        {"ProjectionExpression": "#undefined"},
        {"ProjectionExpression": "a-b"},
        {"ProjectionExpression": "a; b"},
        {"ProjectionExpression": "größe"},
        {"ProjectionExpression": "1st"},
        {"ProjectionExpression": "size(a)"},
        {"ProjectionExpression": "a = :v"},
        {"ConditionExpression": "drop(a)"},
        {"ConditionExpression": "a == 'x'"},
        {"ConditionExpression": "and = :v"},
        {"ConditionExpression": "a = :v AND in = :v"},
        {"ConditionExpression": "not = :v"},
        {"ConditionExpression": "a.and = :v"},
        {"ConditionExpression": "a between not and b"},
        {"UpdateExpression": "a = :v"},
        {"UpdateExpression": "SET add = :v"},
        {"UpdateExpression": "SET a = set REMOVE b"},
        {"UpdateExpression": ""},
        {"ProjectionExpression": "a", "ExpressionAttributeNames": {"a": "secret"}},
        {"ProjectionExpression": "#a", "ExpressionAttributeNames": {"#a": ""}},
        {"ProjectionExpression": "a", "ExpressionAttributeValues": {"a": {"S": "x"}}},
    ],
)
def test_what_is_not_understood_is_refused(call: Callable, params: dict[str, Any]) -> None:
    with pytest.raises(AwsError, match="ValidationException"):
        requirements(call("dynamodb", "UpdateItem", TableName="t", Key=KEY, **params))


def test_parameters_that_moto_would_not_honour_are_refused(call: Callable) -> None:
    for operation in ("GetItem", "Query", "Scan"):
        with pytest.raises(AwsError, match="AttributesToGet"):
            requirements(call("dynamodb", operation, TableName="t", Key=KEY, AttributesToGet=["a"]))
    items = [{"Get": {"TableName": "t", "Key": KEY, "ProjectionExpression": "a"}}]
    with pytest.raises(AwsError, match="ProjectionExpression"):
        requirements(call("dynamodb", "TransactGetItems", TransactItems=items))


# Select, ReturnValues


@pytest.mark.parametrize(
    ("params", "select"),
    [
        ({}, "ALL_ATTRIBUTES"),
        ({"ProjectionExpression": "a"}, "SPECIFIC_ATTRIBUTES"),
        ({"IndexName": "by-mail"}, "ALL_PROJECTED_ATTRIBUTES"),
        ({"Select": "COUNT"}, "COUNT"),
    ],
)
def test_select_always_has_a_value(call: Callable, params: dict[str, Any], select: str) -> None:
    assert (
        only(call("dynamodb", "Scan", TableName="t", **params)).context["dynamodb:Select"] == select
    )


def test_specific_attributes_must_be_specified(call: Callable) -> None:
    with pytest.raises(AwsError, match="Must specify the AttributesToGet"):
        requirements(call("dynamodb", "Scan", TableName="t", Select="SPECIFIC_ATTRIBUTES"))


@pytest.mark.parametrize(
    ("params", "value"),
    [
        ({}, "NONE"),
        ({"ReturnValues": "ALL_OLD"}, "ALL_OLD"),
        ({"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}, "ALL_OLD"),
    ],
)
def test_what_a_write_gives_back(call: Callable, params: dict[str, Any], value: str) -> None:
    context = only(call("dynamodb", "DeleteItem", TableName="t", Key=KEY, **params)).context
    assert context["dynamodb:ReturnValues"] == value
    assert context["dynamodb:ReturnConsumedCapacity"] == "NONE"


# Tables themselves


@pytest.mark.parametrize(
    ("operation", "params", "resources"),
    [
        ("CreateTable", {"TableName": "t"}, [TABLE]),
        ("DescribeTable", {"TableName": TABLE}, [TABLE]),
        ("ListTables", {}, ["*"]),
        ("DescribeLimits", {}, ["*"]),
        ("TagResource", {"ResourceArn": TABLE, "Tags": []}, [TABLE]),
        ("DescribeBackup", {"BackupArn": f"{TABLE}/backup/1"}, [f"{TABLE}/backup/1"]),
        (
            "RestoreTableFromBackup",
            {"BackupArn": f"{TABLE}/backup/1", "TargetTableName": "u"},
            [f"{TABLE}/backup/1", TABLE[:-1] + "u"],
        ),
        ("UpdateContributorInsights", {"TableName": "t", "IndexName": "i"}, [f"{TABLE}/index/i"]),
        (
            "CreateGlobalTable",
            {"GlobalTableName": "t"},
            ["arn:aws:dynamodb::123456789012:global-table/t", TABLE],
        ),
        ("ExportTableToPointInTime", {"TableArn": TABLE, "S3Bucket": "b"}, [TABLE]),
    ],
)
def test_resources_of_tables(
    call: Callable, operation: str, params: dict[str, Any], resources: list[str]
) -> None:
    needed = requirements(call("dynamodb", operation, **params))
    assert [r.resource for r in needed] == resources
    assert {r.action for r in needed} == {f"dynamodb:{operation}"}


def test_a_table_born_with_tags_needs_the_right_to_tag(call: Callable) -> None:
    tags = [{"Key": "team", "Value": "blue"}]
    create, tag = requirements(call("dynamodb", "CreateTable", TableName="t", Tags=tags))
    assert tag.action == "dynamodb:TagResource"
    assert create.context["aws:RequestTag/team"] == "blue"
    assert create.context["aws:TagKeys"] == ["team"]
