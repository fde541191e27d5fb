"""The order of evaluation: from the statements that match to allow or deny.

An explicit Deny anywhere ends it. Otherwise certain policy types must each contain an Allow;
`_must_allow` says which, and is the heart of this package.
Source: IAM User Guide, "Policy evaluation logic", "Policy evaluation for requests within a single
account" and "Cross-account policy evaluation logic".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .match import Question, StatementMatch, look_at
from .policy import Policy
from .principals import Grant
from .request import ANONYMOUS, OUTSIDERS, Request

IDENTITY = "identity-based policy"
RESOURCE = "resource-based policy"
TRUST = "role trust policy"
BOUNDARY = "permissions boundary"
SESSION = "session policy"

ORDER = (SESSION, BOUNDARY, RESOURCE, TRUST, IDENTITY)
"""AWS names one policy type only. Unsettled: in which order it looks for it."""

SPARES: dict[Grant | None, frozenset[str]] = {
    None: frozenset(),
    Grant.ACCOUNT: frozenset(),  # only hands the decision on to the account's own policies
    Grant.ROLE: frozenset({IDENTITY}),
    # Unsettled: whether a session policy limits what "*" grants. It does here.
    Grant.ANYONE: frozenset({IDENTITY, BOUNDARY}),
    Grant.CALLER: frozenset({IDENTITY, BOUNDARY, SESSION}),
}
"""Which of the caller's own policies need not allow, when the resource's policy in the same
account means the caller by such a name."""


class Result(StrEnum):
    """How a request ends. What no statement allows is denied too, implicitly."""

    ALLOW = "allow"
    IMPLICIT_DENY = "implicitDeny"
    EXPLICIT_DENY = "explicitDeny"


@dataclass(frozen=True)
class Policies:
    """The policies that apply to one request.

    `resource` is the resource's own policy: a bucket policy, or the role's trust policy when a
    role is being assumed. None for `session` or `boundary` means there is none, which limits
    nothing; an empty tuple is one that allows nothing.
    """

    identity: tuple[Policy, ...] = ()
    resource: Policy | None = None
    session: tuple[Policy, ...] | None = None
    boundary: tuple[Policy, ...] | None = None


@dataclass(frozen=True)
class Decision:
    """What was decided, which type of policy decided it, and everything that was looked at."""

    result: Result
    reason_type: str  # "" when no policy had a say
    reason: str  # one plain sentence
    looked_at: tuple[StatementMatch, ...]
    request: Request
    deciding: StatementMatch | None = None  # None when it was the lack of a statement

    @property
    def allowed(self) -> bool:
        """Whether the request may go ahead."""
        return self.result is Result.ALLOW


def decide(request: Request, policies: Policies) -> Decision:
    """Allow or deny the request. Raises nothing, whatever the request and the policies say."""
    looked_at = tuple(_look_at_all(request, policies))
    verdict = (
        _always_allowed(request)
        or _explicit_deny(request, looked_at)
        or _lack_of_an_allow(request, policies, looked_at)
    )
    result, policy_type, reason, deciding = verdict
    return Decision(result, policy_type, reason, looked_at, request, deciding)


Verdict = tuple[Result, str, str, StatementMatch | None]


def _look_at_all(request: Request, policies: Policies) -> Iterator[StatementMatch]:
    question = Question(request)
    resource_side = _resource_side(request)
    for policy_type, attached in (
        (IDENTITY, policies.identity),
        (resource_side, (policies.resource,) if policies.resource else ()),
        (BOUNDARY, policies.boundary or ()),
        (SESSION, policies.session or ()),
    ):
        for policy in attached:
            for statement in policy.statements:
                yield look_at(statement, question, policy, policy_type)


def _always_allowed(request: Request) -> Verdict | None:
    """Source: AWS STS API Reference, GetCallerIdentity."""
    if request.action.lower() != "sts:getcalleridentity" or request.principal.type == ANONYMOUS:
        return None
    reason = f"{request.action} needs no permission, and no policy can take it away."
    return Result.ALLOW, "", reason, None


def _explicit_deny(request: Request, looked_at: tuple[StatementMatch, ...]) -> Verdict | None:
    denies = [match for match in looked_at if match.matched and match.effect == "Deny"]
    if not denies:
        return None
    match = min(denies, key=lambda match: ORDER.index(match.policy_type))
    return Result.EXPLICIT_DENY, match.policy_type, _says(match, "denies"), match


def _lack_of_an_allow(
    request: Request, policies: Policies, looked_at: tuple[StatementMatch, ...]
) -> Verdict:
    """Implicit deny for the first policy type that must allow and does not, else allow."""
    allows: dict[str, StatementMatch] = {}
    for match in looked_at:
        if match.matched:
            best = allows.get(match.policy_type)
            if best is None or (match.grant or 0) > (best.grant or 0):
                allows[match.policy_type] = match
    resource_side = _resource_side(request)
    by_resource = allows.get(resource_side)
    needed = _must_allow(request, policies, by_resource.grant if by_resource else None)
    for policy_type in ORDER:
        if policy_type in needed and policy_type not in allows:
            reason = f"No {policy_type} allows {request.action} on {request.resource}."
            return Result.IMPLICIT_DENY, policy_type, reason, None
    if not needed:
        return Result.ALLOW, "", "The account root user needs no permission in its account.", None
    policy_type = next(kind for kind in (IDENTITY, resource_side, SESSION) if kind in needed)
    match = allows[policy_type]
    return Result.ALLOW, policy_type, _says(match, "allows"), match


def _must_allow(request: Request, policies: Policies, grant: Grant | None) -> set[str]:
    """The policy types that must each contain an Allow.

    `grant` is by which name the resource's own policy allows the caller, None if it does not.
    """
    resource_side = _resource_side(request)
    if request.principal.type in OUTSIDERS:
        return {resource_side}
    callers_own = _callers_own(request, policies)
    if request.is_cross_account:
        return callers_own | {resource_side}
    if request.assumes_role or SPARES[grant] & callers_own:
        return callers_own - SPARES[grant] | {resource_side}
    return callers_own


def _resource_side(request: Request) -> str:
    return TRUST if request.assumes_role else RESOURCE


def _callers_own(request: Request, policies: Policies) -> set[str]:
    """What must allow on the caller's side. The root user is limited by none of its own."""
    principal = request.principal
    if principal.type == "Account":
        return set()
    lent_by_root = principal.type == "FederatedUser" and principal.federated_by.endswith(":root")
    own = {IDENTITY: not lent_by_root, BOUNDARY: policies.boundary is not None,
           SESSION: policies.session is not None}  # fmt: skip
    return {policy_type for policy_type, present in own.items() if present}


def _says(match: StatementMatch, verb: str) -> str:
    statement = f'statement "{match.sid}"' if match.sid else f"statement {match.index + 1}"
    where = match.policy_name or f"the {match.policy_type}"
    return f"{statement} of {where} {verb} {match.request.action} on {match.request.resource}."
