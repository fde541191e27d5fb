"""How every picture of the course looks: one palette, one set of sizes, one way to be shown.

The colours are the ones Masataka Okabe and Kei Ito chose so that colour-blind readers can tell
them apart ("Color Universal Design", 2008). A colour never stands alone: a mark or a word goes
with it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

GREEN = "#009E73"
VERMILLION = "#D55E00"
BLUE = "#0072B2"
SKY = "#56B4E9"
ORANGE = "#E69F00"
PURPLE = "#CC79A7"
YELLOW = "#F0E442"
GREEN_INK = "#006B4F"  # the same hues, dark enough to read as words on white
VERMILLION_INK = "#A04000"
GREEN_TINT = "#BFE7DC"  # and light enough to read ink on
VERMILLION_TINT = "#F7D9C8"
INK = "#1A1A1A"
GREY = "#5F6368"
PALE = "#E8EAED"
PAPER = "#FFFFFF"

OK_MARK = "✓"
NO_MARK = "✗"

WIDTH = 10.0  # inches: a notebook's text column at 100 dots per inch

TITLE_SIZE = 15
TEXT_SIZE = 12.5
SMALL_SIZE = 11

RC = {
    "font.family": "DejaVu Sans",
    "font.size": TEXT_SIZE,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "figure.dpi": 100,
    "figure.facecolor": PAPER,
    "savefig.dpi": 100,
    "savefig.facecolor": PAPER,
    "hatch.linewidth": 0.8,
}


@contextmanager
def picture(
    sentence: str, height: float, *, title: str = "", path: str | os.PathLike[str] | None = None
) -> Iterator[Axes]:
    """Yield a blank sheet whose coordinates are inches, then show it with its one sentence.

    ``sentence`` is the picture's alternative text: it is printed below the figure, so it must say
    what the drawn data say. ``height`` is in inches and leaves out the title. With ``path`` the
    picture is also written there as a PNG that carries the sentence as its description.
    """
    sheet = height + (0.55 if title else 0.0)
    with plt.rc_context(RC):
        figure = plt.figure(figsize=(WIDTH, sheet))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(0, sheet)
        axes.axis("off")
        if title:
            axes.text(0.15, sheet - 0.3, title, size=TITLE_SIZE, weight="bold", va="center")
        yield axes
        if path is not None:
            figure.savefig(path, format="png", metadata={"Description": sentence})
        # Under Agg (tests, scripts) there is no screen to show it on, and show() would warn.
        if plt.get_backend().lower() != "agg":
            plt.show()
        plt.close(figure)
    print(sentence)


def fitted(text: str, width: float, size: float) -> float:
    """Return the type size, at most ``size`` points, at which ``text`` fits ``width`` inches."""
    longest = max((len(line) for line in text.splitlines()), default=0)
    return min(size, width * 72 / (0.62 * max(longest, 1)))


def folded(name: str, most: int) -> str:
    """Break a long AWS name over lines of about ``most`` letters, where a word of it begins."""
    lines = [""]
    for word in re.findall(r"[A-Z]*[^A-Z]*", name):
        if lines[-1] and len(lines[-1] + word) > most:
            lines.append("")
        lines[-1] += word
    return "\n".join(lines)


def listing(words: list[str]) -> str:
    """Join words as a sentence does: ``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def shorten(text: str, most: int) -> str:
    """Cut ``text`` to ``most`` characters, keeping both ends: ids differ at either."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 3
    return f"{text[: most - 1 - tail]}…{text[-tail:]}"
