"""Who may do what: the evaluator's decision in each cell, beside what the real call answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from .recorded import read
from .style import (
    GREEN_TINT,
    GREY,
    INK,
    NO_MARK,
    OK_MARK,
    PALE,
    PAPER,
    SMALL_SIZE,
    TEXT_SIZE,
    VERMILLION_TINT,
    WIDTH,
    YELLOW,
    fitted,
    folded,
    listing,
    picture,
)

HEAD = 0.8  # inches
ROW = 0.8
FOOT = 0.45
CODE_SIZE = 10
NAME = 18  # letters of a row's name on one line

DECISIONS: Mapping[str, tuple[str, str]] = {
    "allow": (f"{OK_MARK} allow", GREEN_TINT),
    "implicitDeny": (f"{NO_MARK} implicit deny", PALE),
    "explicitDeny": (f"{NO_MARK} explicit deny", VERMILLION_TINT),
}

# Codes by which a service says "you may not", as opposed to "there is no such object".
REFUSALS = frozenset(
    {
        "403",
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "Forbidden",
        "ForbiddenException",
        # An identity pool's word for a role whose trust policy does not let somebody in.
        "InvalidIdentityPoolConfigurationException",
        "NotAuthorizedException",
        "UnauthorizedException",
        "UnauthorizedOperation",
    }
)


@dataclass(frozen=True)
class Cell:
    """One question to the evaluator and to the cloud: may ``who`` do ``action`` on ``what``?"""

    who: str
    what: str
    action: str
    decided: str
    confirmed: bool | str | None

    @property
    def went_through(self) -> bool:
        """Did the real call get past authorization? Another error than a refusal did."""
        if isinstance(self.confirmed, str):
            return self.confirmed not in REFUSALS
        return bool(self.confirmed)

    @property
    def disagrees(self) -> bool:
        """Was there a real call, and did it answer otherwise than the evaluator decided?"""
        return self.confirmed is not None and self.went_through != (self.decided == "allow")

    @property
    def answer(self) -> str:
        """What the real call said, in words."""
        if self.confirmed is None:
            return "not called"
        if isinstance(self.confirmed, str):
            return self.confirmed
        return "went through" if self.confirmed else "refused"

    @property
    def question(self) -> str:
        """The cell in words: ``bob PutObject on users/alice``."""
        return f"{self.who} {self.action} on {self.what}"


def cell(entry: object, who: str, what: str) -> dict[str, Any]:
    """Return the cell of a grid that one recorded request fills, in the words ``who`` and ``what``.

    ``entry`` is a trace entry, for example ``cloud.trace[-1]`` after the call. A request that
    needs several permissions is decided by the worst of its decisions. Raises ``ValueError`` for a
    request that needed none.
    """
    [step] = read([entry])
    results = [decision["result"] for decision in step.decisions]
    if not results:
        raise ValueError(f"{step.n} {step.operation} needed no permission: nothing was decided")
    worst = min(results, key=["explicitDeny", "implicitDeny", "allow"].index)
    first = next(d for d in step.decisions if d["result"] == worst)
    return {
        "who": who,
        "what": what,
        "action": first["action"],
        "decided": worst,
        "confirmed": step.error or True,
    }


def access_grid(cells: Iterable[Mapping[str, Any]], title: str = "") -> None:
    """Draw who may do what: a row for each who and action, a column for each what.

    A cell is ``{who, what, action, decided, confirmed}``. ``decided`` is the evaluator's
    ``allow``, ``implicitDeny`` or ``explicitDeny``. ``confirmed`` is what the real call answered:
    ``True`` (it went through), ``False`` (refused) or the error code; leave it out or ``None``
    where no call was made. A cell where the two disagree is marked, and the sentence says so.
    Raises ``ValueError`` for an empty grid, an unknown decision, a missing member, or two cells
    that ask the same.
    """
    asked = [_read(cell) for cell in cells]
    _check(asked)
    rows = list(dict.fromkeys((cell.who, cell.action) for cell in asked))
    rows.sort(key=lambda row: [cell.who for cell in asked].index(row[0]))
    columns = list(dict.fromkeys(cell.what for cell in asked))
    found = {(cell.who, cell.action, cell.what): cell for cell in asked}
    height = HEAD + ROW * len(rows) + FOOT
    with picture(_sentence(asked), height, title=title) as axes:
        left = 0.5 + _longest(who for who, _ in rows) + _longest(action for _, action in rows)
        width = (WIDTH - left - 0.15) / len(columns)
        _column_names(axes, columns, left, height - HEAD / 2, width)
        _row_names(axes, rows, left, height - HEAD)
        _key(axes)
        for down, (who, action) in enumerate(rows):
            for across, what in enumerate(columns):
                x, y = left + width * across, height - HEAD - ROW * (down + 1)
                _cell(axes, found.get((who, action, what)), x, y, width)


def _read(cell: Mapping[str, Any]) -> Cell:
    missing = {"who", "what", "action", "decided"} - set(cell)
    if missing:
        raise ValueError(f"a cell of the grid lacks {listing(sorted(missing))}: {dict(cell)}")
    if cell["decided"] not in DECISIONS:
        raise ValueError(f"decided is {cell['decided']!r}, not one of {listing(list(DECISIONS))}")
    names = (str(cell[name]) for name in ("who", "what", "action", "decided"))
    return Cell(*names, confirmed=cell.get("confirmed"))


def _check(asked: list[Cell]) -> None:
    if not asked:
        raise ValueError("there is nothing to draw: the grid has no cells")
    questions = [cell.question for cell in asked]
    twice = [question for question in questions if questions.count(question) > 1]
    if twice:
        raise ValueError(f"two cells ask the same: {twice[0]}")


def _longest(names: Iterable[str]) -> float:
    """Inches that the longest of these names takes, within reason."""
    return min(max(map(len, names)), NAME) * 0.11


def _column_names(axes: Axes, columns: list[str], left: float, y: float, width: float) -> None:
    for across, what in enumerate(columns):
        axes.text(
            left + width * (across + 0.5),
            y,
            _wrapped(what, max(int(width / 0.115), 8)),
            ha="center",
            va="center",
            size=SMALL_SIZE,
            weight="bold",
        )


def _row_names(axes: Axes, rows: list[tuple[str, str]], left: float, top: float) -> None:
    seen = ""
    for down, (who, action) in enumerate(rows):
        y = top - ROW * (down + 0.5)
        if who != seen:
            axes.plot([0.15, WIDTH - 0.15], [y + ROW / 2] * 2, color=GREY, linewidth=1)
            axes.text(0.15, y, _wrapped(who, NAME), size=TEXT_SIZE, weight="bold", va="center")
            seen = who
        name = folded(action, NAME)
        axes.text(left - 0.12, y, name, size=SMALL_SIZE, ha="right", va="center")


def _wrapped(name: str, most: int) -> str:
    """Break a name over lines of about ``most`` letters: at a space, or after a slash."""
    lines = [""]
    for word in re.findall(r"[^/ ]*[/ ]?", name):
        if lines[-1] and len((lines[-1] + word).rstrip()) > most:
            lines.append("")
        lines[-1] += word
    return "\n".join(line.rstrip() for line in lines)


def _cell(axes: Axes, cell: Cell | None, x: float, y: float, width: float) -> None:
    if cell is None:
        middle = (x + width / 2, y + ROW / 2)
        axes.text(*middle, "not asked", size=SMALL_SIZE, color=GREY, ha="center", va="center")
        return
    words, tint = DECISIONS[cell.decided]
    axes.add_patch(
        Rectangle(
            (x + 0.05, y + 0.05),
            width - 0.1,
            ROW - 0.1,
            facecolor=YELLOW if cell.disagrees else tint,
            edgecolor=INK if cell.disagrees else PAPER,
            linewidth=3 if cell.disagrees else 0.5,
        )
    )
    room = int(width * 72 / (0.62 * CODE_SIZE))
    lines = [words, *folded(cell.answer, room).splitlines()]
    if cell.disagrees:
        lines.insert(0, "DISAGREE")
    for place, line in enumerate(lines):
        at = y + ROW * (1 - (place + 0.9) / (len(lines) + 0.8))
        size = fitted(line, width - 0.15, CODE_SIZE if place or len(lines) > 3 else TEXT_SIZE)
        weight = "normal" if place else "bold"
        axes.text(x + width / 2, at, line, size=size, weight=weight, ha="center", va="center")


def _key(axes: Axes) -> None:
    words = "in bold: what the policies decide; below it: what the real call answered"
    axes.text(WIDTH - 0.2, 0.2, words, size=CODE_SIZE, color=GREY, ha="right", va="center")


def _sentence(asked: list[Cell]) -> str:
    grouped = groupby(sorted(asked, key=lambda cell: cell.who), key=lambda cell: cell.who)
    of = {who: list(cells) for who, cells in grouped}
    allowed = [_allowed(who, of[who]) for who in dict.fromkeys(cell.who for cell in asked)]
    explicit = [cell.question for cell in asked if cell.decided == "explicitDeny"]
    denied = [f"explicitly denied: {listing(explicit)}"] if explicit else []
    return f"{'; '.join([*allowed, *denied, _confirmation(asked)])}."


def _allowed(who: str, cells: list[Cell]) -> str:
    may = [f"{cell.action} on {cell.what}" for cell in cells if cell.decided == "allow"]
    return f"{who} may {listing(may)}" if may else f"{who} may do none of this"


def _confirmation(asked: list[Cell]) -> str:
    wrong = [
        f"{cell.question} (decided {cell.decided}, the call said {cell.answer})"
        for cell in asked
        if cell.disagrees
    ]
    if wrong:
        return f"DISAGREEMENT between decision and real call: {listing(wrong)}"
    called = sum(cell.confirmed is not None for cell in asked)
    return f"{called} of {len(asked)} decisions confirmed by a real call"
