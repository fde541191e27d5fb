"""moto keeps the resources: pools, users, roles, buckets, tables. This file is the way to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.core.exceptions import HTTPException
from moto.core.model_instances import reset_model_data
from moto.core.request import Request
from moto.moto_api._internal import mock_random

Handler = Callable[[Request, str, Any], tuple[int, dict[str, str], str | bytes]]

# Services whose one backend serves every region.
_GLOBAL = frozenset({"iam", "sts", "s3", "route53", "organizations", "cloudfront"})


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


def accounts(service: str) -> list[str]:
    """The accounts for which moto has kept something of this service."""
    return list(get_backend(service))  # type: ignore[call-overload]


def answer(service: str, plain: Request) -> tuple[int, dict[str, str], str | bytes]:
    """Let moto answer a request made by `handover`. NoSuchService if it has nothing for it."""
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
