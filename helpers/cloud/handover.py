"""What moto is handed: the authorized call, said in one way only.

moto looks for an operation and its parameters in many places (query, form, body, headers, host)
and would follow whichever it finds first. So nothing of the caller's request is passed on that
was not read when the call was authorized. moto decides nothing about permissions: the request
reaches it as the account itself, with the caller's signature taken off.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY, Request
from moto.s3.responses import S3Response
from moto.s3.utils import bucket_name_from_url

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.refusals import protocol_of
from helpers.cloud.service_authorization import facts
from helpers.cloud.wire import Target, credential_scope

_KEY_ID = re.compile(r"[A-Z0-9]{20}")
_NOT_PASSED_ON = frozenset({"HTTP_AUTHORIZATION", "HTTP_HOST", "HTTP_X_AMZ_TARGET", "HTTP_ACTION"})
_SIGNATURE_PARAMETERS = frozenset(
    {
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-expires",
        "x-amz-signedheaders",
        "x-amz-signature",
        "x-amz-security-token",
    }
)


def plain_request(call: Call, target: Target) -> Request:
    """The request for moto. AwsError where the caller named the same thing in two ways."""
    write = {"json": _json, "query": _query, "rest-xml": _s3}[protocol_of(call.service)]
    return write(call, target)


def _json(call: Call, target: Target) -> Request:
    prefix = target.operation.service_model.metadata["targetPrefix"]
    headers = {
        "HTTP_X_AMZ_TARGET": f"{prefix}.{call.operation}",
        "CONTENT_TYPE": "application/x-amz-json-1.1",
    }
    # A query that is not empty keeps moto from reading the body, and then the headers, as a form.
    return _request(call, "POST", "/", "-=-", headers, call.request.get_data())


def _query(call: Call, target: Target) -> Request:
    given = {**call.request.values.to_dict(), "Action": call.operation}
    headers = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
    return _request(call, "POST", "/", "", headers, urlencode(given).encode())


def _s3(call: Call, target: Target) -> Request:
    environ = call.request.environ
    headers = {
        name: value
        for name, value in environ.items()
        if name.startswith("HTTP_") and name not in _NOT_PASSED_ON
    }
    for name in ("CONTENT_TYPE", PRESERVED_HEADER_NAMES_ENVIRON_KEY):
        if name in environ:
            headers[name] = environ[name]
    query = environ.get("QUERY_STRING", "")
    if "x-amz-" in query.lower():
        pairs = parse_qsl(query, keep_blank_values=True)
        query = urlencode([(k, v) for k, v in pairs if k.lower() not in _SIGNATURE_PARAMETERS])
    path = _path_style(call.request, target.uri_params.get("Bucket"))
    return _request(call, call.request.method, path, query, headers, call.request.get_data())


def _path_style(request: Request, bucket: str | None) -> str:
    """The path with the authorized bucket in front, wherever the caller had written it."""
    path = request.raw_path
    if bucket is None:
        return path
    # moto's own reading of the host, because its router used it to find the bucket.
    if S3Response.subdomain_based_buckets(request) and bucket_name_from_url(request.url):
        return f"/{quote(bucket)}{path}"
    if path.split("/")[1] != bucket:
        raise AwsError("InvalidBucketName", "The specified bucket is not valid.", 400)
    return path


def _account(call: Call) -> str:
    """Whose resources the call is about: a bucket stays its owner's, whoever may use it."""
    if call.service == "s3" and "Bucket" in call.params and call.operation != "CreateBucket":
        return facts.bucket_owner(call.params["Bucket"]) or call.account
    return call.account


def _request(
    call: Call, method: str, path: str, query: str, headers: dict[str, Any], body: bytes
) -> Request:
    host = f"{call.service}.{call.region}.amazonaws.com"
    scope = credential_scope(call.request)
    # moto looks up some things, such as the user of CreateAccessKey, by the caller's key.
    key_id = scope[0] if scope and _KEY_ID.fullmatch(scope[0]) else "A" * 20
    credential = f"{key_id}/20260101/{call.region}/{call.service}/aws4_request"
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path, "latin-1"),
        "RAW_URI": path,
        "REQUEST_URI": path,
        "QUERY_STRING": query,
        "SERVER_NAME": host,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={credential}, Signature=0",
        "HTTP_X_MOTO_ACCOUNT_ID": _account(call),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(body),
    }
    return Request({**headers, **environ}, populate_request=False)
