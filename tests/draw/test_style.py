"""Pictures keep to one style that most people can see."""

from __future__ import annotations

import pytest
from matplotlib.colors import to_rgb

from helpers.draw import style


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        (style.INK, style.PAPER),
        (style.GREY, style.PAPER),
        (style.GREEN_INK, style.PAPER),
        (style.VERMILLION_INK, style.PAPER),
        (style.PAPER, style.BLUE),
        (style.INK, style.PURPLE),
        (style.INK, style.YELLOW),
        (style.INK, style.GREEN_TINT),
        (style.INK, style.VERMILLION_TINT),
        (style.INK, style.PALE),
        (style.GREEN_INK, style.PALE),
        (style.VERMILLION_INK, style.PALE),
    ],
)
def test_words_stand_out_from_what_is_behind_them(ink: str, paper: str) -> None:
    assert contrast(ink, paper) >= 4.5


@pytest.mark.parametrize(
    ("words", "sentence"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists_read_as_sentences(words: list[str], sentence: str) -> None:
    assert style.listing(words) == sentence


def test_long_names_are_folded_where_a_word_begins() -> None:
    assert style.folded("GetCredentialsForIdentity", 15) == "GetCredentials\nForIdentity"
    assert style.folded("not called", 15) == "not called"


def test_both_ends_of_a_long_value_are_kept() -> None:
    assert style.shorten("0123456789", 10) == "0123456789"
    assert style.shorten("0123456789ABCDEF", 9) == "012345…EF"
