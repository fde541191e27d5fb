"""Who called whom: a sequence diagram of recorded requests."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from itertools import groupby

from matplotlib.axes import Axes

from .recorded import Recorded, read, together
from .style import (
    BLUE,
    GREEN,
    GREEN_INK,
    GREY,
    INK,
    NO_MARK,
    OK_MARK,
    PALE,
    PAPER,
    SMALL_SIZE,
    TEXT_SIZE,
    VERMILLION,
    VERMILLION_INK,
    WIDTH,
    listing,
    picture,
)

HEAD = 0.85  # inches for one storey of lane names
CROWDED = 1.5  # inches between lanes below which the names stand on two storeys
MARGIN = 1.1
ROW, REFUSED_ROW = 0.58, 0.8
CHARACTER = 0.105  # inches one letter takes, to keep labels on the sheet


def calls(entries: Iterable[object], title: str = "") -> None:
    """Draw recorded requests from the top down, callers to the left, services to the right.

    ``entries`` are trace entries (``cloud.trace`` or a slice of it). A request that was answered
    is green with ✓, a refused one vermillion and dashed with ✗ and its error code. The same call
    made again and again is one arrow. Raises ``ValueError`` when there is no entry.
    """
    steps = together(read(entries))
    callers = list(dict.fromkeys(step.who for step in steps))
    services = list(dict.fromkeys(step.what for step in steps))
    names = callers + services
    gap = (WIDTH - 2 * MARGIN) / (len(names) - 1)
    storeys = 2 if gap < CROWDED else 1
    lanes = {name: MARGIN + gap * place for place, name in enumerate(names)}
    height = HEAD * storeys + sum(map(_row, steps)) + 0.2
    with picture(_sentence(steps), height, title=title) as axes:
        for place, (name, x) in enumerate(lanes.items()):
            y = height - HEAD * (place % storeys + 0.5)
            _lane(axes, name, x, y, room=gap * storeys, is_service=name in services)
        y = height - HEAD * storeys
        for step in steps:
            _arrow(axes, step, lanes[step.who], lanes[step.what], y - 0.36)
            y -= _row(step)


def _row(step: Recorded) -> float:
    return REFUSED_ROW if step.error else ROW


def _lane(axes: Axes, name: str, x: float, y: float, *, room: float, is_service: bool) -> None:
    axes.plot([x, x], [0.1, y], color=GREY, linewidth=1, linestyle=(0, (2, 3)), zorder=1)
    axes.text(
        x,
        y,
        textwrap.fill(name, max(int((room - 0.2) / CHARACTER), 9), break_on_hyphens=False),
        ha="center",
        va="center",
        size=SMALL_SIZE,
        weight="bold",
        color=PAPER if is_service else INK,
        bbox={
            "boxstyle": "round,pad=0.45",
            "facecolor": BLUE if is_service else PALE,
            "edgecolor": BLUE if is_service else GREY,
        },
        zorder=4,
    )


def _arrow(axes: Axes, step: Recorded, start: float, end: float, y: float) -> None:
    colour = VERMILLION if step.error else GREEN
    axes.annotate(
        "",
        xy=(end, y),
        xytext=(start, y),
        arrowprops={
            "arrowstyle": "-|>",
            "color": colour,
            "linewidth": 2,
            "linestyle": (0, (5, 3)) if step.error else "solid",
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 18,
        },
        zorder=2,
    )
    label = step.asked if step.error else f"{step.asked} {OK_MARK}"
    _label(axes, label, (start + end) / 2, y + 0.17, INK if step.error else GREEN_INK)
    if step.error:
        _label(axes, f"{NO_MARK} {step.error}", (start + end) / 2, y - 0.19, VERMILLION_INK)


def _label(axes: Axes, text: str, x: float, y: float, colour: str) -> None:
    half = len(text) * CHARACTER / 2 + 0.1
    axes.text(
        min(max(x, half), WIDTH - half),
        y,
        text,
        ha="center",
        va="center",
        size=TEXT_SIZE,
        color=colour,
        # White behind the words, so that a lane's line never runs through them.
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6},
        zorder=3,
    )


def _sentence(steps: list[Recorded]) -> str:
    parts = [
        f"{who} asks {what} for {listing([step.outcome for step in run])}"
        for (who, what), run in groupby(steps, key=lambda step: (step.who, step.what))
    ]
    return f"{'; '.join(parts)}."
