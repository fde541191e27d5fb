"""Conditions: one operator applied to one key of the request context.

One matching value is enough for a condition; a negated operator is the opposite of its positive
one, so no value may match. All conditions of a statement must hold.
Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Multivalued context
keys".
"""

import operator
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

from . import values
from .arns import Arn, ArnPattern
from .truth import UNSETTLED, Truth, all_of, any_of, negate
from .variables import Context, Missing, Template, Value, read_parts

Test = Callable[[str, Context], Truth]
"""Whether one value of the request matches one value of the policy."""


class Condition(NamedTuple):
    """One operator, one key and the values wanted, ready to be tested."""

    operator: str  # as written, "ForAnyValue:StringLikeIfExists"
    key: str  # as written
    wanted: tuple[str, ...]
    base: str  # "StringLike"
    quantifier: str | None  # "ForAllValues" or "ForAnyValue"
    if_exists: bool
    negated: bool
    folded_key: str
    tests: tuple[Test, ...]

    def holds(self, context: Context) -> Truth:
        """Whether what the request says of the key satisfies the operator."""
        value = context.get(self.folded_key)
        if self.base == "Null":
            return any_of(_null(wanted, value) for wanted in self.wanted)
        if value is None:
            return self._without_the_key()
        if self.quantifier:
            return self._over_the_set(value, context)
        if isinstance(value, str):
            return self._of_one(value, context)
        return self._without_a_set_operator(value, context)

    def _without_the_key(self) -> Truth:
        if self.quantifier == "ForAnyValue":
            # Unsettled: "ForAnyValue is false" and "IfExists is true" are both in the guide.
            return UNSETTLED if self.if_exists else False
        return self.if_exists or self.negated or self.quantifier == "ForAllValues"

    def _over_the_set(self, value: Value, context: Context) -> Truth:
        members = (value,) if isinstance(value, str) else value
        if not any(members):  # nothing but empty strings is "a null data set"
            members = ()
        every_or_any = all_of if self.quantifier == "ForAllValues" else any_of
        return every_or_any(self._of_one(member, context) for member in members)

    def _of_one(self, value: str, context: Context) -> Truth:
        matched = any_of(test(value, context) for test in self.tests)
        return negate(matched) if self.negated else matched

    def _without_a_set_operator(self, members: Iterable[str], context: Context) -> Truth:
        if not self.negated and any_of(self._of_one(one, context) for one in members) is False:
            return False
        # Unsettled: what a plain operator makes of a key that has several values.
        return UNSETTLED


class UnknownOperator(ValueError):
    """No condition operator has this name."""


_OPERATOR = re.compile(r"(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?")


def read_condition(name: str, key: str, wanted: tuple[str, ...], *, variables: bool) -> Condition:
    """A Condition from the three things a policy writes. Raises UnknownOperator."""
    found = _OPERATOR.fullmatch(name)
    if not found or found[2] not in OPERATORS:
        raise UnknownOperator(name)
    quantifier, base, if_exists = found.groups()
    if base == "Null" and (quantifier or if_exists):
        raise UnknownOperator(name)
    make_test, negated = OPERATORS[base]
    # Unsettled: whether what cannot be read as a number, a date, an ARN is unequal to one.
    unreadable = UNSETTLED if negated else False
    tests = tuple(make_test(value, variables, unreadable) for value in wanted)
    return Condition(
        operator=name, key=key, wanted=wanted, base=base, quantifier=quantifier,
        if_exists=bool(if_exists), negated=negated, folded_key=key.lower(), tests=tests,
    )  # fmt: skip


def _null(wanted: str, value: Value | None) -> Truth:
    """Null "true" wants the key absent, "false" wants it present."""
    asks_for_absence = values.boolean(wanted)
    if asks_for_absence is None:
        return False
    if value == "" or (value and not any(value)):
        # Unsettled: the guide calls an empty string a null value, yet the key is there.
        return UNSETTLED
    is_absent = value is None or value == ()
    return is_absent == asks_for_absence


def _string(
    wanted: str, variables: bool, _: Truth, *, wildcards: bool = False, fold: bool = False
) -> Test:
    parts = tuple(read_parts(wanted, variables=variables, wildcards=wildcards))
    return _or_false_when_missing(Template(parts, fold=fold).matches)


def _arn(wanted: str, variables: bool, unreadable: Truth) -> Test:
    pattern = ArnPattern(wanted, variables=variables)

    def tested(value: str, context: Context) -> Truth:
        arn = Arn(value)
        return pattern.matches(arn, context) if arn.valid and pattern.valid else unreadable

    return _or_false_when_missing(tested)


def _or_false_when_missing(test: Test) -> Test:
    """A value with an unset variable matches nothing; a negated operator therefore holds."""

    def tested(value: str, context: Context) -> Truth:
        try:
            return test(value, context)
        except Missing:
            return False

    return tested


Reader = Callable[[str], Any]


def _typed(
    read: Reader, compare: Callable[[Any, Any], bool], wanted: str, _: bool, unreadable: Truth
) -> Test:
    limit = read(wanted)

    def tested(value: str, _: Context) -> Truth:
        seen = read(value)
        return unreadable if seen is None or limit is None else compare(seen, limit)

    return tested


def _ip(wanted: str, _: bool, unreadable: Truth) -> Test:
    block = values.network(wanted)

    def tested(value: str, _: Context) -> Truth:
        address = values.address(value)
        return unreadable if address is None or block is None else address in block

    return tested


_number, _date = partial(_typed, values.number), partial(_typed, values.moment)

OPERATORS: dict[str, tuple[Callable[[str, bool, Truth], Test], bool]] = {
    "StringEquals": (_string, False),
    "StringNotEquals": (_string, True),
    "StringEqualsIgnoreCase": (partial(_string, fold=True), False),
    "StringNotEqualsIgnoreCase": (partial(_string, fold=True), True),
    "StringLike": (partial(_string, wildcards=True), False),
    "StringNotLike": (partial(_string, wildcards=True), True),
    "NumericEquals": (partial(_number, operator.eq), False),
    "NumericNotEquals": (partial(_number, operator.eq), True),
    "NumericLessThan": (partial(_number, operator.lt), False),
    "NumericLessThanEquals": (partial(_number, operator.le), False),
    "NumericGreaterThan": (partial(_number, operator.gt), False),
    "NumericGreaterThanEquals": (partial(_number, operator.ge), False),
    "DateEquals": (partial(_date, operator.eq), False),
    "DateNotEquals": (partial(_date, operator.eq), True),
    "DateLessThan": (partial(_date, operator.lt), False),
    "DateLessThanEquals": (partial(_date, operator.le), False),
    "DateGreaterThan": (partial(_date, operator.gt), False),
    "DateGreaterThanEquals": (partial(_date, operator.ge), False),
    "Bool": (partial(_typed, values.boolean, operator.eq), False),
    "BinaryEquals": (partial(_typed, values.octets, operator.eq), False),
    "IpAddress": (_ip, False),
    "NotIpAddress": (_ip, True),
    "ArnEquals": (_arn, False),
    "ArnNotEquals": (_arn, True),
    "ArnLike": (_arn, False),
    "ArnNotLike": (_arn, True),
    "Null": (_string, False),
}  # operator -> how one value is tested, and whether the answer is turned round
