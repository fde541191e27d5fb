"""Which method for whom: a tree of questions, computed from rules that say what each one is for."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from .style import (
    BLUE,
    GREEN_TINT,
    GREY,
    INK,
    PALE,
    PAPER,
    SMALL_SIZE,
    WIDTH,
    fitted,
    folded,
    listing,
    picture,
)

Rule = Mapping[str, str | Sequence[str]]

NOTHING = "none of these"
LINE = 0.2  # inches, of one line of text
GAP = 0.35  # between two leaves
ASKED, USED = 1.55, 2.0  # the width of a question's box and of a method's
LETTER = 0.09  # the width of a letter of an answer
ANSWER_SIZE = 10


@dataclass(frozen=True)
class Node:
    """A question with a branch for each answer, or, without branches, the name of a method."""

    text: str
    branches: tuple[tuple[str, Node], ...] = ()


def decision_tree(
    rules: Iterable[Rule], title: str = "", *, path: str | os.PathLike[str] | None = None
) -> None:
    """Draw the questions that lead to one method each.

    A rule is ``{"use": method, question: answer, …}``: the method is for those whose answers it
    names. An answer may be a list of answers; a question that a rule leaves out does not matter
    to it. Of the questions that are left, the one that leaves fewest methods is asked first, and
    none is asked that tells no two methods apart.
    Raises ``ValueError`` where no question tells two methods apart, and for a rule without "use".
    """
    tree = grow([dict(rule) for rule in rules])
    rows = _leaves(tree)
    depth = _depth(tree)
    height = sum(map(_height, rows)) + GAP * (len(rows) + 1)
    with picture(_sentence(tree), height, title=title, path=path) as axes:
        _draw(axes, tree, _Place(left=0.15, step=(WIDTH - USED - 0.3) / max(depth, 1)), height)


def grow(rules: Sequence[Rule]) -> Node:
    """The tree for these rules. ``ValueError`` where two of them cannot be told apart."""
    if not rules:
        raise ValueError("there is nothing to draw: no rules")
    if any("use" not in rule for rule in rules):
        raise ValueError('each rule needs the member "use": the name of its method')
    questions = list(dict.fromkeys(q for rule in rules for q in rule if q != "use"))
    answers = {
        q: list(dict.fromkeys(a for rule in rules for a in _said(rule, q))) for q in questions
    }
    return _grow(list(rules), answers)


def _grow(rules: list[Rule], answers: Mapping[str, list[str]]) -> Node:
    methods = list(dict.fromkeys(str(rule["use"]) for rule in rules))
    if len(methods) < 2:
        return Node(methods[0] if methods else NOTHING)
    telling = [
        q for q in answers if any(len(_fitting(rules, q, a)) < len(rules) for a in answers[q])
    ]
    if not telling:
        raise ValueError(f"no question tells these apart: {listing(methods)}")
    question = min(telling, key=lambda q: _left_over(rules, q, answers[q]))
    others = {q: said for q, said in answers.items() if q != question}
    grown = [(a, _grow(_fitting(rules, question, a), others)) for a in answers[question]]
    return Node(question, _merged(grown))


def _fitting(rules: Iterable[Rule], question: str, answer: str) -> list[Rule]:
    return [rule for rule in rules if question not in rule or answer in _said(rule, question)]


def _said(rule: Rule, question: str) -> list[str]:
    said = rule.get(question, [])
    return [said] if isinstance(said, str) else list(said)


def _left_over(rules: list[Rule], question: str, answers: list[str]) -> float:
    """How many methods an answer leaves, on average. A dead end is as bad as no answer at all."""
    left = [len({rule["use"] for rule in _fitting(rules, question, a)}) for a in answers]
    return sum(count or len(rules) for count in left) / len(left)


def _merged(grown: Iterable[tuple[str, Node]]) -> tuple[tuple[str, Node], ...]:
    """Answers that lead to the same place share a branch."""
    branches: dict[Node, list[str]] = {}
    for answer, node in grown:
        branches.setdefault(node, []).append(answer)
    return tuple((" or ".join(said), node) for node, said in branches.items())


# --- drawing -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """Where a level of the tree begins, and how far it is to the next, in inches."""

    left: float
    step: float

    @property
    def next(self) -> _Place:
        return _Place(self.left + self.step, self.step)


def _draw(axes: Axes, node: Node, place: _Place, top: float) -> float:
    """Draw a node and all behind it, its leaves downwards from ``top``; return its own height."""
    if not node.branches:
        middle = top - GAP - _height(node) / 2
        _box(axes, node, WIDTH - USED - 0.15, middle, GREEN_TINT if node.text != NOTHING else PALE)
        return middle
    ends = []
    for answer, child in node.branches:
        ends.append((answer, child, _draw(axes, child, place.next, top)))
        top -= sum(map(_height, _leaves(child))) + GAP * len(_leaves(child))
    middle = (ends[0][2] + ends[-1][2]) / 2
    for answer, child, y in ends:
        to = place.next.left if child.branches else WIDTH - USED - 0.15
        _branch(axes, answer, (place.left + ASKED, middle), (to, y))
    _box(axes, node, place.left, middle, PAPER)
    return middle


def _branch(axes: Axes, answer: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    (x, y), (to, level) = start, end
    turn = x + 0.1
    axes.plot([x, turn, turn, to], [y, y, level, level], color=GREY, linewidth=1.2, zorder=1)
    room = max(int((to - turn) / LETTER), 8)
    words = textwrap.fill(answer, room, break_long_words=False)
    axes.text(turn + 0.05, level + 0.05, words, size=ANSWER_SIZE, va="bottom", color=INK)


def _box(axes: Axes, node: Node, x: float, y: float, colour: str) -> None:
    height, width = _height(node), ASKED if node.branches else USED
    axes.add_patch(
        FancyBboxPatch(
            (x, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=colour,
            edgecolor=BLUE if node.branches else INK,
            linewidth=1.6 if node.branches else 0.8,
            zorder=2,
        )
    )
    words = "\n".join(_lines(node))
    axes.text(
        x + width / 2,
        y,
        words,
        size=fitted(words, width - 0.1, SMALL_SIZE),
        weight="normal" if node.branches else "bold",
        ha="center",
        va="center",
        zorder=3,
    )


def _lines(node: Node) -> list[str]:
    """A question wrapped, a method at its words: those of an API name begin with capitals."""
    if node.branches or " " in node.text:
        return textwrap.wrap(node.text, 16 if node.branches else 20) or [""]
    return folded(node.text, 20).splitlines()


def _height(node: Node) -> float:
    return LINE * max(len(_lines(node)), 2) + 0.2


def _leaves(node: Node) -> list[Node]:
    if not node.branches:
        return [node]
    return [leaf for _, child in node.branches for leaf in _leaves(child)]


def _depth(node: Node) -> int:
    """How many questions stand one behind the other."""
    return 1 + max(_depth(child) for _, child in node.branches) if node.branches else 0


# --- in words ------------------------------------------------------------------------------------


def _sentence(node: Node) -> str:
    return f"{'; '.join(_ways(node, ''))}." if node.branches else f"Always {node.text}."


def _ways(node: Node, said: str) -> list[str]:
    if not node.branches:
        return [f"{said} → {node.text}"]
    ways = []
    for answer, child in node.branches:
        ways += _ways(child, f"{said}, {node.text} {answer}" if said else f"{node.text} {answer}")
    return ways
