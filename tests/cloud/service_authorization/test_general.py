"""The general rule: same name, the resource that the parameters name, and roles that are passed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpers.cloud.service_authorization import requirements

HOME = "us-east-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role/app"
POOL = {"UserPoolId": "us-east-1_abc"}
POOL_ARN = f"arn:aws:cognito-idp:{HOME}:userpool/us-east-1_abc"
IDENTITY_POOL = "us-east-1:00000000-0000-0000-0000-000000000000"
IDENTITY_POOL_ARN = f"arn:aws:cognito-identity:{HOME}:identitypool/{IDENTITY_POOL}"
FUNCTION = f"arn:aws:lambda:{HOME}:function:f"
IAM = "arn:aws:iam::123456789012"
INSTANCE = "arn:aws:sso:::instance/ssoins-1"
PERMISSION_SET = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"


@pytest.mark.parametrize(
    ("service", "operation", "params", "action", "resources"),
    [
        ("cognito-idp", "AdminGetUser", POOL, "cognito-idp:AdminGetUser", [POOL_ARN]),
        ("cognito-idp", "ListUserPools", {}, "cognito-idp:ListUserPools", ["*"]),
        ("cognito-idp", "CreateUserPool", {}, "cognito-idp:CreateUserPool", ["*"]),
        (
            "cognito-idp",
            "TagResource",
            {"ResourceArn": POOL_ARN},
            "cognito-idp:TagResource",
            [POOL_ARN],
        ),
        (
            "cognito-identity",
            "GetIdentityPoolRoles",
            {"IdentityPoolId": IDENTITY_POOL},
            "cognito-identity:GetIdentityPoolRoles",
            [IDENTITY_POOL_ARN],
        ),
        ("lambda", "Invoke", {"FunctionName": "f"}, "lambda:InvokeFunction", [FUNCTION]),
        ("lambda", "Invoke", {"FunctionName": FUNCTION}, "lambda:InvokeFunction", [FUNCTION]),
        (
            "lambda",
            "Invoke",
            {"FunctionName": "123456789012:function:f", "Qualifier": "live"},
            "lambda:InvokeFunction",
            [f"{FUNCTION}:live"],
        ),
        ("lambda", "ListFunctions", {}, "lambda:ListFunctions", ["*"]),
        (
            "iam",
            "CreateUser",
            {"UserName": "u", "Path": "/a/"},
            "iam:CreateUser",
            [f"{IAM}:user/a/u"],
        ),
        (
            "iam",
            "DeletePolicy",
            {"PolicyArn": f"{IAM}:policy/p"},
            "iam:DeletePolicy",
            [f"{IAM}:policy/p"],
        ),
        ("iam", "ListRoles", {}, "iam:ListRoles", ["*"]),
        ("iam", "ListAccessKeys", {}, "iam:ListAccessKeys", [f"{IAM}:user/alice"]),
        (
            "sso-admin",
            "CreateAccountAssignment",
            {
                "InstanceArn": INSTANCE,
                "PermissionSetArn": PERMISSION_SET,
                "TargetId": "111111111111",
            },
            "sso:CreateAccountAssignment",
            ["arn:aws:sso:::account/111111111111", INSTANCE, PERMISSION_SET],
        ),
        (
            "sts",
            "GetFederationToken",
            {"Name": "bob"},
            "sts:GetFederationToken",
            ["arn:aws:sts::123456789012:federated-user/bob"],
        ),
        (
            "apigateway",
            "CreateRestApi",
            {"name": "x"},
            "apigateway:POST",
            ["arn:aws:apigateway:us-east-1::/restapis"],
        ),
        (
            "apigateway",
            "PutMethod",
            {"restApiId": "a", "resourceId": "../b", "httpMethod": "GET"},
            "apigateway:PUT",
            ["arn:aws:apigateway:us-east-1::/restapis/a/resources/..%2Fb/methods/GET"],
        ),
        ("cloudwatch", "ListMetrics", {}, "cloudwatch:ListMetrics", ["*"]),
    ],
)
def test_action_and_resources(
    call: Callable,
    service: str,
    operation: str,
    params: dict[str, Any],
    action: str,
    resources: list[str],
) -> None:
    needed = requirements(call(service, operation, **params))
    assert {r.action for r in needed} == {action}
    assert [r.resource for r in needed] == resources


def test_what_is_not_named_stands_for_all_of_its_kind(call: Callable) -> None:
    needed = requirements(call("cognito-idp", "AdminGetUser", Username="alice"))
    assert [r.resource for r in needed] == [f"arn:aws:cognito-idp:{HOME}:userpool/*"]


def test_a_value_is_not_read_as_part_of_the_template(call: Callable) -> None:
    needed = requirements(call("cognito-idp", "AdminGetUser", UserPoolId="${Account}"))
    assert [r.resource for r in needed] == [f"arn:aws:cognito-idp:{HOME}:userpool/${{Account}}"]


def test_a_resource_of_another_account_says_so(call: Callable) -> None:
    foreign = "arn:aws:lambda:us-east-1:999999999999:function:f"
    (needed,) = requirements(call("lambda", "Invoke", FunctionName=foreign))
    assert (needed.resource, needed.resource_account) == (foreign, "999999999999")


def test_the_region_asked_is_known(call: Callable) -> None:
    (regional,) = requirements(call("cognito-idp", "ListUserPools"))
    assert regional.context["aws:RequestedRegion"] == "us-east-1"
    elsewhere = call("iam", "ListRoles")
    elsewhere.region = "eu-west-1"
    assert requirements(elsewhere)[0].context["aws:RequestedRegion"] == "us-east-1"


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("cognito-idp", "CreateUserPool", {"UserPoolTags": {"team": "blue"}}),
        ("cognito-identity", "CreateIdentityPool", {"IdentityPoolTags": {"team": "blue"}}),
        ("iam", "CreateRole", {"RoleName": "r", "Tags": [{"Key": "team", "Value": "blue"}]}),
        ("apigateway", "CreateRestApi", {"tags": {"team": "blue"}}),
    ],
)
def test_tags_that_are_sent(
    call: Callable, service: str, operation: str, params: dict[str, Any]
) -> None:
    context = requirements(call(service, operation, **params))[0].context
    assert context["aws:RequestTag/team"] == "blue"
    assert context["aws:TagKeys"] == ["team"]


def test_tags_that_are_taken_away(call: Callable) -> None:
    sent = call("cognito-idp", "UntagResource", ResourceArn=POOL_ARN, TagKeys=["team"])
    assert requirements(sent)[0].context["aws:TagKeys"] == ["team"]


@pytest.mark.parametrize(
    ("service", "operation", "params", "receiver"),
    [
        ("lambda", "CreateFunction", {"FunctionName": "f", "Role": ROLE}, "lambda.amazonaws.com"),
        (
            "cognito-identity",
            "SetIdentityPoolRoles",
            {"IdentityPoolId": IDENTITY_POOL, "Roles": {"authenticated": ROLE}},
            "cognito-identity.amazonaws.com",
        ),
        ("cognito-idp", "CreateGroup", {**POOL, "GroupName": "g", "RoleArn": ROLE}, None),
        ("apigateway", "PutIntegration", {"credentials": ROLE}, "apigateway.amazonaws.com"),
    ],
)
def test_handing_a_role_to_a_service(
    call: Callable, service: str, operation: str, params: dict[str, Any], receiver: str | None
) -> None:
    passing = requirements(call(service, operation, **params))[-1]
    assert (passing.action, passing.resource) == ("iam:PassRole", ROLE)
    assert passing.context.get("iam:PassedToService") == receiver


def test_roles_that_rules_choose_are_passed_too(call: Callable) -> None:
    rules = {"Rules": [{"Claim": "c", "MatchType": "Equals", "Value": "v", "RoleARN": ROLE + "2"}]}
    sent = call(
        "cognito-identity",
        "SetIdentityPoolRoles",
        IdentityPoolId=IDENTITY_POOL,
        Roles={"authenticated": ROLE, "unauthenticated": ROLE},
        RoleMappings={"provider": {"Type": "Rules", "RulesConfiguration": rules}},
    )
    passed = [r.resource for r in requirements(sent) if r.action == "iam:PassRole"]
    assert passed == [ROLE, ROLE + "2"]
