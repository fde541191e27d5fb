"""Two or three ways to the same end, next to each other: the calls that each of them took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from .recorded import Recorded, read
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
    fitted,
    listing,
    picture,
)

HEAD = 0.7  # inches for the names of the ways
LINE = 0.27
PAD = 0.2  # above and below a box's words
GAP = 0.34  # between boxes, where the arrow goes
MARGIN = 0.15
ROLE_ACTIONS = frozenset(
    {"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}
)


@dataclass(frozen=True)
class Step:
    """One call of a way, and the role it asked for, if it asked for one."""

    call: Recorded
    role: str
    is_let_in: bool

    @property
    def chooser(self) -> str:
        """Who named the role: the call itself carries its ARN, or the service looked it up."""
        return "the app" if self.call.params.get("RoleArn") else self.call.what

    @property
    def lines(self) -> list[str]:
        """What the step's box says."""
        mark = NO_MARK if self.call.error else OK_MARK
        asked = f"{self.call.who} → {self.call.what}"
        said = [f"{self.call.n} {self.call.operation} {mark}", asked]
        if self.role:
            said.append(f"{self.chooser} names the role {self.role}")
            said.append(f"its trust policy {'allows it' if self.is_let_in else 'refuses'}")
        return [*said, *([self.call.error] if self.call.error else [])]

    @property
    def words(self) -> str:
        """The step as part of a sentence."""
        said = f"{self.call.who} asks {self.call.what} for {self.call.outcome}"
        if not self.role:
            return said
        answer = "allows it" if self.is_let_in else "refuses"
        return f"{said}, {self.chooser} names the role {self.role} and its trust policy {answer}"


def side_by_side(ways: Mapping[str, Iterable[object]], title: str = "") -> None:
    """Draw the recorded calls of two or three ways to one end, one column each.

    ``ways`` maps the name of a way to its trace entries. Each box is a call: its number and
    operation, who asked whom, and, where a role's trust policy was asked, who had named the role
    and what the policy said. Refused calls are vermillion with ✗. Raises ``ValueError`` for
    fewer than two or more than three ways, and for one without a call.
    """
    if not 2 <= len(ways) <= 3:
        raise ValueError(f"side by side stand two or three ways, not {len(ways)}")
    columns = {name: [_step(call) for call in read(entries)] for name, entries in ways.items()}
    height = HEAD + max(sum(map(_tall, steps)) for steps in columns.values())
    with picture(_sentence(columns), height, title=title) as axes:
        width = (WIDTH - MARGIN * (len(columns) + 1)) / len(columns)
        for place, (name, steps) in enumerate(columns.items()):
            x = MARGIN + (width + MARGIN) * place
            _name(axes, name, x + width / 2, height - HEAD / 2, width)
            _column(axes, steps, x, height - HEAD, width)


def _step(call: Recorded) -> Step:
    asked = [d for d in call.decisions if d["action"] in ROLE_ACTIONS]
    if not asked:
        return Step(call, "", is_let_in=False)
    role = str(asked[-1]["resource"]).rpartition("/")[2]
    return Step(call, role, is_let_in=all(d["result"] == "allow" for d in asked))


def _tall(step: Step) -> float:
    return LINE * len(step.lines) + 2 * PAD + GAP


def _name(axes: Axes, name: str, x: float, y: float, width: float) -> None:
    axes.text(
        x,
        y,
        name,
        ha="center",
        va="center",
        size=fitted(name, width - 0.6, TEXT_SIZE),
        weight="bold",
        color=PAPER,
        bbox={"boxstyle": "round,pad=0.45", "facecolor": BLUE, "edgecolor": BLUE},
    )


def _column(axes: Axes, steps: list[Step], x: float, top: float, width: float) -> None:
    for place, step in enumerate(steps):
        bottom = top - _tall(step) + GAP
        _box(axes, step, x, bottom, width, top - bottom)
        if place + 1 < len(steps):
            axes.annotate(
                "",
                xy=(x + width / 2, bottom - GAP),
                xytext=(x + width / 2, bottom),
                arrowprops={"arrowstyle": "-|>", "color": GREY, "linewidth": 2, "shrinkA": 0},
            )
        top = bottom - GAP


def _box(axes: Axes, step: Step, x: float, y: float, width: float, height: float) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (x + 0.08, y + 0.04),
            width - 0.16,
            height - 0.08,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=PALE if step.role else PAPER,
            edgecolor=VERMILLION if step.call.error else GREEN,
            linewidth=2,
            linestyle=(0, (5, 3)) if step.call.error else "solid",
        )
    )
    for place, (line, colour, weight) in enumerate(_styled(step)):
        axes.text(
            x + width / 2,
            y + height - PAD - LINE * (place + 0.5),
            line,
            size=fitted(line, width - 0.3, SMALL_SIZE if place else TEXT_SIZE),
            color=colour,
            weight=weight,
            ha="center",
            va="center",
        )


def _styled(step: Step) -> Iterator[tuple[str, str, str]]:
    """Each line of a box with its colour and weight."""
    for place, line in enumerate(step.lines):
        if place == 0 or line == step.call.error:
            yield line, VERMILLION_INK if step.call.error else GREEN_INK, "bold"
        elif "names the role" in line and step.chooser == "the app":
            yield line, INK, "bold"
        else:
            yield line, INK, "normal"


def _sentence(columns: Mapping[str, list[Step]]) -> str:
    told = [f"{name}: {listing([s.words for s in steps])}" for name, steps in columns.items()]
    return f"{'; '.join(told)}."
