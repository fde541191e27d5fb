"""Pictures are closed once shown; the tests look at them before."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def open_figures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep figures open, so that ``plt.gca()`` is the one just drawn."""
    close = plt.close
    monkeypatch.setattr(plt, "close", lambda figure: None)
    yield
    close("all")
