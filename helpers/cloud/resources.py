"""moto keeps the resources: pools, users, roles, buckets, tables. This file is the way to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode

from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.core.exceptions import HTTPException
from moto.core.model_instances import reset_model_data
from moto.core.request import Request
from moto.moto_api._internal import mock_random

Handler = Callable[[Request, str, Any], tuple[int, dict[str, str], str | bytes]]

# Services whose one backend serves every region.
_GLOBAL = frozenset({"iam", "sts", "s3", "route53", "organizations", "cloudfront"})
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


class NoSuchService(LookupError):
    """moto keeps no resources for this service."""


def reset(seed: int | None) -> None:
    """Empty every backend; ids that moto makes then follow `seed` (None: unpredictable again)."""
    BackendDict.reset()
    reset_model_data()
    mock_random.seed(seed)


def backend(service: str, account: str, region: str) -> Any:
    """The moto backend that keeps a service's resources, for example its user pools."""
    try:
        backends = get_backend(service)  # type: ignore[call-overload]
    except ImportError as missing:
        raise NoSuchService(service) from missing
    return backends[account]["aws" if service in _GLOBAL else region]


def answer(
    service: str, request: Request, *, account: str, region: str
) -> tuple[int, dict[str, str], str | bytes]:
    """Let moto answer a request that has already been authorized.

    moto decides nothing about permissions here: the request reaches it as the account itself,
    with the signature of the caller taken off.
    """
    plain = _as_account(service, request, account=account, region=region)
    url = plain.raw_url
    path = url.split("?", 1)[0]
    for pattern, handler in _routes(service):
        if pattern.match(path):
            try:
                return handler(plain, url, plain.headers)
            except HTTPException as refusal:
                headers = {k: str(v) for k, v in refusal.get_headers()}
                return refusal.code or 400, headers, refusal.get_body()
    raise NoSuchService(service)


@lru_cache(maxsize=64)
def _routes(service: str) -> tuple[tuple[re.Pattern[str], Handler], ...]:
    """moto's handlers for a service, by URL pattern."""
    urls = backend(service, "123456789012", "us-east-1").urls
    return tuple((re.compile(pattern), handler) for pattern, handler in urls.items())


def _as_account(service: str, request: Request, *, account: str, region: str) -> Request:
    """A copy of the request on the service's AWS host, unsigned, on behalf of the account."""
    environ = dict(request.environ)
    host = request.host.split(":")[0]
    if not host.endswith(".amazonaws.com"):
        environ["HTTP_HOST"] = f"{service}.{region}.amazonaws.com"
    environ["wsgi.url_scheme"] = "https"
    environ["SERVER_PORT"] = "443"
    # moto reads the region from this header where the host does not name one.
    scope = f"{'A' * 16}/20260101/{region}/{service}/aws4_request"
    environ["HTTP_AUTHORIZATION"] = f"AWS4-HMAC-SHA256 Credential=AKIA{scope}, Signature=0"
    environ["HTTP_X_MOTO_ACCOUNT_ID"] = account
    query = environ.get("QUERY_STRING", "")
    if "x-amz-" in query.lower():
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [(k, v) for k, v in pairs if k.lower() not in _SIGNATURE_PARAMETERS]
        environ["QUERY_STRING"] = urlencode(kept)
    body = request.get_data()
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    return Request(environ, populate_request=False)
