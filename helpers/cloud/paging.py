"""Long lists, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.cloud.errors import AwsError


def page(
    items: Sequence[Any],
    params: Mapping[str, Any],
    most: int,
    code: str = "InvalidParameterException",
) -> tuple[list[Any], dict[str, str]]:
    """One page of a list, and the members of the response that lead to the next one.

    `params` may hold MaxResults (`most` if it does not) and NextToken, which is the number of
    items already listed. AwsError `code` for a token that was never given.
    """
    token = params.get("NextToken", "0")
    if not (token.isascii() and token.isdigit() and len(token) < 9 and int(token) <= len(items)):
        raise AwsError(code, "Invalid pagination token.")
    end = int(token) + (params.get("MaxResults") or most)
    return list(items[int(token) : end]), {"NextToken": str(end)} if end < len(items) else {}
