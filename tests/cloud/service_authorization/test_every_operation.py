"""No operation of S3 or DynamoDB is left without an action that exists; none is left free."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import botocore.session
import pytest

from helpers.cloud.errors import AwsError
from helpers.cloud.service_authorization import is_public, reference, requirements, s3
from helpers.cloud.service_authorization.s3_one_meaning import NOT_OFFERED

MODELS = botocore.session.get_session()
# botocore knows these, the reference does not yet: the general rule guards them.
NEWER_THAN_THE_REFERENCE = {
    "CancelBulkOperation",
    "DescribeBulkOperation",
    "ListBulkOperations",
    "StartBulkPutItems",
}
PARTIQL = {"BatchExecuteStatement", "ExecuteStatement", "ExecuteTransaction"}


def operations(service: str) -> list[str]:
    return list(MODELS.get_service_model(service).operation_names)


def some_value(shape: Any, depth: int = 0) -> Any:
    """A value of a shape, with its required members and a little more."""
    if shape.type_name == "structure":
        chosen = set(shape.required_members) | (set(list(shape.members)[:1]) if depth else set())
        return {n: some_value(shape.members[n], depth + 1) for n in chosen if depth < 8}
    if shape.type_name == "list":
        return [some_value(shape.member, depth + 1)]
    if shape.type_name == "map":
        return {"name": some_value(shape.value, depth + 1)}
    samples: dict[str, Any] = {"string": "name", "boolean": True, "blob": b"", "timestamp": "2026"}
    return samples.get(shape.type_name, 1)


def sample_params(service: str, operation: str) -> dict[str, Any]:
    shape = MODELS.get_service_model(service).operation_model(operation).input_shape
    params = some_value(shape) if shape else {}
    if service == "s3":
        params |= {"CopySource": "source/key"} if "CopySource" in params else {}
    else:
        params |= {
            k: "arn:aws:dynamodb:us-east-1:123456789012:table/name"
            for k in params
            if k in ("ResourceArn", "TableArn")
        }
        if operation == "Query":
            params["KeyConditionExpression"] = "pk = :pk"
            params["ExpressionAttributeValues"] = {":pk": {"S": "x"}}
    return params


@pytest.mark.parametrize("operation", operations("s3"))
def test_every_s3_operation_needs_actions_that_exist(call: Callable, operation: str) -> None:
    needed = s3.needed(call("s3", operation, **sample_params("s3", operation)))
    assert needed
    assert all(reference.action_exists(requirement.action) for requirement in needed)


@pytest.mark.parametrize("operation", sorted(NOT_OFFERED))
def test_what_moto_takes_for_another_operation_is_refused(call: Callable, operation: str) -> None:
    with pytest.raises(AwsError, match="does not offer"):
        requirements(call("s3", operation, Bucket="b", Key="k"))


@pytest.mark.parametrize("operation", sorted(set(operations("dynamodb")) - PARTIQL))
def test_every_dynamodb_operation_needs_actions_that_exist(call: Callable, operation: str) -> None:
    needed = requirements(call("dynamodb", operation, **sample_params("dynamodb", operation)))
    assert needed
    unknown = {r.action for r in needed if not reference.action_exists(r.action)}
    assert not unknown or operation in NEWER_THAN_THE_REFERENCE


@pytest.mark.parametrize("operation", sorted(PARTIQL))
def test_partiql_is_refused_because_it_is_not_parsed(call: Callable, operation: str) -> None:
    with pytest.raises(AwsError, match="does not offer PartiQL"):
        requirements(call("dynamodb", operation, Statement="SELECT * FROM t"))


@pytest.mark.parametrize(
    "service", ["cognito-idp", "cognito-identity", "iam", "lambda", "organizations", "sns"]
)
def test_every_other_operation_needs_something(call: Callable, service: str) -> None:
    for operation in operations(service):
        assert requirements(call(service, operation, **{}))


def test_an_operation_nobody_knows_needs_its_own_action(call: Callable) -> None:
    for service in ("s3", "dynamodb", "cognito-idp", "sts", "apigateway", "no-such-service"):
        needed = requirements(call(service, "MakeCoffee"))
        assert [(r.action, r.resource) for r in needed] == [(f"{service}:MakeCoffee", "*")]


def test_only_operations_of_sts_that_decide_themselves_need_nothing(call: Callable) -> None:
    free = {o for o in operations("sts") if not requirements(call("sts", o, Name="bob"))}
    assert free == {
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "GetCallerIdentity",
        "GetSessionToken",
    }


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("cognito-idp", "AdminInitiateAuth", False),
        ("cognito-idp", "AdminGetUser", False),
        ("cognito-idp", "ListUsers", False),
        ("cognito-idp", "SignUp", True),
        ("cognito-idp", "GetUser", True),
        ("cognito-idp", "RevokeToken", True),
        ("cognito-identity", "GetOpenIdTokenForDeveloperIdentity", False),
        ("cognito-identity", "DescribeIdentity", False),
        ("cognito-identity", "GetCredentialsForIdentity", True),
        ("sts", "AssumeRole", False),
        ("sts", "GetCallerIdentity", False),
        ("sts", "AssumeRoleWithWebIdentity", True),
        ("sso", "GetRoleCredentials", True),
        ("sso-oidc", "CreateToken", True),
        ("sso-admin", "ListInstances", False),
        ("s3", "GetObject", False),
        ("no-such-service", "SignUp", False),
    ],
)
def test_which_operations_need_no_signature(service: str, operation: str, expected: bool) -> None:
    assert is_public(service, operation) is expected
