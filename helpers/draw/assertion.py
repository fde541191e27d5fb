"""What is in a SAML response: who says what about whom, and which part of it is signed."""

from __future__ import annotations

from lxml import etree
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from . import saml_rows
from .saml_rows import Row
from .style import (
    BLUE,
    GREEN,
    GREEN_INK,
    GREEN_TINT,
    GREY,
    INK,
    NO_MARK,
    OK_MARK,
    PAPER,
    SMALL_SIZE,
    TEXT_SIZE,
    VERMILLION,
    VERMILLION_INK,
    VERMILLION_TINT,
    picture,
    shorten,
)

ROW = 0.34
MARK, NAME, VALUE, NOTE = 0.32, 0.55, 3.05, 7.35  # inches from the left
STEP = 0.28  # inches by which what lies inside is moved in
SEAL = "●"


def assertion(response: str | bytes, title: str = "") -> None:
    """Draw a SAML response line by line, with a mark at each line that a signature is over.

    ``response`` is the XML, not its base64. The signature is not verified: a line under it was
    signed by somebody, or changed afterwards. A line outside it could have been written by anyone
    on the way. Raises ``ValueError`` for what is no SAML response, or has a DTD.
    """
    root = saml_rows.parse(response)
    rows = saml_rows.rows(root)
    height = ROW * len(rows) + 0.75
    with picture(_sentence(root), height, title=title) as axes:
        top = height - 0.1
        for place, row in enumerate(rows):
            _draw(axes, row, top - ROW * (place + 0.5))
        _legend(axes, 0.28)


def _draw(axes: Axes, row: Row, y: float) -> None:
    left = NAME + STEP * row.depth
    tint = GREEN_TINT if row.covered else VERMILLION_TINT
    if row.heads:
        band = Rectangle((left - 0.1, y - ROW / 2), 9.85 - left + 0.1, ROW, color=tint)
        axes.add_patch(band)
    mark, colour, ink = _mark(row)
    axes.add_patch(Rectangle((0.15, y - ROW / 2), 0.06, ROW, color=colour))
    axes.text(MARK, y, mark, size=SMALL_SIZE, color=ink, ha="center", va="center")
    mono = {"family": "DejaVu Sans Mono", "size": SMALL_SIZE, "va": "center"}
    size = TEXT_SIZE if row.heads else SMALL_SIZE
    axes.text(left, y, shorten(row.name, 20), **mono | {"size": size}, weight="bold", color=INK)
    axes.text(max(VALUE, left + 2.1), y, shorten(row.value, 42 - 2 * row.depth), **mono)
    axes.text(NOTE, y, row.note, size=SMALL_SIZE, color=INK if row.heads else GREY, va="center")
    axes.plot([left, 9.85], [y - ROW / 2] * 2, color="#DADCE0", linewidth=0.6, zorder=0)


def _mark(row: Row) -> tuple[str, str, str]:
    """The mark of a line, its colour, and the same colour for words."""
    if row.seals:
        return SEAL, BLUE, BLUE
    if row.covered:
        return OK_MARK, GREEN, GREEN_INK
    return NO_MARK, VERMILLION, VERMILLION_INK


def _legend(axes: Axes, y: float) -> None:
    texts = (
        (NAME, f"{SEAL} a signature", BLUE),
        (2.2, f"{OK_MARK} under a signature", GREEN_INK),
        (4.3, f"{NO_MARK} outside every signature: anyone on the way can write it", VERMILLION_INK),
    )
    for x, words, ink in texts:
        axes.text(x, y, words, size=SMALL_SIZE, color=ink, va="center", backgroundcolor=PAPER)


def _sentence(root: etree._Element) -> str:
    signed = saml_rows.covered(root)
    about = [_about(one, one in signed) for one in saml_rows.assertions(root)]
    if len(about) == 1:
        said = f"one assertion, {about[0]}"
    elif about:
        each = "; ".join(f"({place}) {text}" for place, text in enumerate(about, start=1))
        said = f"{len(about)} assertions: {each}"
    elif next(saml_rows.encrypted(root), None) is not None:
        said = "an encrypted assertion, which nobody on the way can read"
    else:
        said = "no assertion"
    sender = saml_rows.value_of(root, "saml:Issuer") or "nobody named"
    return f"A SAML response from {sender} with {said}; the envelope is {_where(root in signed)}."


def _about(one: etree._Element, is_signed: bool) -> str:
    name = saml_rows.value_of(one, "saml:Subject/saml:NameID") or "nobody"
    path = "saml:Conditions/saml:AudienceRestriction/saml:Audience"
    audience = saml_rows.value_of(one, path) or "anybody"
    until = f", good until {saml_rows.end_of(one)}" if saml_rows.end_of(one) else ""
    return f"about {name}, for {audience}{until}, {_where(is_signed)}"


def _where(is_signed: bool) -> str:
    return "under a signature" if is_signed else "outside every signature"
