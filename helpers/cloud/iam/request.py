"""Who asks for what: the principal, the request, and the context keys that follow from them.

Source: IAM User Guide, "AWS global condition context keys" and "Where you can use policy
variables" (the table of values per kind of principal).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .variables import Value

ANONYMOUS = "Anonymous"
OUTSIDERS = frozenset({ANONYMOUS, "Service", "Federated"})
"""Kinds of principal that live in no account, so that only the resource's side can let them in."""


@dataclass(frozen=True)
class Principal:
    """Who signed the request, or who is named in place of a signature.

    `type` is "Account" (the root user), "User", "AssumedRole", "FederatedUser", "Anonymous",
    "Service", or "Federated" (an identity provider, at AssumeRoleWithWebIdentity or WithSAML).
    """

    type: str
    arn: str  # a role session's is arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION
    account: str = ""
    user_id: str = ""  # AIDA…, AROA…:session, the account id of a root user
    role_arn: str = ""  # of a role session: the role's ARN, path included
    username: str = ""  # of an IAM user, or of the one behind a federated user
    tags: Mapping[str, str] = field(default_factory=dict)
    federated_by: str = ""  # of a federated user: the ARN of the user behind it
    federated_by_id: str = ""  # and that user's unique id


@dataclass(frozen=True)
class Request:
    """One action on one resource, with the context keys the service supplies.

    An empty `resource_account` means the account in the resource's ARN, or else the principal's.
    """

    principal: Principal
    action: str
    resource: str
    resource_account: str = ""
    context: Mapping[str, str | list[str]] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        """The account the resource belongs to, "" if nothing tells."""
        return self.resource_account or _account_in(self.resource) or self.principal.account

    @property
    def is_cross_account(self) -> bool:
        """Whether the resource belongs to another account than the principal."""
        return self.owner != self.principal.account

    @property
    def assumes_role(self) -> bool:
        """Whether a role's trust policy is what answers this request."""
        name = self.action.lower()
        is_assumption = name.startswith("sts:assumerole") or name in _WITH_ASSUME_ROLE
        return is_assumption and ":role/" in self.resource


_WITH_ASSUME_ROLE = frozenset({"sts:tagsession", "sts:setsourceidentity"})


def _account_in(arn: str) -> str:
    segments = arn.split(":", 5)
    is_account = len(segments) == 6 and len(segments[4]) == 12 and segments[4].isdecimal()
    return segments[4] if is_account else ""


def role_arn_of_session(arn: str) -> str:
    """The role a session ARN names. Its path is not in there, so the answer has none."""
    segments = arn.split(":", 5)
    kind, _, rest = segments[-1].partition("/")
    if len(segments) != 6 or kind != "assumed-role":
        return ""
    return ":".join(["arn", segments[1], "iam", "", segments[4], f"role/{rest.partition('/')[0]}"])


def request_context(request: Request) -> dict[str, Value]:
    """Every condition key of the request, names in lower case; what the caller gave wins.

    Key names are the same in any case. Two that differ only in case (two tags, say) become one
    key with both values.
    """
    context: dict[str, Value] = {}
    for key, value in request.context.items():
        folded, given = key.lower(), value if isinstance(value, str) else tuple(value)
        context[folded] = _both(context[folded], given) if folded in context else given
    from_principal: dict[str, Value] = {}
    for key, text in _principal_keys(request):
        if key not in context:
            present = from_principal.get(key)
            from_principal[key] = text if present is None else _both(present, text)
    return context | from_principal


def _both(one: Value, other: Value) -> Value:
    if one == other:
        return one
    return (one if isinstance(one, tuple) else (one,)) + (
        other if isinstance(other, tuple) else (other,)
    )


def _principal_keys(request: Request) -> Iterator[tuple[str, str]]:
    """The keys that follow from who asks and whose the resource is, with their values."""
    principal = request.principal
    facts = {"aws:resourceaccount": request.owner}
    if principal.type == ANONYMOUS:
        facts |= {
            "aws:principaltype": ANONYMOUS,
            "aws:principalaccount": "anonymous",
            "aws:userid": "anonymous",
        }
    elif principal.type not in OUTSIDERS:
        facts |= {
            "aws:principaltype": principal.type,
            "aws:principalaccount": principal.account,
            "aws:principalarn": _principal_arn(principal),
            "aws:userid": principal.user_id,
            "aws:username": principal.username if principal.type == "User" else "",
        }
    yield from ((key, text) for key, text in facts.items() if text)
    for tag, text in principal.tags.items():  # a tag may be empty, and is there all the same
        yield f"aws:principaltag/{tag.lower()}", text


def _principal_arn(principal: Principal) -> str:
    """A role session's aws:PrincipalArn is the ARN of its role, not of the session."""
    if principal.type == "AssumedRole":
        return principal.role_arn or role_arn_of_session(principal.arn) or principal.arn
    return principal.arn
