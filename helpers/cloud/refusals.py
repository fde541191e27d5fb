"""An AwsError in the form that each service gives its errors. Never a page, never a traceback."""

from __future__ import annotations

import json
import re
from xml.sax.saxutils import escape

from botocore.exceptions import UnknownServiceError
from moto.core.utils import get_service_model

from helpers.cloud.errors import AwsError
from helpers.cloud.ids import Ids
from helpers.cloud.response import Response


def refuse(service: str, error: AwsError, ids: Ids) -> Response:
    """Write an error as the service writes it: XML for S3, IAM and STS, JSON for the others."""
    request_id = ids.uuid()
    headers = {"x-amzn-RequestId": request_id, "x-amz-request-id": request_id}
    protocol = protocol_of(service)
    if protocol == "rest-xml":
        return _refuse_s3(error, headers)
    if protocol == "ec2":
        return _refuse_ec2(error, headers, request_id)
    if protocol == "query":
        return _refuse_query(service, error, headers, request_id)
    return _refuse_json(service, error, headers)


def protocol_of(service: str) -> str:
    """The service's protocol in the service model: json, rest-json, rest-xml, query, ec2."""
    try:
        return str(get_service_model(service).protocol)
    except (UnknownServiceError, OSError):
        return "json"


def _refuse_s3(error: AwsError, headers: dict[str, str]) -> Response:
    headers["Content-Type"] = "application/xml"
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


def _refuse_ec2(error: AwsError, headers: dict[str, str], request_id: str) -> Response:
    headers["Content-Type"] = "text/xml"
    body = (
        f"<Response><Errors><Error><Code>{error.code}</Code>"
        f"<Message>{escape(_xml_safe(error.message))}</Message></Error></Errors>"
        f"<RequestID>{request_id}</RequestID></Response>"
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
    rest = protocol_of(service) == "rest-json"
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
