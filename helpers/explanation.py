"""Why a request was allowed or refused, as a table that a beginner can read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from html import escape
from typing import Any

from helpers.cloud.trace import Entry

_VERDICT = {
    "allow": "ALLOWED",
    "implicitDeny": "REFUSED: nothing allows it",
    "explicitDeny": "REFUSED: a statement denies it",
}
_COLUMNS = ("policy", "statement", "effect", "result", "why")
_MARK = {"decides": "→", "matches": "=", "no match": "·"}
_WIDTH = 100


class Explanation:
    """The decisions on one request. A notebook shows it as a table; `print` shows it as text."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    def __repr__(self) -> str:
        blocks = ["\n".join(_text(d)) for d in self.entry.decisions]
        if not blocks:
            blocks = [f"{self.entry.service}:{self.entry.operation} needs no IAM permission."]
        return "\n\n".join([self._headline(), *blocks])

    def _repr_html_(self) -> str:
        tables = "".join(_html(d) for d in self.entry.decisions)
        return f"<p><b>{escape(self._headline())}</b></p>{tables}"

    def _headline(self) -> str:
        entry = self.entry
        outcome = f"refused with {entry.error}" if entry.refused else "answered"
        return f"{entry.caller} called {entry.service}:{entry.operation}: {outcome}"


def _verdict(decision: dict[str, Any]) -> str:
    return (
        f"{decision['action']} on {decision['resource']}\n"
        f"{_VERDICT[decision['result']]}. {decision['reason']}"
    )


def _text(decision: dict[str, Any]) -> Iterable[str]:
    yield from _wrapped(_verdict(decision), "")
    if not decision["statements"]:
        yield "  (no policy speaks about this caller or this resource)"
    for statement in decision["statements"]:
        mark = _MARK[statement["result"]]
        yield ""
        yield (
            f"  {mark} {statement['result']:<8}  {statement['effect']:<5}  "
            f"{statement['statement']} of {statement['policy']} ({statement['type']})"
        )
        yield from _wrapped(statement["why"], " " * 21)


def _wrapped(text: str, margin: str) -> list[str]:
    """Lines of at most 100 characters; an ARN is never cut in two."""
    return [
        line
        for part in text.split("\n")
        for line in textwrap.wrap(
            part,
            _WIDTH,
            initial_indent=margin,
            subsequent_indent=margin,
            break_on_hyphens=False,
            break_long_words=False,
        )
    ]


def _html(decision: dict[str, Any]) -> str:
    head = "".join(f"<th style='text-align:left'>{c}</th>" for c in _COLUMNS)
    body = "".join(
        "<tr>"
        + "".join(f"<td style='text-align:left'>{escape(str(s.get(c, '')))}</td>" for c in _COLUMNS)
        + "</tr>"
        for s in decision["statements"]
    )
    title = escape(_verdict(decision)).replace("\n", "<br>")
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else ""
    return f"<p>{title}</p>{table}"
