"""ARNs, and the patterns policies write for them: six segments divided by five colons.

The sixth may hold colons of its own (an object key does), so an ARN is divided at most five times.
Source: IAM User Guide, "IAM JSON policy elements: Resource" and "Amazon Resource Names (ARNs)".
"""

from .pattern import Pattern
from .truth import UNSETTLED, Truth, all_of
from .variables import (
    Context,
    Part,
    Template,
    ends_in_any,
    filled_in,
    read_parts,
    split_at_colons,
)

COLONS = 5


class Arn:
    """An ARN of the request, divided once for all that is compared with it.

    An action that is about no resource in particular has the resource `*`; its `service` is then
    the action's.
    """

    __slots__ = ("head", "segments", "service", "tail", "text", "valid")

    def __init__(self, text: str, *, service: str = "") -> None:
        self.text = text
        self.service = service
        self.segments = text.split(":", COLONS)
        self.valid = len(self.segments) == COLONS + 1 and self.segments[0] == "arn"
        self.head = self.segments[:COLONS]
        self.tail = self.segments[-1]


class ResourcePattern:
    """One entry of a Resource or NotResource element.

    Wildcards stay within their segment, except that a `*` with nothing after it covers all the
    rest: `arn:aws:dynamodb:us-east-1:*`. Variables count only after the fifth colon.
    """

    __slots__ = (
        "_everything",
        "_head",
        "_literal_head",
        "_tail",
        "_whole_service",
        "_widest",
        "text",
        "variables",
    )

    def __init__(self, text: str, *, variables: bool) -> None:
        self.text = text
        self.variables = variables
        self._everything = text == "*"
        *head, tail = text.split(":", COLONS)
        parts = tuple(read_parts(tail, variables=variables and len(head) == COLONS))
        self._head = [Pattern.of(segment) for segment in head]
        literals = [pattern.literal for pattern in self._head]
        self._literal_head = literals if None not in literals else None
        is_whole = len(head) == COLONS or ends_in_any(parts)
        self._tail = Template(parts) if is_whole else None
        self._widest = _widest_reading(head, parts)
        self._whole_service = _service_covered_whole(text)

    def covers(self, arn: Arn, context: Context) -> Truth:
        """Whether the resource is one of those meant. Raises Missing for an unset variable."""
        if self._everything:
            return True
        if not arn.valid:
            return arn.text == "*" and arn.service == self._whole_service
        strictly = self._covers_by_segment(arn, context)
        if strictly is False and self._widest and self._widest.matches(arn.text, context):
            # Unsettled: "a * that ends a segment can expand past the colons", the guide says;
            # measured, `arn:aws:dynamodb:*:table/t` covers no table.
            return UNSETTLED
        return strictly

    def shown(self, context: Context) -> str:
        """The pattern as it reads for this request, its variables replaced."""
        return filled_in(self.text, context) if self.variables else self.text

    def _covers_by_segment(self, arn: Arn, context: Context) -> Truth:
        if self._tail is None:
            return False
        if len(self._head) == COLONS:
            if self._literal_head is not None:
                return self._literal_head == arn.head and self._tail.matches(arn.tail, context)
            rest = arn.tail
        else:
            rest = ":".join(arn.segments[len(self._head) :])
        for pattern, segment in zip(self._head, arn.segments, strict=False):
            if not pattern.matches(segment):
                return False
        return self._tail.matches(rest, context)


def _service_covered_whole(text: str) -> str | None:
    """The `s3` of `arn:aws:s3:::*`, which also covers s3:ListAllMyBuckets on `*`."""
    segments = text.split(":")
    covers_all = segments[-1] == "*" and {*segments[3:]} <= {"", "*"}
    return segments[2] if covers_all and len(segments) == COLONS + 1 else None


def _widest_reading(head: list[str], tail: tuple[Part, ...]) -> Template | None:
    """The pattern with every wildcard free to run past colons, if its segments invite that."""
    if not any(segment.endswith("*") for segment in head):
        return None
    return Template((*read_parts(":".join(head) + ":", variables=False), *tail))


class ArnPattern:
    """A value of ArnEquals or ArnLike, which are the same: six segments, each with wildcards."""

    __slots__ = ("_segments", "valid")

    def __init__(self, text: str, *, variables: bool) -> None:
        segments = split_at_colons(tuple(read_parts(text, variables=variables)), COLONS)
        self.valid = len(segments) == COLONS + 1
        self._segments = [Template(segment) for segment in segments]

    def matches(self, arn: Arn, context: Context) -> Truth:
        """Whether the ARN fits, both being valid. Raises Missing for an unset variable."""
        return all_of(
            template.matches(segment, context)
            for template, segment in zip(self._segments, arn.segments, strict=True)
        )
