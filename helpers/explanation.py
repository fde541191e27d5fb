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
_WIDTHS = (30, 12, 6, 8, 80)


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
    yield _verdict(decision)
    rows = [tuple(str(s.get(c, "")) for c in _COLUMNS) for s in decision["statements"]]
    if not rows:
        yield "  (no policy speaks about this caller or this resource)"
        return
    for row in [_COLUMNS, *rows]:
        cells = [_wrapped(c, w) for c, w in zip(row, _WIDTHS, strict=True)]
        for i in range(max(map(len, cells))):
            line = [c[i] if i < len(c) else "" for c in cells]
            pairs = zip(line, _WIDTHS, strict=True)
            yield ("  " + "  ".join(f"{text:<{width}}" for text, width in pairs)).rstrip()


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]


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
