"""Lists in pages: MaxResults and NextToken.

A token is the place to go on from; one that this list never gave out is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.cloud.errors import AwsError


def page(items: Sequence[Any], params: Mapping[str, Any]) -> tuple[list[Any], dict[str, str]]:
    """(the items of one page, {"NextToken": …} if more follow).

    AwsError InvalidParameterException for a token that names no place in the list.
    """
    token, size = params.get("NextToken", "0"), params["MaxResults"]
    if not token.isascii() or not token.isdigit() or len(token) > 9:
        raise AwsError("InvalidParameterException", "Invalid NextToken.")
    start = int(token)
    end = start + size
    following = {"NextToken": str(end)} if end < len(items) else {}
    return list(items[start:end]), following
