"""How long a session of a permission set lasts: ISO 8601 in the API, seconds in IAM.

Source: IAM Identity Center User Guide, "Set session duration for AWS accounts": 1 to 12 hours.
"""

from __future__ import annotations

import re

from helpers.cloud.errors import AwsError

DEFAULT = "PT1H"
_SHORTEST, _LONGEST = 3600, 12 * 3600
_TEXT = re.compile(r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?")


def seconds_of(duration: str) -> int:
    """The seconds of a duration such as PT8H. AwsError ValidationException if out of range.

    Years, months, weeks and fractions of a second are never in the range.
    """
    found = _TEXT.fullmatch(duration)
    parts = found.groups() if found else ()
    days, hours, minutes, seconds = [int(part or 0) for part in parts] or [0] * 4
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if not _SHORTEST <= total <= _LONGEST:
        text = "The session duration must be between 1 hour and 12 hours."
        raise AwsError("ValidationException", text)
    return total
