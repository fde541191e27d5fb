"""How tags of instances and permission sets are read, counted and shown.

Source: IAM Identity Center API Reference; User Guide, "Tagging resources".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from helpers.cloud.errors import AwsError

_MOST = 50


def read_tags(pairs: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Tags as a mapping. AwsError ValidationException, ServiceQuotaExceededException."""
    tags: dict[str, str] = {}
    for pair in pairs:
        key = pair["Key"]
        if key in tags:
            raise AwsError("ValidationException", f"Duplicate tag key: {key}")
        if key.lower().startswith("aws:"):
            raise AwsError("ValidationException", "Tag keys must not begin with aws:")
        tags[key] = pair["Value"]
    check_count(tags)
    return tags


def check_count(tags: Mapping[str, str]) -> None:
    """AwsError ServiceQuotaExceededException for more tags than a resource may have."""
    if len(tags) > _MOST:
        text = f"A resource can have at most {_MOST} tags."
        raise AwsError("ServiceQuotaExceededException", text)


def described(tags: Mapping[str, str]) -> list[dict[str, Any]]:
    """Tags as the API shows them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
