"""The general rule: an operation is guarded by the action of the same name.

The resource is what the parameters name, read with the ARN templates of the Service Authorization
Reference: `UserPoolId` fills `arn:aws:cognito-idp:REGION:ACCOUNT:userpool/${UserPoolId}`. An
action on several required kinds of resource must be allowed on each of them. Where the parameters
do not name one, its ARN ends in "*", which only a statement on all resources of that kind allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from botocore.exceptions import UnknownServiceError
from moto.core.utils import get_service_model

from helpers.cloud.service_authorization import facts, iam_names, reference
from helpers.cloud.service_authorization.reference import ResourceType
from helpers.cloud.service_authorization.requirement import ContextValue, Requirement

if TYPE_CHECKING:
    from helpers.cloud.call import Call

Context = dict[str, ContextValue]

# Services whose actions begin otherwise than their signing name.
_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "cloudwatch": "cloudwatch",
        "resourcegroupstaggingapi": "tag",
        "sso": "sso",
        "sso-oidc": "sso-oauth",
    }
)
# Operations whose action is named otherwise: several per service share one action.
_ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "kms:ReEncrypt": "kms:ReEncryptFrom",
        "lambda:GetLayerVersionByArn": "lambda:GetLayerVersion",
        "lambda:Invoke": "lambda:InvokeFunction",
        "lambda:InvokeWithResponseStream": "lambda:InvokeFunction",
        "sns:PublishBatch": "sns:Publish",
        "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
        "sqs:SendMessageBatch": "sqs:SendMessage",
    }
)
# Services with one endpoint for all regions: for policies it stands in us-east-1.
_GLOBAL_SERVICES = frozenset({"cloudfront", "iam", "organizations", "route53"})


def requirements(call: Call) -> list[Requirement]:
    """What a call of any service must be allowed. Never empty."""
    action = action_of(call.service, call.operation)
    context = request_context(call)
    needed = []
    for resource in _resources(call, action):
        tags = _resource_tags(call, resource)
        own = iam_names.context(call, resource) if call.service == "iam" else {}
        whole = {**context, **tags, **own}
        needed.append(Requirement(action, resource, account_in(resource), whole))
    return [*needed, *passed_roles(call)]


@cache
def action_of(service: str, operation: str) -> str:
    """The action that guards an operation: "lambda:InvokeFunction" for lambda's Invoke."""
    action = f"{_prefix(service)}:{operation}"
    return _ACTIONS.get(action, action)


@cache
def _prefix(service: str) -> str:
    """What a service's actions begin with: its signing name, as a rule."""
    if service in _PREFIXES:
        return _PREFIXES[service]
    try:
        signing_name = get_service_model(service).signing_name
    except UnknownServiceError:
        return service
    return signing_name if signing_name in reference.services() else service


# Resources


def _resources(call: Call, action: str) -> list[str]:
    """The ARNs a call is about; "*" where its action knows no resource."""
    if call.service == "iam":
        return iam_names.resources(call)
    kinds = reference.resource_types(action)
    prefix, named_by = _NAMED_OTHERWISE.get(call.service, ("", None))
    if named_by and any(kind.name.startswith(prefix) for kind in kinds):
        named = named_by(call)
        if named:
            return named
    arns = [_arn(call, kind) or (_any_of(call, kind) if kind.required else "") for kind in kinds]
    return list(dict.fromkeys(arn for arn in arns if arn)) or ["*"]


def _arn(call: Call, kind: ResourceType) -> str:
    """The ARN of this kind that the parameters name, "" if they do not."""
    for value in call.params.values():
        if isinstance(value, str) and value.startswith("arn:") and kind.fits(value):
            return value
    named = [_named(call.params, name) for name in kind.placeholders]
    return _any_of(call, kind) if all(named) else ""


def _any_of(call: Call, kind: ResourceType) -> str:
    """The ARN of this kind as far as the parameters tell, "*" standing for what they do not."""
    home = (("Partition", "aws"), ("Region", call.region), ("Account", call.account))
    named = ((name, _named(call.params, name) or "*") for name in kind.placeholders)
    return kind.filled(dict([*home, *named]))


def account_in(arn: str) -> str:
    """The account an ARN names, "" if it names none."""
    account = [*arn.split(":", 5), "", "", "", ""][4]
    return account if len(account) == 12 and account.isdecimal() else ""


# Names that differ between the reference and the parameters of a service.
_OTHER_NAMES: Mapping[str, str] = MappingProxyType({"accountid": "targetid"})


def _named(params: Mapping[str, Any], name: str) -> str:
    """The value of the parameter of that name, whatever its case; an ARN is not a name."""
    wanted = (name.lower(), _OTHER_NAMES.get(name.lower()))
    for parameter, value in params.items():
        is_name = isinstance(value, str | int) and not str(value).startswith("arn:")
        if is_name and parameter.lower() in wanted:
            return str(value)
    return ""


def _function(call: Call) -> list[str]:
    """A Lambda function by name, partial ARN or ARN, with the qualifier the call asks for."""
    given = call.params.get("FunctionName", "")
    if not isinstance(given, str) or not given:
        return []
    if given.startswith("arn:"):
        arn = given
    else:
        account, found, name = given.partition(":function:")
        owner, rest = (account, name) if found else (call.account, given)
        arn = f"arn:aws:lambda:{call.region}:{owner}:function:{rest}"
    qualifier = call.params.get("Qualifier", "")
    is_qualified = arn.count(":") > 6
    return [f"{arn}:{qualifier}" if qualifier and not is_qualified else arn]


def _queue(call: Call) -> list[str]:
    url = call.params.get("QueueUrl") or call.params.get("QueueName") or ""
    name = url.rstrip("/").rpartition("/")[2]
    return [f"arn:aws:sqs:{call.region}:{call.account}:{name}"] if name else []


def _parameter(call: Call) -> list[str]:
    names = call.params.get("Names") or [call.params.get("Name") or call.params.get("Path")]
    home = f"arn:aws:ssm:{call.region}:{call.account}:parameter"
    return [f"{home}/{name.lstrip('/')}" for name in names if name]


# Services that name a resource otherwise than by its ARN or its id: the beginning of the kind's
# name, and the reader of the parameters.
_NAMED_OTHERWISE: Mapping[str, tuple[str, Callable[[Call], list[str]]]] = MappingProxyType(
    {
        "lambda": ("function", _function),
        "sqs": ("queue", _queue),
        "ssm": ("parameter", _parameter),
    }
)


# Condition keys


def request_context(call: Call) -> Context:
    """The keys that every service supplies: the region asked, and the tags that were sent."""
    region = "us-east-1" if call.service in _GLOBAL_SERVICES else call.region
    context: Context = {"aws:RequestedRegion": region}
    sent: dict[str, str] = {}
    names: list[str] = []
    for parameter, value in call.params.items():
        # An identity pool's PrincipalTags are tags of sessions to come, not of a resource.
        if parameter.endswith(("Tags", "tags")) and parameter != "PrincipalTags":
            sent |= _sent_tags(value)
        elif parameter.lower() == "tagkeys" and isinstance(value, list):
            names += value
    context |= {f"aws:RequestTag/{key}": value for key, value in sent.items()}
    if sent or names:
        context["aws:TagKeys"] = [*sent, *names]
    return context


def _sent_tags(value: Any) -> dict[str, str]:
    """Tags in either of AWS's two forms: a mapping, or a list of Key and Value."""
    if isinstance(value, Mapping):
        return {str(key): str(text) for key, text in value.items()}
    pairs = value if isinstance(value, list) else ()
    return {
        str(tag["Key"]): str(tag.get("Value", ""))
        for tag in pairs
        if isinstance(tag, Mapping) and "Key" in tag
    }


def _resource_tags(call: Call, resource: str) -> Context:
    if resource == "*":
        return {}
    tags = facts.resource_tags(call.service, call.account, call.region, resource)
    return {f"aws:ResourceTag/{key}": value for key, value in tags.items()}


# Roles that a call hands to a service


def passed_roles(call: Call) -> list[Requirement]:
    """iam:PassRole for each role that the call hands to a service.

    Source: IAM User Guide, "Granting a user permissions to pass a role to an AWS service".
    """
    passing = _PASSED_ROLES.get((call.service, call.operation))
    if passing is None:
        return []
    receiver, find = passing
    context: Context = {"aws:RequestedRegion": call.region}
    if receiver:
        context["iam:PassedToService"] = receiver
    roles = dict.fromkeys(role for role in find(call.params) if role)
    return [Requirement("iam:PassRole", role, account_in(role), context) for role in roles]


def _at(*path: str) -> Callable[[Mapping[str, Any]], list[str]]:
    """A reader of the one role that stands at this path in the parameters."""

    def find(params: Mapping[str, Any]) -> list[str]:
        value: Any = params
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return [value] if isinstance(value, str) else []

    return find


def _identity_pool_roles(params: Mapping[str, Any]) -> list[str]:
    """The roles of an identity pool: the two of the pool, and those that rules choose."""
    roles = list((params.get("Roles") or {}).values())
    for mapping in (params.get("RoleMappings") or {}).values():
        rules = (mapping.get("RulesConfiguration") or {}).get("Rules") or []
        roles += [rule.get("RoleARN", "") for rule in rules]
    return roles


_LAMBDA, _COGNITO_IDP = "lambda.amazonaws.com", "cognito-idp.amazonaws.com"
_COGNITO_IDENTITY, _API_GATEWAY = "cognito-identity.amazonaws.com", "apigateway.amazonaws.com"

# (service, operation): who receives the role, and where it stands. The documents do not say who
# receives the role of a group, so that key is left out.
_PASSED_ROLES: Mapping[tuple[str, str], tuple[str, Callable[[Mapping[str, Any]], list[str]]]] = (
    MappingProxyType(
        {
            ("apigateway", "CreateAuthorizer"): (_API_GATEWAY, _at("authorizerCredentials")),
            ("apigateway", "PutIntegration"): (_API_GATEWAY, _at("credentials")),
            ("cognito-identity", "SetIdentityPoolRoles"): (_COGNITO_IDENTITY, _identity_pool_roles),
            ("cognito-idp", "CreateGroup"): ("", _at("RoleArn")),
            ("cognito-idp", "UpdateGroup"): ("", _at("RoleArn")),
            ("cognito-idp", "CreateUserImportJob"): (_COGNITO_IDP, _at("CloudWatchLogsRoleArn")),
            ("cognito-idp", "CreateUserPool"): (
                _COGNITO_IDP,
                _at("SmsConfiguration", "SnsCallerArn"),
            ),
            ("cognito-idp", "UpdateUserPool"): (
                _COGNITO_IDP,
                _at("SmsConfiguration", "SnsCallerArn"),
            ),
            ("cognito-idp", "SetUserPoolMfaConfig"): (
                _COGNITO_IDP,
                _at("SmsMfaConfiguration", "SmsConfiguration", "SnsCallerArn"),
            ),
            ("cognito-idp", "CreateUserPoolClient"): ("", _at("AnalyticsConfiguration", "RoleArn")),
            ("cognito-idp", "UpdateUserPoolClient"): ("", _at("AnalyticsConfiguration", "RoleArn")),
            ("cognito-sync", "SetIdentityPoolConfiguration"): ("", _at("PushSync", "RoleArn")),
            ("lambda", "CreateFunction"): (_LAMBDA, _at("Role")),
            ("lambda", "UpdateFunctionConfiguration"): (_LAMBDA, _at("Role")),
        }
    )
)
