"""HTTP on one side, (service, operation, parameters) on the other.

The meaning of every request and answer comes from botocore's service models; moto's router,
parser and serializer do the translation, so that no protocol is described a second time here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from botocore.exceptions import UnknownServiceError
from botocore.validate import ParamValidator
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from helpers.cloud.errors import AwsError
from helpers.cloud.ids import Ids

# Signing names that differ from the name of botocore's service model.
_SERVICE_OF_SIGNING_NAME = {
    "sso": "sso-admin",
    "awsssoportal": "sso",
    "sso-oauth": "sso-oidc",
    "monitoring": "cloudwatch",
    "email": "ses",
    "states": "stepfunctions",
}
_SERVICE_OF_TARGET = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "AWSCognitoIdentityService": "cognito-identity",
    "DynamoDB_20120810": "dynamodb",
    "SWBExternalService": "sso-admin",
    "AWSIdentityStore": "identitystore",
    "TrentService": "kms",
    "secretsmanager": "secretsmanager",
    "Logs_20140328": "logs",
}
_SERVICE_OF_QUERY_VERSION = {"2011-06-15": "sts", "2010-05-08": "iam"}
_HOST = re.compile(r"^(?:(?P<rest>.+)\.)?(?P<service>[a-z0-9-]+)\.(?P<region>[a-z]{2}-[a-z]+-\d)$")
_CREDENTIAL = re.compile(r"Credential=([^/,\s]*)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request")
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True)
class Response:
    """An HTTP answer: status, headers and body bytes."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Target:
    """The operation a request is for. `operation` is its model in botocore's words."""

    service: str
    region: str
    operation: OperationModel
    uri_params: Mapping[str, Any]


def find_service(request: Request) -> tuple[str, str]:
    """Which service and region a request is for: (service, region).

    The signature's credential scope says it; an unsigned request says it by its target header,
    its query version or its host. What is left is S3, the only service addressed by path alone.
    """
    scope = credential_scope(request)
    host_service, host_region = _from_host(request.host.split(":")[0])
    region = (scope and scope[2]) or host_region or DEFAULT_REGION
    target = request.headers.get("X-Amz-Target", "").split(".")[0]
    if target in _SERVICE_OF_TARGET:
        return _SERVICE_OF_TARGET[target], region
    if scope:
        return _SERVICE_OF_SIGNING_NAME.get(scope[3], scope[3]), region
    if host_service:
        return host_service, region
    if request.mimetype == "application/x-www-form-urlencoded":
        version = request.values.get("Version", "")
        return _SERVICE_OF_QUERY_VERSION.get(version, "sts"), region
    return "s3", region


def credential_scope(request: Request) -> tuple[str, str, str, str] | None:
    """(access key id, date, region, signing name) of a signed request, None if unsigned."""
    header = request.headers.get("Authorization", "")
    if header.startswith("AWS4-HMAC-SHA256"):
        match = _CREDENTIAL.search(header)
        return match.groups() if match else None  # type: ignore[return-value]
    parts = request.args.get("X-Amz-Credential", "").split("/")
    return (parts[0], parts[1], parts[2], parts[3]) if len(parts) == 5 else None


def _from_host(host: str) -> tuple[str, str]:
    """(service, region) of an AWS host name, empty where it does not say."""
    name = host.removesuffix(".amazonaws.com")
    if name == host:
        return "", ""
    match = _HOST.match(name)
    if match:
        return match["service"], match["region"]
    return name.split(".")[-1], ""


def find_operation(service: str, region: str, request: Request) -> Target:
    """Match a request with an operation of the service.

    AwsError UnknownOperationException when the service has no such operation.
    """
    try:
        operation, uri_params = get_service_router(service).match(request)
    except (HTTPException, UnknownServiceError, NotImplementedError, KeyError) as unmatched:
        raise _no_such_operation(service, request) from unmatched
    return Target(service, region, operation, uri_params)


def _no_such_operation(service: str, request: Request) -> AwsError:
    if service == "s3":
        text = "The specified method is not allowed against this resource."
        return AwsError("MethodNotAllowed", text, 405)
    if _protocol(service) == "query":
        name, version = (request.values.get(k, "")[:128] for k in ("Action", "Version"))
        text = f"Could not find operation {name} for version {version}"
        return AwsError("InvalidAction", text)
    return AwsError("UnknownOperationException", "The requested operation is not recognized.", 400)


def parse(target: Target, request: Request) -> dict[str, Any]:
    """The request's parameters as a boto3 caller passes them, checked against the model.

    AwsError ValidationException, InvalidParameterException or SerializationException when they
    do not fit: the code that the service itself uses.
    """
    operation = target.operation
    protocol = determine_request_protocol(operation.service_model, request.content_type)
    try:
        parsed = PROTOCOL_PARSERS[protocol](operation).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.get_data(),
                "url_path": request.path,
                "url_params": target.uri_params,
            }
        )
    except (RequestParserError, ValueError, TypeError, KeyError, AttributeError) as garbled:
        raise _garbled(target) from garbled
    params = parsed or {}
    _validate(target, params)
    return params


def _garbled(target: Target) -> AwsError:
    if target.service == "s3":
        text = "The XML you provided was not well-formed or did not validate against our "
        return AwsError("MalformedXML", text + "published schema")
    return AwsError("SerializationException", "Unable to parse the request")


def _validate(target: Target, params: dict[str, Any]) -> None:
    shape = target.operation.input_shape
    if shape is None:
        return
    report = ParamValidator().validate(params, shape)
    problem = report.generate_report() if report.has_errors() else _constraint(shape, params)
    if problem:
        code = _VALIDATION_CODE.get(target.service, "ValidationException")
        raise AwsError(code, problem)


_VALIDATION_CODE = {
    "cognito-idp": "InvalidParameterException",
    "s3": "InvalidArgument",
    "iam": "ValidationError",
    "sts": "ValidationError",
    "lambda": "InvalidParameterValueException",
    "apigateway": "BadRequestException",
}


def _constraint(shape: Any, params: dict[str, Any]) -> str:
    """AWS's sentence about the first top-level strings that break the model's constraints."""
    found = []
    for name, member in shape.members.items():
        value = params.get(name)
        if isinstance(value, str) and member.type_name == "string":
            found += [_sentence(name, value, member, rule) for rule in _broken(member, value)]
    if not found:
        return ""
    plural = "error" if len(found) == 1 else "errors"
    return f"{len(found)} validation {plural} detected: " + "; ".join(found)


def _broken(member: Any, value: str) -> list[str]:
    """Which constraints of the model a string value breaks, in AWS's words."""
    low, high = member.metadata.get("min"), member.metadata.get("max")
    pattern, enum = member.metadata.get("pattern"), member.metadata.get("enum")
    rules = []
    if low is not None and len(value) < low:
        rules.append(f"Member must have length greater than or equal to {low}")
    if high is not None and len(value) > high:
        rules.append(f"Member must have length less than or equal to {high}")
    if enum and value not in enum:
        rules.append(f"Member must satisfy enum value set: [{', '.join(enum)}]")
    if pattern and not _fits(pattern, value):
        rules.append(f"Member must satisfy regular expression pattern: {pattern}")
    return rules


def _sentence(name: str, value: str, member: Any, rule: str) -> str:
    shown = "" if member.metadata.get("sensitive") else f"'{value[:256]}' "
    start = name[:1].lower() + name[1:]
    return f"Value {shown}at '{start}' failed to satisfy constraint: {rule}"


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The model's pattern, which is written for Java, as far as Python can read it."""
    python = re.sub(r"\\p\{[A-Z][a-z]?\}", r"\\S", pattern)
    try:
        return re.compile(python, re.DOTALL)
    except re.error:
        return None


def _fits(pattern: str, value: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(value) is not None


def answer(target: Target, result: Mapping[str, Any], request: Request, ids: Ids) -> Response:
    """Write an operation's result as the service writes it."""
    operation = target.operation
    protocol = determine_request_protocol(operation.service_model, request.content_type)
    serializer = get_serializer_class(target.service, protocol)
    context = SerializationContext(request_id=ids.uuid())
    written = serializer(operation, context).serialize(result)
    headers = {str(k): str(v) for k, v in written["headers"].items()}
    headers["x-amzn-RequestId"] = context.request_id
    return Response(written["status_code"], headers, _as_bytes(written["body"]))


def refuse(service: str, error: AwsError, request: Request, ids: Ids) -> Response:
    """Write an error as the service writes it. Never a page, never a traceback."""
    request_id = ids.uuid()
    headers = {"x-amzn-RequestId": request_id, "x-amz-request-id": request_id}
    protocol = _protocol(service)
    if protocol == "rest-xml":
        return _refuse_s3(error, request, headers)
    if protocol == "query":
        return _refuse_query(service, error, headers, request_id)
    return _refuse_json(service, error, headers)


def _protocol(service: str) -> str:
    try:
        return str(get_service_model(service).protocol)
    except (UnknownServiceError, OSError):
        return "json"


def _refuse_s3(error: AwsError, request: Request, headers: dict[str, str]) -> Response:
    headers["Content-Type"] = "application/xml"
    if request.method == "HEAD":
        return Response(error.status, headers, b"")
    extra = "".join(f"<{k}>{escape(str(v))}</{k}>" for k, v in error.fields.items())
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{error.code}</Code><Message>{escape(_xml_safe(error.message))}</Message>"
        f"{_xml_safe(extra)}<RequestId>{headers['x-amz-request-id']}</RequestId></Error>"
    )
    return Response(error.status, headers, body.encode())


def _refuse_query(
    service: str, error: AwsError, headers: dict[str, str], request_id: str
) -> Response:
    headers["Content-Type"] = "text/xml"
    namespace = get_service_model(service).metadata.get("xmlNamespace", "")
    body = (
        f'<ErrorResponse xmlns="{namespace}"><Error><Type>Sender</Type><Code>{error.code}</Code>'
        f"<Message>{escape(_xml_safe(error.message))}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return Response(error.status, headers, body.encode())


def _refuse_json(service: str, error: AwsError, headers: dict[str, str]) -> Response:
    type_name, message_key = error.code, "message"
    version = "1.1"
    if service == "dynamodb":
        version = "1.0"
        family = (
            "com.amazonaws.dynamodb.v20120810"
            if error.code not in _CORAL_ERRORS
            else "com.amazon.coral.service"
        )
        type_name = f"{family}#{error.code}"
        message_key = "Message" if error.code == "AccessDeniedException" else "message"
    rest = _protocol(service) == "rest-json"
    headers["Content-Type"] = "application/json" if rest else f"application/x-amz-json-{version}"
    headers["x-amzn-ErrorType"] = error.code
    body = {"__type": type_name, message_key: error.message, **error.fields}
    return Response(error.status, headers, json.dumps(body, default=str).encode())


_CORAL_ERRORS = frozenset(
    {
        "AccessDeniedException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "ExpiredTokenException",
        "MissingAuthenticationTokenException",
        "IncompleteSignatureException",
        "SerializationException",
        "UnknownOperationException",
        "ValidationException",
    }
)


def _xml_safe(text: str) -> str:
    """Text without the characters that XML 1.0 cannot hold."""
    return re.sub(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]", "\ufffd", text)


def _as_bytes(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body
