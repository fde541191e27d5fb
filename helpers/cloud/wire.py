"""HTTP on one side, (service, operation, parameters) on the other.

The meaning of every request and answer comes from botocore's service models; moto's router,
parser and serializer do the translation, so that no protocol is described a second time here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import SerializationContext, get_serializer_class
from werkzeug.exceptions import HTTPException

from helpers.cloud import validation
from helpers.cloud.errors import AwsError
from helpers.cloud.ids import Ids
from helpers.cloud.refusals import protocol_of
from helpers.cloud.response import Response

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
    "AWSOrganizationsV20161128": "organizations",
    "SWBExternalService": "sso-admin",
    "AWSIdentityStore": "identitystore",
    "TrentService": "kms",
    "secretsmanager": "secretsmanager",
    "Logs_20140328": "logs",
}
# Endpoints that are named otherwise than their service.
_SERVICE_OF_HOST = {"oidc": "sso-oidc"}
# Unsigned calls of IAM Identity Center to an address that names no service: a program that signs
# in, and a program that has (its token is in the header).
_SSO_TOKEN = "x-amz-sso_bearer_token"
_SSO_OIDC_PATHS = frozenset({"/client/register", "/device_authorization", "/token"})
_SERVICE_OF_QUERY_VERSION = {"2011-06-15": "sts", "2010-05-08": "iam", "2016-11-15": "ec2"}
_HOST = re.compile(r"^(?:(?P<rest>.+)\.)?(?P<service>[a-z0-9-]+)\.(?P<region>[a-z]{2}-[a-z]+-\d)$")
_CREDENTIAL = re.compile(r"Credential=([^/,\s]*)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request")
DEFAULT_REGION = "us-east-1"


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
        return _SERVICE_OF_HOST.get(host_service, host_service), region
    if _SSO_TOKEN in request.headers:
        return "sso", region
    if request.method == "POST" and request.path in _SSO_OIDC_PATHS and request.is_json:
        return "sso-oidc", region
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
    if protocol_of(service) == "query":
        name, version = (request.values.get(k, "")[:128] for k in ("Action", "Version"))
        text = f"Could not find operation {name} for version {version}"
        return AwsError("InvalidAction", text)
    return AwsError("UnknownOperationException", "The requested operation is not recognized.", 400)


_UNREADABLE = (
    RequestParserError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    OverflowError,
    RuntimeError,  # of too deep a nesting, of a time that no calendar has
)


class _Headers(dict[str, str]):
    """Headers by name in any case. The parser asks for some fifty of them per request."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    @classmethod
    def of(cls, request: Request) -> _Headers:
        """A request's headers. WSGI writes a dash for the underscore in the name of one of them."""
        headers = cls((k.lower(), v) for k, v in request.headers.items())
        if _SSO_TOKEN in request.headers:
            headers[_SSO_TOKEN] = request.headers[_SSO_TOKEN]
        return headers


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
                "headers": _Headers.of(request),
                "body": request.get_data(),
                "url_path": request.path,
                "url_params": target.uri_params,
            }
        )
    except _UNREADABLE as garbled:
        raise _garbled(target) from garbled
    params = parsed or {}
    validation.check(target.service, operation.input_shape, params)
    return params


def _garbled(target: Target) -> AwsError:
    if target.service == "s3":
        text = "The XML you provided was not well-formed or did not validate against our "
        return AwsError("MalformedXML", text + "published schema")
    return AwsError("SerializationException", "Unable to parse the request")


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


def _as_bytes(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body
