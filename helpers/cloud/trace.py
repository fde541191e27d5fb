"""What happened: every request since start, with who made it and why it was decided so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, overload
from urllib.parse import parse_qs, urljoin, urlsplit

from moto.core.request import Request
from werkzeug.exceptions import RequestEntityTooLarge

from helpers.cloud.iam import Decision, Principal, explain_rows
from helpers.cloud.response import Response

HIDDEN = "<hidden>"
_SECRET_NAME = re.compile(
    r"password|secret|token|session$|signature|verifier|srp_[ab]$|secret_block|private_?key"
    r"|assertion|_csrf|mfa_code|^(user_?|device_?)?code$|ticket"
    r"|^(state|nonce|SAMLRe(quest|sponse)|RelayState|user)$"
    # Of forms: a password typed again, and a provider's proof that the form is its own.
    r"|^(again|form)$",
    re.IGNORECASE,
)
# The requests of a long day; a lesson makes a few hundred.
_KEPT = 20_000
# Characters of one parameter of a visited page.
_LONGEST = 4_000


@dataclass
class Entry:
    """One request and its outcome. Secrets in `params` are hidden.

    `caller` is a short label for people, `caller_arn` the principal. `error` and `message` are
    empty when the request was answered. `decisions` are JSON-able. `location` is the host and
    path that a page's redirect leads to.
    """

    n: int
    at: str
    service: str
    operation: str
    caller: str
    caller_arn: str
    resource: str
    params: dict[str, Any]
    status: int = 0
    error: str = ""
    message: str = ""
    location: str = ""
    verdicts: Sequence[Decision | Mapping[str, Any]] = field(default_factory=list, repr=False)

    @property
    def decisions(self) -> list[dict[str, Any]]:
        """Each IAM decision as data: action, resource, result, reason and every statement."""
        return [d if isinstance(d, dict) else decision_as_dict(d) for d in self.verdicts]

    @property
    def refused(self) -> bool:
        """True when the cloud said no."""
        return bool(self.error)

    def as_dict(self) -> dict[str, Any]:
        """The entry as JSON-able data."""
        names = ("n", "at", "service", "operation", "caller", "caller_arn", "resource")
        entry = {name: getattr(self, name) for name in names}
        entry |= {"params": self.params, "status": self.status, "error": self.error}
        entry |= {"message": self.message, "location": self.location}
        return entry | {"decisions": self.decisions}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Entry:
        """The entry that `as_dict` made."""
        fields = {k: v for k, v in data.items() if k != "decisions"}
        return cls(**fields, verdicts=data["decisions"])


class Trace(Sequence[Entry]):
    """The recorded requests, oldest first. The last twenty thousand are kept."""

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        self._entries: list[Entry] = list(entries)
        self._count = len(self._entries)

    def add(self, **fields: Any) -> Entry:
        """Record a request as it comes in."""
        self._count += 1
        entry = Entry(n=self._count, **fields)
        self._entries.append(entry)
        if len(self._entries) > 2 * _KEPT:
            del self._entries[:_KEPT]
        return entry

    def clear(self) -> None:
        """Forget what happened so far; numbering starts again at 1."""
        self._entries.clear()
        self._count = 0

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        return self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def __repr__(self) -> str:
        return "\n".join(
            f"{e.n:>4}  {e.caller:<28.28}  {e.service}:{e.operation}"
            + (f"  refused: {e.error}" if e.refused else "")
            for e in self._entries[-20:]
        )


def decision_as_dict(decision: Decision) -> dict[str, Any]:
    """An IAM decision as JSON-able data, one row a statement."""
    return {
        "action": decision.request.action,
        "resource": decision.request.resource,
        "result": str(decision.result),
        "reason_type": decision.reason_type,
        "reason": decision.reason,
        "statements": explain_rows(decision),
    }


def hide(value: Any, name: str = "") -> Any:
    """The value as JSON-able data, with whatever is secret by its name or kind hidden."""
    if isinstance(value, Mapping):
        secret = name == "Logins"
        return {k: HIDDEN if secret else hide(v, str(k)) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [hide(v, name) for v in value]
    if isinstance(value, bytes | bytearray):
        return f"<{len(value)} bytes>"
    if isinstance(value, str):
        return HIDDEN if _SECRET_NAME.search(name) else value
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def begin_visit(trace: Trace, at: datetime, request: Request, service: str, caller: str) -> Entry:
    """Record what a browser or an app asks a web page for. `end_visit` adds the answer.

    So a visit stands before the calls that are made to answer it.
    """
    return trace.add(
        at=at.isoformat(),
        service=service,
        operation=f"{request.method} {request.path}",
        caller=caller,
        caller_arn="",
        resource=request.host,
        params=hide(_given(request)),
    )


def end_visit(entry: Entry, request: Request, response: Response) -> None:
    """Add to a visit how it was answered, and where the browser was sent."""
    entry.status = response.status
    entry.error = _error_in(response) or (str(response.status) if response.status >= 400 else "")
    entry.location = _target(request, response.headers.get("Location", ""))


def _given(request: Request) -> dict[str, str]:
    """Query and form, each value at a sensible length."""
    try:
        given = request.values
    except RequestEntityTooLarge:
        given = request.args
    return {n: v if len(v) <= _LONGEST else f"{v[:_LONGEST]}…" for n, v in given.items()}


def _target(request: Request, location: str) -> str:
    """Host and path of a redirect's target; what stands in its query may be secret."""
    if not location:
        return ""
    parts = urlsplit(urljoin(request.url, location))
    return f"{parts.netloc}{parts.path}"


def _error_in(response: Response) -> str:
    """The OAuth error code that an answer carries, in its JSON or in a redirect's query."""
    if response.status >= 400 and "json" in response.headers.get("Content-Type", ""):
        found = re.search(rb'"error"\s*:\s*"([\w.-]{1,64})"', response.body)
        return found[1].decode() if found else ""
    query = urlsplit(response.headers.get("Location", "")).query
    return parse_qs(query).get("error", [""])[0][:256]


def label(caller: Principal) -> str:
    """A short name for a principal: root, user/alice, assumed-role/app/session, anonymous."""
    if caller.type == "Anonymous":
        return "anonymous"
    return caller.arn.split(":", 5)[-1] or caller.type
