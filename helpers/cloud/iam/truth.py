"""Three answers to "does it match?": yes, no, and AWS's documents do not say.

`True` and `False` are themselves; `UNSETTLED` is the third. It travels through and, or and not
unharmed, and only at the end, where the Effect is known, is it closed on the safe side: an Allow
that is unsettled does not apply, a Deny that is unsettled does.
"""

from collections.abc import Iterable
from typing import Final

Truth = bool | None

UNSETTLED: Final = None


def any_of(truths: Iterable[Truth]) -> Truth:
    """Or: one yes is enough; without a yes, one unsettled leaves it unsettled."""
    answer: Truth = False
    for truth in truths:
        if truth:
            return True
        if truth is UNSETTLED:
            answer = UNSETTLED
    return answer


def all_of(truths: Iterable[Truth]) -> Truth:
    """And: one no is enough; without a no, one unsettled leaves it unsettled."""
    answer: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is UNSETTLED:
            answer = UNSETTLED
    return answer


def negate(truth: Truth) -> Truth:
    """Not: what nobody knows is not known of its opposite either."""
    return UNSETTLED if truth is UNSETTLED else not truth


def applies(truth: Truth, effect: str) -> bool:
    """Close an unsettled answer on the safe side: a Deny applies, an Allow does not."""
    return effect == "Deny" if truth is UNSETTLED else truth
