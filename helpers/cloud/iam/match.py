"""One statement against one request: does it match, and if not, which element says no?

Source: IAM User Guide, "How AWS enforcement code logic evaluates requests", and the page of each
policy element.
"""

from functools import cached_property
from typing import NamedTuple

from .arns import Arn
from .conditions import Condition
from .policy import Policy, ResourceElement, Statement
from .principals import Grant, Name, grant_to, names_of
from .request import Request, request_context
from .truth import UNSETTLED, Truth, applies, negate
from .variables import Context, Missing, Value


class Question:
    """A request made ready to be asked of many statements."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.action = request.action.lower()
        self.arn = Arn(request.resource, service=self.action.partition(":")[0])
        self.context: Context = request_context(request)

    @cached_property
    def names(self) -> dict[Name, Grant]:
        """The names under which a resource-based policy can mean the caller."""
        return names_of(self.request.principal)


class Failure(NamedTuple):
    """The element that said no, or that AWS's documents leave open."""

    element: str
    missing: str = ""  # the variable without a value, if that was it
    condition: Condition | None = None  # which condition, if it was one
    seen: Value | None = None  # the request's value of that condition's key


class StatementMatch(NamedTuple):
    """What looking at one statement gave."""

    policy: Policy
    policy_type: str
    statement: Statement
    request: Request
    matched: bool
    failure: Failure | None = None
    unsettled: bool = False  # whether it was closed on the safe side
    grant: Grant | None = None  # by which name a resource-based policy means the caller

    @property
    def policy_name(self) -> str:
        """The policy as a learner knows it."""
        return self.policy.name

    @property
    def sid(self) -> str:
        """The statement's Sid, "" if it has none."""
        return self.statement.sid

    @property
    def index(self) -> int:
        """The statement's place in its policy, counted from 0."""
        return self.statement.index

    @property
    def effect(self) -> str:
        """Allow or Deny."""
        return self.statement.effect

    @property
    def why(self) -> str:
        """In a few plain words: what matched, or which element did not and why."""
        if self.failure is None:
            return _why_matched(self.statement, self.request)
        reason = _why_not(self.failure, self.request, self.statement)
        if not self.unsettled:
            return reason
        closed = "this Deny applies" if self.matched else "this Allow does not apply"
        return f"{reason}; AWS's documents do not settle this case, so to be safe {closed}"


def _why_matched(statement: Statement, request: Request) -> str:
    tried = ["Principal"] if statement.principals else []
    tried += ["Action", "Resource"] if statement.resources else ["Action"]
    tried += ["Condition"] if statement.conditions else []
    *others, last = tried
    matched = f"{', '.join(others)} and {last} match" if others else f"{last} matches"
    return matched + _nothing_to_compare(statement, request)


def _nothing_to_compare(statement: Statement, request: Request) -> str:
    """A word about each ForAllValues that holds because the request has no value at all."""
    context = request_context(request)
    return "".join(
        f"; {condition.key} is absent, and {condition.quantifier} holds for no values"
        for condition in statement.conditions
        if condition.quantifier == "ForAllValues" and not any(context.get(condition.folded_key, ()))
    )


def _why_not(failure: Failure, request: Request, statement: Statement) -> str:
    if failure.condition is not None:
        return _why_condition(failure.condition, failure.seen)
    if failure.missing:
        return f"${{{failure.missing}}} in its {failure.element} has no value in this request"
    if failure.element == "Resource" and statement.resources:
        return _why_resource(statement.resources, request)
    asked = request.action if failure.element.endswith("Action") else request.resource
    if failure.element.endswith("Principal"):
        asked = "the caller"
    verb = "leaves out" if failure.element.startswith("Not") else "does not include"
    return f"{failure.element} {verb} {asked}"


def _why_resource(element: ResourceElement, request: Request) -> str:
    """What the element covers in this request, variables filled in, beside what was asked for."""
    context = request_context(request)
    covered = " or ".join(pattern.shown(context) for pattern in element.patterns)
    return f"Resource covers {covered}, not {request.resource}"


def _why_condition(condition: Condition, seen: Value | None) -> str:
    wanted = " or ".join(f'"{value}"' for value in condition.wanted)
    if seen is None:
        shown = "absent"
    elif isinstance(seen, str):
        shown = f'"{seen}"'
    else:
        shown = "[" + ", ".join(f'"{value}"' for value in seen) + "]"
    return f"{condition.operator} on {condition.key}: wanted {wanted}, the request has {shown}"


def look_at(
    statement: Statement, question: Question, policy: Policy, policy_type: str
) -> StatementMatch:
    """Try the elements in turn; the first that says no ends it."""
    here = (policy, policy_type, statement, question.request)
    principals, actions, resources = statement.principals, statement.actions, statement.resources
    grant = None
    if principals is not None:
        grant = grant_to(principals, question.names, statement.effect)
        if grant is None:
            return StatementMatch(*here, False, Failure(_named("Principal", principals.negated)))
    if not actions.covers(question.action):
        return StatementMatch(*here, False, Failure(_named("Action", actions.negated)))
    open_question = None
    if resources is not None:
        truth, missing = _about(resources, question)
        if truth is not True:
            open_question = Failure(_named("Resource", resources.negated), missing)
        if truth is False:
            return StatementMatch(*here, False, open_question)
    for condition in statement.conditions:
        truth = condition.holds(question.context)
        if truth is not True:
            seen = question.context.get(condition.folded_key)
            failure = Failure("Condition", condition=condition, seen=seen)
            if truth is False:
                return StatementMatch(*here, False, failure)
            open_question = open_question or failure
    if open_question:
        matched = applies(UNSETTLED, statement.effect)
        return StatementMatch(*here, matched, open_question, unsettled=True, grant=grant)
    return StatementMatch(*here, True, grant=grant)


def _named(element: str, negated: bool) -> str:
    return f"Not{element}" if negated else element


def _about(element: ResourceElement, question: Question) -> tuple[Truth, str]:
    """Whether the statement is about the resource, and the variable that had no value, if any."""
    covered: Truth = False
    without_value = ""
    for pattern in element.patterns:
        try:
            truth = pattern.covers(question.arn, question.context)
        except Missing as missing:
            without_value = missing.args[0]
            # Unsettled: a NotResource with an unset variable. In a Resource it means nothing.
            truth = UNSETTLED if element.negated else False
        if truth is True:
            return not element.negated, ""
        if truth is UNSETTLED:
            covered = UNSETTLED
    return (negate(covered) if element.negated else covered), without_value
