"""Is this answer still the stub? A learner who has not begun is not wrong."""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType


def untouched(answer: object) -> bool:
    """Say whether ``answer`` is ``None``, is or holds a ``...``, or is a function of only that."""
    if answer is None or answer is ...:
        return True
    if isinstance(answer, Mapping):
        return any(untouched_part(part) for part in answer.values())
    if isinstance(answer, list | tuple | set):
        return any(untouched_part(part) for part in answer)
    return isinstance(answer, FunctionType) and _does_nothing(answer)


def untouched_part(part: object) -> bool:
    """Say whether a part of an answer holds a ``...``; there ``None`` may be meant."""
    return part is not None and untouched(part)


def _does_nothing(function: FunctionType) -> bool:
    """Compare with functions that only have dots, as this Python compiles them."""

    def dots():  # type: ignore[no-untyped-def]
        ...

    def described():  # type: ignore[no-untyped-def]
        """Say what it should do."""
        ...

    code = function.__code__.co_code
    return code in (dots.__code__.co_code, described.__code__.co_code) and set(
        function.__code__.co_consts
    ) <= {None, function.__doc__}
