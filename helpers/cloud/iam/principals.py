"""Principal and NotPrincipal: does a resource-based policy mean this caller, and by which name?

The name matters, not only the fact: naming an account hands the decision on to that account's own
policies, naming a user or a session grants outright.
Source: IAM User Guide, "AWS JSON policy elements: Principal", "... NotPrincipal", and the
same-account part of "Policy evaluation logic".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from .request import ANONYMOUS, Principal, role_arn_of_session

Name = tuple[str, str]
"""A type of principal and a value: ("AWS", "arn:aws:iam::111122223333:root")."""

EVERYONE: Name = ("AWS", "*")


class Grant(IntEnum):
    """By which name a statement means the caller; the higher, the less else must allow."""

    ACCOUNT = 1
    ROLE = 2  # the role of a session, or the user behind a federated user
    ANYONE = 3
    CALLER = 4


@dataclass(frozen=True, slots=True)
class PrincipalElement:
    """A Principal or NotPrincipal element."""

    names: frozenset[Name]
    negated: bool = False


class InvalidPrincipal(ValueError):
    """A name AWS would refuse to save; `args[0]` is how AWS quotes it."""


_ACCEPTED = {
    "AWS": re.compile(
        r"\*|[0-9]{12}|A[A-Z0-9]{15,}|arn:aws[a-z-]*:iam::[0-9]{12}:(root|(user|role)/[^*?:\s]+)"
        r"|arn:aws[a-z-]*:sts::[0-9]{12}:(assumed-role/[^*?:/\s]+/|federated-user/)[^*?:/\s]+"
    ),
    "Federated": re.compile(
        r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
        r"|arn:aws[a-z-]*:iam::[0-9]{12}:(saml|oidc)-provider/[^*?\s]+"
    ),
    "Service": re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"),
    "CanonicalUser": re.compile(r"[0-9a-f]{64}"),
}
_ROLE_PATH = re.compile(r"^(arn:[^:]+:iam::[0-9]{12}:role/).*/")


def principal_name(kind: str, value: str) -> Name:
    """One name of a Principal element. Raises InvalidPrincipal.

    Part of a name cannot be a wildcard. A role loses its path: within an account its name is
    unique, and a session's ARN tells only the name.
    """
    if kind not in _ACCEPTED or not _ACCEPTED[kind].fullmatch(value):
        raise InvalidPrincipal(f'"{kind}":"{value}"')
    return kind, _ROLE_PATH.sub(r"\1", value)


def names_of(principal: Principal) -> dict[Name, Grant]:
    """Every name under which a policy can mean this principal."""
    if principal.type == ANONYMOUS:
        return {EVERYONE: Grant.ANYONE}
    if principal.type in ("Service", "Federated"):
        return {(principal.type, principal.arn): Grant.CALLER, EVERYONE: Grant.ANYONE}
    aws_names = {
        "*": Grant.ANYONE,
        principal.account: Grant.ACCOUNT,
        f"arn:{_partition(principal)}:iam::{principal.account}:root": Grant.ACCOUNT,
    }
    aws_names.update(_own_names(principal))
    return {("AWS", name): grant for name, grant in aws_names.items() if name}


def _own_names(principal: Principal) -> Iterable[tuple[str, Grant]]:
    if principal.type == "User":
        yield principal.arn, Grant.CALLER
        yield principal.user_id, Grant.CALLER
    elif principal.type == "AssumedRole":
        role_arn = role_arn_of_session(principal.arn) or principal.role_arn
        yield principal.user_id.partition(":")[0], Grant.ROLE
        yield _ROLE_PATH.sub(r"\1", role_arn), Grant.ROLE
        if principal.arn != principal.role_arn:
            yield principal.arn, Grant.CALLER
    elif principal.type == "FederatedUser":
        yield _user_behind(principal), Grant.ROLE
        yield principal.arn, Grant.CALLER


def _user_behind(principal: Principal) -> str:
    """The IAM user who asked for a federated user's credentials, "" if it was the root user."""
    if principal.federated_by or not principal.username:
        return "" if principal.federated_by.endswith(":root") else principal.federated_by
    return f"arn:{_partition(principal)}:iam::{principal.account}:user/{principal.username}"


def _partition(principal: Principal) -> str:
    return next(iter(principal.arn.split(":")[1:2]), "aws")


def grant_to(element: PrincipalElement, names: dict[Name, Grant], effect: str) -> Grant | None:
    """By which name the statement means the caller, None if it does not."""
    listed = {names[name] for name in element.names if name in names}
    if not element.negated:
        return max(listed, default=None)
    if Grant.ANYONE in listed:
        return None
    if effect == "Deny":
        # To escape, every level above the caller must be listed: account, role and session.
        escapes = listed == set(names.values()) - {Grant.ANYONE} and listed
        return None if escapes else Grant.ANYONE
    # Unsettled: whether an Allow reaches a session whose account or role alone is listed. No.
    return None if listed else Grant.ANYONE
