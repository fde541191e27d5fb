"""Tags of identity providers: at most fifty, each key once whatever the case of its letters.

Source: IAM User Guide, "Tags for AWS Identity and Access Management resources".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from helpers.cloud.errors import AwsError

_MOST_TAGS = 50

Tags = Mapping[str, str]


def read(pairs: Collection[Mapping[str, str]]) -> dict[str, str]:
    """The tags of a request, by key. AwsError InvalidInput."""
    tags = {pair["Key"]: pair["Value"] for pair in pairs}
    if len({key.casefold() for key in tags}) < len(pairs):
        text = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        raise AwsError("InvalidInput", text)
    if any(key.casefold().startswith("aws:") for key in tags):
        text = "Invalid tag key: tag keys that begin with aws: are reserved."
        raise AwsError("InvalidInput", text)
    return tags


def with_more(tags: Tags, more: Tags) -> dict[str, str]:
    """The tags with some added or replaced. AwsError LimitExceeded."""
    together = without(tags, more) | dict(more)
    if len(together) > _MOST_TAGS:
        raise AwsError("LimitExceeded", "The number of tags has reached the maximum limit.", 409)
    return together


def without(tags: Tags, keys: Collection[str]) -> dict[str, str]:
    """The tags without these keys."""
    gone = {key.casefold() for key in keys}
    return {key: value for key, value in tags.items() if key.casefold() not in gone}


def show(tags: Tags) -> list[dict[str, str]]:
    """Tags as IAM's answers have them, by key."""
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags)]


def page(tags: Tags, params: Mapping[str, Any]) -> dict[str, Any]:
    """One page of the tags (MaxItems, Marker). AwsError ValidationError for a bad Marker."""
    shown, start = show(tags), params.get("Marker", "0")
    if not (start.isascii() and start.isdigit() and len(start) < 9 and int(start) <= len(shown)):
        raise AwsError("ValidationError", "Invalid Marker.")
    end = int(start) + params.get("MaxItems", 100)
    more = {"IsTruncated": True, "Marker": str(end)} if end < len(shown) else {"IsTruncated": False}
    return {"Tags": shown[int(start) : end], **more}
