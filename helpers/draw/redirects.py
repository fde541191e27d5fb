"""How a browser was sent around: a sequence diagram of recorded visits to web pages."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from matplotlib.axes import Axes

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
    shorten,
)

BROWSER, APP, COGNITO = "browser", "the app", "Cognito"
IDENTITY_CENTER = "Identity Center"
APP_HOST = "photos.example.com"
DOMAIN_TAIL = ".amazoncognito.com"
# One lane for all hosts of one company: the path already says which of them was asked.
COMPANIES: Mapping[str, str] = {
    "google.com": "Google",
    "googleapis.com": "Google",
    "apple.com": "Apple",
    "amazon.com": "Amazon",
    "facebook.com": "Facebook",
}
# AWS's own pages, by the end of the host's name.
AWS_PAGES: Mapping[str, str] = {
    ".awsapps.com": IDENTITY_CENTER,
    "signin.aws.amazon.com": "AWS sign-in",
    "console.aws.amazon.com": "AWS console",
}
# Of these come the calls of programs that sign somebody in.
PROGRAMS_ASK: Mapping[str, str] = {"sso": IDENTITY_CENTER, "sso-oidc": IDENTITY_CENTER}
OF_PAGES = ("hosted-ui", "outside", "access-portal", "signin", "console")
# Not steps of a sign-in: what a page loads for its looks, and what a lesson arranges.
LEFT_OUT = ("/style.css", "/favicon.ico", "/_lab/")

HEAD = 1.0  # inches for the lanes' names
MARGIN = 1.0
ROW = 0.78
CHARACTER = 0.1  # inches one letter of a label takes


@dataclass(frozen=True)
class Hop:
    """One visit: who asked whom for which page, and what came back."""

    n: int
    who: str
    whom: str
    asked: str
    status: int
    onward: str
    error: str

    @property
    def came_back(self) -> str:
        """The status and where it led: ``302 → the app /callback``."""
        return f"{self.status} → {self.onward}" if self.onward else str(self.status)

    @property
    def outcome(self) -> str:
        """The page and what came back, with the error if it was refused."""
        refusal = f", {NO_MARK} {self.error}" if self.error else ""
        onward = f" to {self.onward}" if self.onward else ""
        return f"{self.asked} ({self.status}{onward}{refusal})"


def redirects(entries: Iterable[object], title: str = "", *, program: str = "") -> None:
    """Draw recorded visits from the top down: browser, app, user pool domain, outside providers.

    ``entries`` are trace entries (``cloud.trace`` or a slice of it); API calls among them are left
    out, unless ``program`` names the program that asked IAM Identity Center in these calls. Each
    arrow names the page, and below it the status and where the browser was sent. A refused one is
    vermillion and dashed with ✗ and its error. Raises ``ValueError`` when there is no visit.
    """
    steps = read(entries)
    hops = [
        _hop(step) if _is_visit(step) else _call(step, program)
        for step in steps
        if _is_visit(step) or (program and step.service in PROGRAMS_ASK)
    ]
    if not hops:
        raise ValueError("there is nothing to draw: no page was asked for in these entries")
    lanes = _lanes(hops)
    height = HEAD + ROW * len(hops) + 0.15
    with picture(_sentence(hops), height, title=title) as axes:
        gap = (WIDTH - 2 * MARGIN) / (len(lanes) - 1)
        places = {name: MARGIN + gap * place for place, name in enumerate(lanes)}
        for name, x in places.items():
            room = min(gap, 2 * MARGIN + 0.6)
            _lane(axes, name, x, height - HEAD / 2, room, asks=name in (BROWSER, APP, program))
        for row, hop in enumerate(hops):
            _arrow(axes, hop, places[hop.who], places[hop.whom], height - HEAD - ROW * row - 0.42)


# --- what is drawn -----------------------------------------------------------------------------


def _is_visit(step: Recorded) -> bool:
    path = step.operation.partition(" ")[2]
    return step.service in OF_PAGES and not path.startswith(LEFT_OUT)


def _call(step: Recorded, program: str) -> Hop:
    """An API call: it is answered, and leads nowhere."""
    whom = PROGRAMS_ASK[step.service]
    return Hop(step.n, program, whom, step.operation, step.status, onward="", error=step.error)


def _hop(step: Recorded) -> Hop:
    whom = _name(step.resource)
    host, _, path = step.location.partition("/")
    there = _name(host)
    return Hop(
        n=step.n,
        who={"app": APP}.get(step.caller, step.caller),
        whom=whom,
        asked=step.operation,
        status=step.status,
        onward="" if not host else f"/{path}" if there == whom else f"{there} /{path}",
        # Where a page has no error of its own, the trace repeats the status.
        error="refused" if step.error == str(step.status) else step.error,
    )


def _name(host: str) -> str:
    """A host in the learner's words."""
    if host == APP_HOST:
        return APP
    if host.startswith(("device.sso.", "oidc.")) and host.endswith(".amazonaws.com"):
        return IDENTITY_CENTER
    for tail, name in AWS_PAGES.items():
        if host.endswith(tail):
            return name
    company = ".".join(host.split(".")[-2:])
    return COGNITO if host.endswith(DOMAIN_TAIL) else COMPANIES.get(company, host)


def _lanes(hops: list[Hop]) -> list[str]:
    """The lanes from left to right; browser, app and Cognito first, those that take part."""
    taking_part = dict.fromkeys(name for hop in hops for name in (hop.who, hop.whom))
    usual = [name for name in (BROWSER, APP, COGNITO, IDENTITY_CENTER) if name in taking_part]
    return usual + [name for name in taking_part if name not in usual]


def _sentence(hops: list[Hop]) -> str:
    parts = [
        f"{_spoken(who)} asks {whom} for {listing([hop.outcome for hop in run])}"
        for (who, whom), run in groupby(hops, key=lambda hop: (hop.who, hop.whom))
    ]
    return f"{'; '.join(parts)}."


def _spoken(who: str) -> str:
    return "the browser" if who == BROWSER else who


# --- how it is drawn ---------------------------------------------------------------------------


def _lane(axes: Axes, name: str, x: float, y: float, room: float, *, asks: bool) -> None:
    """The line of one that takes part; pale are those who only ask."""
    axes.plot([x, x], [0.1, y], color=GREY, linewidth=1, linestyle=(0, (2, 3)), zorder=1)
    under = {COGNITO: "user pool domain", APP: APP_HOST}.get(name, "")
    wrapped = textwrap.fill(name, max(int(room / 0.12), 9), break_on_hyphens=False)
    axes.text(
        x,
        y,
        f"{wrapped}\n{under}" if under else wrapped,
        ha="center",
        va="center",
        size=fitted(f"{wrapped}\n{under}", room - 0.2, SMALL_SIZE),
        weight="bold",
        color=INK if asks else PAPER,
        bbox={
            "boxstyle": "round,pad=0.45",
            "facecolor": PALE if asks else BLUE,
            "edgecolor": GREY if asks else BLUE,
        },
        zorder=4,
    )


def _arrow(axes: Axes, hop: Hop, start: float, end: float, y: float) -> None:
    axes.annotate(
        "",
        xy=(end, y),
        xytext=(start, y),
        arrowprops={
            "arrowstyle": "-|>",
            "color": VERMILLION if hop.error else GREEN,
            "linewidth": 2,
            "linestyle": (0, (5, 3)) if hop.error else "solid",
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 18,
        },
        zorder=2,
    )
    middle = (start + end) / 2
    mark = "" if hop.error else f" {OK_MARK}"
    _label(axes, f"{hop.n} {hop.asked}{mark}", middle, y + 0.17, INK if hop.error else GREEN_INK)
    refusal = f"  {NO_MARK} {shorten(hop.error, 40)}" if hop.error else ""
    back = f"{hop.came_back}{refusal}"
    _label(axes, back, middle, y - 0.18, VERMILLION_INK if hop.error else GREY, size=SMALL_SIZE)


def _label(axes: Axes, text: str, x: float, y: float, colour: str, size: float = TEXT_SIZE) -> None:
    half = len(text) * CHARACTER / 2 + 0.1
    axes.text(
        min(max(x, half), WIDTH - half),
        y,
        text,
        ha="center",
        va="center",
        size=size,
        color=colour,
        # White behind the words, so that a lane's line never runs through them.
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6},
        zorder=3,
    )
