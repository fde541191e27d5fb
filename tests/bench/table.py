"""The rows of the table."""

from __future__ import annotations

from dataclasses import dataclass

HEADING = "| Measure | Ours | Peer | Ours / peer | Goal | Met |\n|---|---|---|---|---|---|"


class Skipped(Exception):
    """What a benchmark needs is not there; the text says what."""


@dataclass(frozen=True)
class Row:
    """One measure. `met` is None where there is no goal, only a number to know."""

    measure: str
    ours: str
    peer: str
    ratio: float
    goal: str = ""
    met: bool | None = None
    note: str = ""

    def as_markdown(self) -> str:
        """The row as a line of a Markdown table."""
        met = {True: "yes", False: "**no**", None: ""}[self.met]
        cells = [self.measure, self.ours, self.peer, f"{self.ratio:.3g}", self.goal, met]
        return f"| {' | '.join(cells)} |"


def duration(seconds: float) -> str:
    """Seconds in the unit that reads best."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.2f} {unit}"
    return f"{seconds * 1e6:.1f} µs"
