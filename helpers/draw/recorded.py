"""Trace entries as the pictures read them, and the learner's words for who called what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .style import NO_MARK

SERVICES: Mapping[str, str] = {
    "apigateway": "API Gateway",
    "cognito-identity": "Identity pool",
    "cognito-idp": "Cognito user pool",
    "dynamodb": "DynamoDB",
    "execute-api": "Your API",
    "iam": "IAM",
    "identitystore": "Identity Store",
    "lambda": "Lambda",
    "s3": "S3",
    "sso": "Identity Center portal",
    "sso-admin": "Identity Center",
    "sso-oidc": "Identity Center OIDC",
    "sts": "STS",
}


@dataclass(frozen=True)
class Recorded:
    """One recorded request: who asked which service for what, and what came back."""

    n: int
    service: str
    operation: str
    caller: str
    resource: str
    params: Mapping[str, Any]
    error: str
    decisions: tuple[Mapping[str, Any], ...]
    times: int = 1
    status: int = 0
    location: str = ""

    @property
    def who(self) -> str:
        """The caller in the learner's words."""
        if self.caller == "anonymous":
            return "your app (unsigned)"
        kind, _, name = self.caller.partition("/")
        if kind != "assumed-role":
            return self.caller
        role, _, session = name.partition("/")
        # Every session that an identity pool opens has this one name: it tells nothing apart.
        named = "" if session in ("", "CognitoIdentityCredentials") else f", {session}"
        return f"session of role {role}{named}"

    @property
    def what(self) -> str:
        """The service in the learner's words."""
        return SERVICES.get(self.service, self.service)

    @property
    def outcome(self) -> str:
        """The operation, how often, and the error code when it was refused."""
        often = f" {self.times} times" if self.times > 1 else ""
        return f"{self.operation}{often}{f' ({NO_MARK} {self.error})' if self.error else ''}"

    @property
    def asked(self) -> str:
        """The number and the operation: ``3 SignUp``, or ``4–8 ConfirmSignUp ×5``."""
        if self.times == 1:
            return f"{self.n} {self.operation}"
        return f"{self.n}–{self.n + self.times - 1} {self.operation} ×{self.times}"


def read(entries: Iterable[object]) -> list[Recorded]:
    """Read trace entries, whether they are objects with attributes or dicts from JSON.

    Raises ``ValueError`` when there is nothing to draw.
    """
    recorded = [_read_one(entry) for entry in entries]
    if not recorded:
        raise ValueError("there is nothing to draw: no call was recorded in these entries")
    return recorded


def together(steps: Iterable[Recorded]) -> list[Recorded]:
    """Make one of calls that follow each other and differ in nothing that a picture shows."""
    gathered: list[Recorded] = []
    for step in steps:
        before = gathered[-1] if gathered else None
        if before and _shown(before) == _shown(step) and step.n == before.n + before.times:
            gathered[-1] = replace(before, times=before.times + 1)
        else:
            gathered.append(step)
    return gathered


def _shown(step: Recorded) -> tuple[str, ...]:
    return (step.caller, step.service, step.operation, step.error)


def _read_one(entry: object) -> Recorded:
    def field(name: str, other: object) -> Any:
        if isinstance(entry, Mapping):
            return entry.get(name, other)
        return getattr(entry, name, other)

    return Recorded(
        n=int(field("n", 0)),
        service=str(field("service", "")),
        operation=str(field("operation", "")),
        caller=str(field("caller", "")),
        resource=str(field("resource", "")),
        params=field("params", None) or {},
        error=str(field("error", "")),
        decisions=tuple(field("decisions", ())),
        status=int(field("status", 0)),
        location=str(field("location", "")),
    )
