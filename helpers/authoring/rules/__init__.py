"""The rules that every notebook of the course keeps, and those that every lab keeps.

A rule is a function from a page to the sentences that say how the page breaks it. It reads the
file alone; that the saved outputs are true is what nbval proves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from .code import CODE_RULES, imports, is_python, tags
from .lab_shape import LAB_SHAPE_RULES
from .page import Page
from .saved import SAVED_RULES, counts, errors, figures, scripts, stable
from .shape import SHAPE_RULES, levels
from .text import TEXT_RULES

Rule = Callable[[Page], Iterable[str]]

NOTEBOOK_RULES: tuple[Rule, ...] = (*SHAPE_RULES, *CODE_RULES, *TEXT_RULES, *SAVED_RULES)
LAB_RULES: tuple[Rule, ...] = (
    *LAB_SHAPE_RULES,
    *(levels, is_python, imports, tags),
    *TEXT_RULES,
    *(counts, errors, figures, stable, scripts),
)


def breaches(path: Path, root: Path) -> list[str]:
    """Return, in sentences, every rule that the notebook at ``path`` breaks.

    A file below ``labs/`` is held to the rules of a lab's solution, any other to a notebook's.
    """
    page = Page.read(path, root)
    is_lab = page.path.is_relative_to(page.root / "labs")
    rules = LAB_RULES if is_lab else NOTEBOOK_RULES
    return [f"{path.name}: {found}" for rule in rules for found in rule(page)]
