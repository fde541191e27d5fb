"""The timeline says what has expired, and shows minutes and months on one axis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import Rectangle

from helpers import draw

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MONTH = timedelta(days=30)


def bars() -> list[Rectangle]:
    return [patch for patch in plt.gca().patches if isinstance(patch, Rectangle)]


def words() -> set[str]:
    return {text.get_text() for text in plt.gca().texts}


def test_nothing_naive_or_backward_is_drawn() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        draw.timeline([], NOON)
    with pytest.raises(ValueError, match="'token' ends before it starts"):
        draw.timeline([("token", NOON, NOON - HOUR)], NOON)
    with pytest.raises(ValueError, match="give every datetime its timezone"):
        draw.timeline([("token", NOON, NOON + HOUR)], NOON.replace(tzinfo=None))


def test_the_sentence_tells_each_state_and_event(capsys: pytest.CaptureFixture[str]) -> None:
    spans = [
        ("access token", NOON, NOON + HOUR),
        ("session", NOON, NOON + HOUR + timedelta(minutes=5)),
        ("refresh token", NOON, NOON + MONTH),
        ("code", NOON + 3 * HOUR, NOON + 4 * HOUR),
    ]
    now = NOON + HOUR + timedelta(minutes=5)
    draw.timeline(spans, now, [("sign-out", NOON + HOUR)])
    assert capsys.readouterr().out == (
        "At 2026-01-15 13:05:00 UTC: access token expired 5 min ago; session expired this second; "
        "refresh token valid for 29 d 22 h more; code begins in 1 h 55 min; "
        "sign-out at 2026-01-15 13:00:00 UTC.\n"
    )


def test_an_hour_is_legible_beside_a_month() -> None:
    draw.timeline([("token", NOON, NOON + HOUR), ("refresh", NOON, NOON + MONTH)], NOON + HOUR)
    short, long = (bar.get_width() for bar in bars())
    assert long / 5 < short < long / 2
    assert {"start", "+1 h", "+1 d", "+30 d"} <= words()
    assert any("each step longer than the one before" in word for word in words())


def test_lifetimes_alike_share_an_even_axis() -> None:
    draw.timeline([("one", NOON, NOON + HOUR), ("two", NOON, NOON + 2 * HOUR)], NOON)
    short, long = (bar.get_width() for bar in bars())
    assert long == pytest.approx(2 * short)
    assert not any("each step longer" in word for word in words())


def test_expired_is_a_word_a_mark_and_a_hatch_not_a_colour_alone() -> None:
    draw.timeline([("old", NOON - HOUR, NOON), ("new", NOON, NOON + HOUR)], NOON + HOUR / 2)
    old, new = bars()
    assert (old.get_hatch(), new.get_hatch()) == ("///", "")
    assert {"✗ expired 30 min ago", "✓ valid for 30 min more"} <= words()
