"""What expires when: one bar per lifetime, legible for five minutes and for thirty days at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from .style import (
    BLUE,
    GREEN,
    GREEN_TINT,
    GREY,
    INK,
    NO_MARK,
    OK_MARK,
    PALE,
    SMALL_SIZE,
    TEXT_SIZE,
    VERMILLION,
    VERMILLION_TINT,
    picture,
)

Span = tuple[str, datetime, datetime]
Event = tuple[str, datetime]

LEFT, RIGHT = 3.3, 9.2  # inches between which time runs
ROW = 0.72
HEAD = 0.5
FOOT = 0.95
LOG_FROM = 12  # times longer than the shortest: from here on a linear axis hides the short one

# The most telling first: a later tick is left out where an earlier one stands too near.
TICKS = (
    *(timedelta(days=n) for n in (3650, 365, 30, 1)),
    *(timedelta(minutes=n) for n in (60, 5, 15, 30, 180, 1, 3, 10, 120)),
    *(timedelta(days=n) for n in (7, 90, 3, 14)),
    *(timedelta(hours=n) for n in (12, 6)),
    *(timedelta(seconds=n) for n in (30, 10)),
)


def timeline(
    spans: Iterable[Span], now: datetime, events: Iterable[Event] = (), title: str = ""
) -> None:
    """Draw how long each thing lives, what has expired at ``now``, and when ``events`` happened.

    ``spans`` are (label, start, end), ``events`` are (label, when); every datetime carries its
    timezone. Time runs evenly until one lifetime is twelve times another; then each step of the
    axis is longer than the one before. Raises ``ValueError`` without spans, for a naive datetime,
    and for a span that ends before it starts.
    """
    bars, marks = list(spans), list(events)
    _check(bars, now, marks)
    origin = min(start for _, start, _ in bars)
    place, is_log = _scale(bars, now, marks, origin)
    height = HEAD + ROW * (len(bars) + len(marks)) + FOOT
    with picture(_sentence(bars, now, marks), height, title=title) as axes:
        top = height - HEAD
        _axis(axes, place, origin, top, is_log=is_log)
        for row, bar in enumerate(bars):
            _bar(axes, bar, now, place, top - ROW * (row + 0.5))
        for row, mark in enumerate(marks, start=len(bars)):
            _event(axes, mark, place, top - ROW * (row + 0.5))
        _now(axes, now, place(now), top)


def _check(bars: Sequence[Span], now: datetime, marks: Sequence[Event]) -> None:
    if not bars:
        raise ValueError("there is nothing to draw: give at least one (label, start, end)")
    moments = [now, *(when for _, when in marks)]
    for label, start, end in bars:
        moments += [start, end]
        if end < start:
            raise ValueError(f"{label!r} ends before it starts")
    if any(moment.tzinfo is None for moment in moments):
        raise ValueError("give every datetime its timezone, for example datetime.now(UTC)")


def _scale(
    bars: Sequence[Span], now: datetime, marks: Sequence[Event], origin: datetime
) -> tuple[Callable[[datetime], float], bool]:
    """Return where a moment lies on the sheet, in inches, and whether the axis is logarithmic."""
    last = max([now, *(end for _, _, end in bars), *(when for _, when in marks)])
    whole = max((last - origin).total_seconds(), 1.0)
    shortest = min(max((end - start).total_seconds(), 1.0) for _, start, end in bars)
    is_log = whole > LOG_FROM * shortest
    unit = shortest / 10

    def place(moment: datetime) -> float:
        seconds = max((moment - origin).total_seconds(), 0.0)
        share = math.log1p(seconds / unit) / math.log1p(whole / unit) if is_log else seconds / whole
        return LEFT + (RIGHT - LEFT) * share

    return place, is_log


def _axis(
    axes: Axes, place: Callable[[datetime], float], origin: datetime, top: float, *, is_log: bool
) -> None:
    bottom = FOOT - 0.1
    axes.plot([LEFT, RIGHT], [bottom, bottom], color=GREY, linewidth=1.2)
    taken: list[float] = []
    for offset in (timedelta(0), *TICKS):
        x = place(origin + offset)
        if x > RIGHT + 0.01 or any(abs(x - other) < 0.75 for other in taken):
            continue
        taken.append(x)
        axes.plot([x, x], [bottom, top], color=PALE, linewidth=1, zorder=0)
        axes.text(
            x,
            bottom - 0.2,
            f"+{_lasting(offset)}" if offset else "start",
            ha="center",
            va="center",
            size=SMALL_SIZE,
        )
    steps = ", each step longer than the one before" if is_log else ""
    axes.text(
        (LEFT + RIGHT) / 2,
        bottom - 0.55,
        f"time since {_utc(origin)}{steps}",
        ha="center",
        va="center",
        size=SMALL_SIZE,
        color=GREY,
    )


def _bar(
    axes: Axes, bar: Span, now: datetime, place: Callable[[datetime], float], y: float
) -> None:
    label, start, end = bar
    is_over = end <= now
    colour = VERMILLION if is_over else GREEN
    mark = NO_MARK if is_over else OK_MARK
    axes.text(0.15, y + 0.13, label, size=TEXT_SIZE, weight="bold", va="center")
    axes.text(0.15, y - 0.13, f"{mark} {_state(start, end, now)}", size=SMALL_SIZE, va="center")
    axes.add_patch(
        Rectangle(
            (place(start), y - 0.17),
            max(place(end) - place(start), 0.03),
            0.34,
            facecolor=VERMILLION_TINT if is_over else GREEN_TINT,
            edgecolor=colour,
            linewidth=1.5,
            hatch="///" if is_over else "",
            zorder=2,
        )
    )


def _event(axes: Axes, mark: Event, place: Callable[[datetime], float], y: float) -> None:
    label, when = mark
    axes.text(0.15, y + 0.13, label, size=TEXT_SIZE, weight="bold", va="center")
    axes.text(0.15, y - 0.13, _utc(when), size=SMALL_SIZE, va="center")
    axes.plot([place(when)], [y], marker="D", markersize=11, color=BLUE, zorder=3)


def _now(axes: Axes, now: datetime, x: float, top: float) -> None:
    axes.plot([x, x], [FOOT - 0.1, top], color=INK, linewidth=2.2, zorder=4)
    axes.text(
        x,
        top + 0.2,
        f"now, {_utc(now)}",
        ha="center",
        va="center",
        size=SMALL_SIZE,
        weight="bold",
    )


def _state(start: datetime, end: datetime, now: datetime) -> str:
    if end <= now:
        return f"expired {_lasting(now - end)} ago" if end < now else "expired this second"
    if start > now:
        return f"begins in {_lasting(start - now)}"
    return f"valid for {_lasting(end - now)} more"


def _lasting(length: timedelta) -> str:
    """Say a length in its two largest units: ``29 d 23 h``."""
    seconds = round(length.total_seconds())
    words = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            words.append(f"{count} {unit}")
    return " ".join(words[:2]) or "0 s"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _sentence(bars: Sequence[Span], now: datetime, marks: Sequence[Event]) -> str:
    states = [f"{label} {_state(start, end, now)}" for label, start, end in bars]
    happened = [f"{label} at {_utc(when)}" for label, when in marks]
    return f"At {_utc(now)}: {'; '.join(states + happened)}."
