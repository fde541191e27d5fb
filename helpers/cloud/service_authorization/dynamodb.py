"""Amazon DynamoDB: tables, indexes, and the keys of fine-grained access control.

`dynamodb:LeadingKeys` are the partition key values a request names, `dynamodb:Attributes` the
top-level attributes it names, nested paths and `#placeholders` resolved. A Scan names no
partition, so LeadingKeys is absent there and `ForAllValues` is true: a policy that is meant to
show users their own rows must not allow Scan.
Sources: Amazon DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access
control" and "IAM with transactions"; Service Authorization Reference, "Amazon DynamoDB".
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from helpers.cloud.errors import AwsError
from helpers.cloud.service_authorization import expressions, facts, general, reference
from helpers.cloud.service_authorization.expressions import Placeholders
from helpers.cloud.service_authorization.requirement import ContextValue, Requirement

if TYPE_CHECKING:
    from helpers.cloud.call import Call

Params = Mapping[str, Any]
Context = dict[str, ContextValue]

_ORDINALS = ("First", "Second", "Third", "Fourth")
_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"})
_TRANSACTION_ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "Get": "GetItem",
        "Put": "PutItem",
        "Update": "UpdateItem",
        "Delete": "DeleteItem",
        "ConditionCheck": "ConditionCheckItem",
    }
)


def requirements(call: Call) -> list[Requirement]:
    """What a DynamoDB call must be allowed.

    AwsError ValidationException for expressions, keys and parameters that DynamoDB would reject
    or that moto would not honour, because then what is authorized is not what would happen.
    """
    return _OPERATIONS.get(call.operation, _control)(call)


# Items


def _item(call: Call) -> list[Requirement]:
    """GetItem, PutItem, UpdateItem, DeleteItem."""
    _refuse_attributes_to_get(call)
    return [_item_requirement(call, call.operation, call.params)]


def _item_requirement(call: Call, action: str, params: Params) -> Requirement:
    """One action on one item of a table; `params` are the call's, or a part of a transaction."""
    table = _Table(call, params["TableName"])
    context = table.context()
    context |= _leading_keys([_key_of(table.partition_keys(), params)])
    context |= _attributes([params])
    context |= _consumed_capacity(call.params)
    if action in _WRITES:
        context["dynamodb:ReturnValues"] = _return_values(params)
    else:
        context["dynamodb:Select"] = _select(params)
    return Requirement(f"dynamodb:{action}", table.arn, context=context)


def _query(call: Call) -> list[Requirement]:
    """A query reads one partition of a table or index."""
    _refuse_attributes_to_get(call)
    table = _Table(call, call.params["TableName"], call.params.get("IndexName", ""))
    context = table.context()
    context |= _leading_keys([_key_of_query(table.partition_keys(), call.params)])
    return [_read(call, table, context)]


def _scan(call: Call) -> list[Requirement]:
    """A scan reads every partition, and so names none."""
    _refuse_attributes_to_get(call)
    table = _Table(call, call.params["TableName"], call.params.get("IndexName", ""))
    return [_read(call, table, table.context())]


def _read(call: Call, table: _Table, context: Context) -> Requirement:
    context |= _attributes([call.params])
    context |= _consumed_capacity(call.params)
    context["dynamodb:Select"] = _select(call.params)
    return Requirement(f"dynamodb:{call.operation}", table.arn, context=context)


# Several items


def _batch_get(call: Call) -> list[Requirement]:
    """Once per table, with the keys of all its items."""
    needed = []
    for name, asked in _not_empty(call.params.get("RequestItems"), "RequestItems").items():
        table = _Table(call, name)
        keys = _not_empty(asked.get("Keys"), "Keys")
        context = table.context()
        context |= _leading_keys(_key_of(table.partition_keys(), {"Key": key}) for key in keys)
        context |= _attributes([asked, *({"Key": key} for key in keys)])
        context |= _consumed_capacity(call.params)
        context["dynamodb:Select"] = _select(asked)
        needed.append(Requirement("dynamodb:BatchGetItem", table.arn, context=context))
    return needed


def _batch_write(call: Call) -> list[Requirement]:
    """Once per table, with the keys of all items put and deleted."""
    needed = []
    for name, requests in _not_empty(call.params.get("RequestItems"), "RequestItems").items():
        table = _Table(call, name)
        parts = [
            part
            for request in _not_empty(requests, "RequestItems")
            for part in _not_empty(request, "WriteRequest").values()
        ]
        context = table.context()
        context |= _leading_keys(_key_of(table.partition_keys(), part) for part in parts)
        context |= _attributes(parts)
        context |= _consumed_capacity(call.params)
        needed.append(Requirement("dynamodb:BatchWriteItem", table.arn, context=context))
    return needed


def _transaction(call: Call) -> list[Requirement]:
    """A transaction has no action of its own: each item needs the action of its kind."""
    needed = []
    for item in _not_empty(call.params.get("TransactItems"), "TransactItems"):
        for kind, part in _not_empty(item, "TransactItems").items():
            if kind == "Get" and "ProjectionExpression" in part:
                raise _not_offered("ProjectionExpression in TransactGetItems")
            one = _item_requirement(call, _TRANSACTION_ACTIONS[kind], part)
            context = {**one.context, "dynamodb:EnclosingOperation": call.operation}
            needed.append(Requirement(one.action, one.resource, context=context))
    return needed


def _not_empty(value: Any, name: str) -> Any:
    """A collection with something in it; nothing asked for is nothing that can be allowed."""
    if not value:
        text = f"1 validation error detected: Value at '{name[:1].lower()}{name[1:]}' failed to "
        raise _invalid(f"{text}satisfy constraint: Member must have length greater than 0")
    return value


# Tables


class _Table:
    """The table a parameter names, or an index of it: by name, or by ARN."""

    def __init__(self, call: Call, given: str, index: str = "") -> None:
        self.call = call
        self.index = index
        home = f"arn:aws:dynamodb:{call.region}:{call.account}:table/"
        self.table_arn = given if given.startswith("arn:") else home + given
        self.name = self.table_arn.removeprefix(home)
        if general.account_in(self.table_arn) not in ("", call.account):
            self.name = ""  # Another account's: nothing is known of it, and nobody may use it.
        elif ":" in self.name or "/" in self.name or not self.name:
            # Another region's table, or no table at all: moto could not find it.
            text = f"Requested resource not found: Table: {given} not found"
            raise AwsError("ResourceNotFoundException", text)
        self.arn = f"{self.table_arn}/index/{index}" if index else self.table_arn

    def partition_keys(self) -> list[str]:
        """Names of the partition key attributes of what is read."""
        return facts.partition_keys(self.call.account, self.call.region, self.name, self.index)

    def context(self) -> Context:
        """The region, and the tags of the table."""
        tags = facts.resource_tags("dynamodb", self.call.account, self.call.region, self.table_arn)
        context: Context = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
        return context | {"aws:RequestedRegion": self.call.region}


# LeadingKeys


def _key_of(names: list[str], params: Params) -> list[str]:
    """The partition key values of an item: of its Key, or of the whole Item.

    AwsError if one is missing: a request without a key would satisfy every `ForAllValues`.
    """
    if "Item" in params:
        for name in names:
            if name not in params["Item"]:
                text = "One or more parameter values were invalid: Missing the key "
                raise _invalid(f"{text}{name} in the item")
        return [_key_text(params["Item"][name]) for name in names]
    for name in names:
        if name not in params["Key"]:
            raise _invalid("The provided key element does not match the schema")
    return [_key_text(params["Key"][name]) for name in names]


def _key_of_query(names: list[str], params: Params) -> list[str]:
    """The partition key values that a query asks for equality with."""
    expression = params.get("KeyConditionExpression")
    if expression is not None:
        conditions = expressions.key_conditions(expression, Placeholders.of(params))
        equal = {c.name: c.values[0] for c in conditions if c.operator == "="}
    else:
        legacy = params.get("KeyConditions")
        if not legacy:
            text = "Either the KeyConditions or KeyConditionExpression parameter must be "
            raise _invalid(f"{text}specified in the request.")
        equal = {
            name: condition["AttributeValueList"][0]
            for name, condition in legacy.items()
            if condition["ComparisonOperator"] == "EQ"
            and len(condition.get("AttributeValueList") or ()) == 1
        }
    for name in names:
        if name not in equal:
            raise _invalid(f"Query condition missed key schema element: {name}")
    return [_key_text(equal[name]) for name in names]


def _leading_keys(keys: Iterable[list[str]]) -> Context:
    """LeadingKeys of several items, and the same under its newer names, one per key attribute."""
    columns = list(zip(*keys, strict=True))
    if not columns:
        return {}
    context: Context = {"dynamodb:LeadingKeys": list(dict.fromkeys(columns[0]))}
    for ordinal, column in zip(_ORDINALS, columns, strict=False):
        context[f"dynamodb:{ordinal}PartitionKeyValues"] = list(dict.fromkeys(column))
    return context


def _key_text(value: Mapping[str, Any]) -> str:
    """A key value as a policy compares it: a number in its shortest form, binary in base64."""
    if "S" in value:
        return str(value["S"])
    if "N" in value:
        return _number_text(str(value["N"]))
    if "B" in value:
        held = value["B"]
        return base64.b64encode(held).decode() if isinstance(held, bytes) else str(held)
    raise _invalid("The provided key element does not match the schema")


def _number_text(written: str) -> str:
    """`1.0` and `1` are the same key, so they must be the same text to a policy."""
    try:
        number = Decimal(written)
    except InvalidOperation as garbled:
        raise _not_a_number(written) from garbled
    if not number.is_finite() or not -130 <= number.adjusted() <= 125:
        raise _not_a_number(written)
    return "0" if number == 0 else f"{number.normalize():f}"


def _not_a_number(written: str) -> AwsError:
    text = "A value provided cannot be converted into a number"
    return _invalid(f"The parameter cannot be converted to a numeric value: {written}. {text}")


# Attributes

_NAMED_BY = (
    "Key",
    "Item",
    "AttributesToGet",
    "AttributeUpdates",
    "Expected",
    "ScanFilter",
    "QueryFilter",
    "KeyConditions",
    "ExclusiveStartKey",
)
_EXPRESSIONS: tuple[tuple[str, Callable[[str, Placeholders], list[str]]], ...] = (
    ("ProjectionExpression", expressions.projected),
    ("KeyConditionExpression", expressions.conditioned),
    ("FilterExpression", expressions.conditioned),
    ("ConditionExpression", expressions.conditioned),
    ("UpdateExpression", expressions.updated),
)


def _attributes(parts: Iterable[Params]) -> Context:
    """The top-level attributes that requests name in any of their parameters."""
    names = dict.fromkeys(name for part in parts for name in _attribute_names(part))
    return {"dynamodb:Attributes": list(names)} if names else {}


def _attribute_names(params: Params) -> Iterator[str]:
    for parameter in _NAMED_BY:
        yield from params.get(parameter) or ()
    placeholders = Placeholders.of(params)
    for parameter, names_in in _EXPRESSIONS:
        expression = params.get(parameter)
        if expression is not None:
            yield from names_in(expression, placeholders)


# Select, ReturnValues, ReturnConsumedCapacity: present even when the request leaves the default


def _select(params: Params) -> str:
    """The Select parameter, or what DynamoDB takes for it.

    AwsError for SPECIFIC_ATTRIBUTES that are not specified.
    """
    is_projected = bool(params.get("ProjectionExpression") or params.get("AttributesToGet"))
    default = "ALL_PROJECTED_ATTRIBUTES" if params.get("IndexName") else "ALL_ATTRIBUTES"
    chosen = params.get("Select") or ("SPECIFIC_ATTRIBUTES" if is_projected else default)
    if chosen == "SPECIFIC_ATTRIBUTES" and not is_projected:
        text = "One or more parameter values were invalid: Must specify the AttributesToGet or "
        raise _invalid(f"{text}ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
    return str(chosen)


def _return_values(params: Params) -> str:
    """What the write gives back.

    Unsettled: how a policy sees ReturnValuesOnConditionCheckFailure, which gives back the old
    item when a condition fails. Taken as ReturnValues, so that it cannot get round a policy.
    """
    on_failure = params.get("ReturnValuesOnConditionCheckFailure", "NONE")
    chosen = params.get("ReturnValues", "NONE")
    return str(chosen if chosen != "NONE" else on_failure)


def _consumed_capacity(params: Params) -> Context:
    return {"dynamodb:ReturnConsumedCapacity": params.get("ReturnConsumedCapacity", "NONE")}


def _refuse_attributes_to_get(call: Call) -> None:
    """moto gives back the whole item for this legacy parameter, whatever was authorized."""
    if "AttributesToGet" in call.params:
        raise _not_offered("AttributesToGet: use ProjectionExpression")


# Everything that is not about items


def _control(call: Call) -> list[Requirement]:
    """Tables, backups, exports, global tables: the action is named like the operation."""
    context = general.request_context(call)
    found = [arn for arn in _resources(call) if arn]
    own = [
        Requirement(f"dynamodb:{call.operation}", arn, context={**context, **_tags(call, arn)})
        for arn in dict.fromkeys(found or ["*"])
    ]
    extra = [
        Requirement(action, own[0].resource, context=context)
        for parameter, action in _CREATE_TABLE_EXTRAS
        if call.operation == "CreateTable" and call.params.get(parameter)
    ]
    return own + extra


_CREATE_TABLE_EXTRAS = (
    ("Tags", "dynamodb:TagResource"),
    ("ResourcePolicy", "dynamodb:PutResourcePolicy"),
)


def _resources(call: Call) -> Iterator[str]:
    """The ARNs that the parameters of a control operation name."""
    params = call.params
    for parameter in ("ResourceArn", "BackupArn", "ExportArn", "ImportArn"):
        yield params.get(parameter, "")
    index = params.get("IndexName", "") if "index" in _resource_kinds(call.operation) else ""
    creation = params.get("TableCreationParameters") or {}
    tables = [params.get(name) for name in ("TableName", "TableArn", "SourceTableName")]
    tables += [params.get(name) for name in ("SourceTableArn", "TargetTableName")]
    for name in [*tables, creation.get("TableName")]:
        if name:
            yield _Table(call, name, index).arn
    if params.get("GlobalTableName"):
        name = params["GlobalTableName"]
        yield f"arn:aws:dynamodb::{call.account}:global-table/{name}"
        if "table" in _resource_kinds(call.operation):
            yield _Table(call, name).arn


@cache
def _resource_kinds(operation: str) -> frozenset[str]:
    kinds = reference.resource_types(f"dynamodb:{operation}")
    return frozenset(kind.name for kind in kinds)


def _tags(call: Call, arn: str) -> Context:
    tags = facts.resource_tags("dynamodb", call.account, call.region, arn)
    return {f"aws:ResourceTag/{key}": value for key, value in tags.items()}


def _partiql(call: Call) -> list[Requirement]:
    """PartiQL is refused: a statement that is not parsed cannot be authorized.

    An action for it that "nobody has" does not exist, since `dynamodb:*` has them all, and a
    policy that denies one table would not match a statement whose table is unknown.
    """
    raise _not_offered(f"PartiQL ({call.operation})")


_OPERATIONS: Mapping[str, Callable[[Call], list[Requirement]]] = MappingProxyType(
    {
        "BatchExecuteStatement": _partiql,
        "BatchGetItem": _batch_get,
        "BatchWriteItem": _batch_write,
        "DeleteItem": _item,
        "ExecuteStatement": _partiql,
        "ExecuteTransaction": _partiql,
        "GetItem": _item,
        "PutItem": _item,
        "Query": _query,
        "Scan": _scan,
        "TransactGetItems": _transaction,
        "TransactWriteItems": _transaction,
        "UpdateItem": _item,
    }
)


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)


def _not_offered(what: str) -> AwsError:
    return _invalid(f"The offline cloud does not offer {what}.")
