"""The table of contents leads from each notebook to its neighbours and its lab."""

from __future__ import annotations

import nbformat
import pytest

from helpers.authoring import course


def test_a_notebook_outside_the_contents_has_no_neighbours() -> None:
    with pytest.raises(ValueError, match="99_none"):
        course.navigation("99_none")
    with pytest.raises(ValueError, match="lab_00_start_here is no lab of this course"):
        course.lab_navigation("lab_00_start_here")


def test_the_line_leads_back_to_the_contents_and_on() -> None:
    assert course.navigation("01_user_pools") == (
        "[← 00 start here](00_start_here.ipynb) · [Contents](00_start_here.ipynb)"
        " · [02 tokens →](02_tokens.ipynb)"
    )


def test_the_first_and_the_last_lead_one_way() -> None:
    assert course.navigation("00_start_here") == "[01 user pools →](01_user_pools.ipynb)"
    last = course.navigation(course.CONTENTS[-1])
    assert "→" not in last
    assert last.endswith("[Contents](00_start_here.ipynb)")


def test_a_lab_leads_back_to_its_notebook_and_on_to_the_next() -> None:
    folder = "../../../notebooks"
    assert course.lab_navigation("lab_01_user_pools") == (
        f"[← 01 user pools]({folder}/01_user_pools.ipynb)"
        f" · [Contents]({folder}/00_start_here.ipynb)"
        f" · [02 tokens →]({folder}/02_tokens.ipynb)"
    )


def test_the_map_in_the_first_notebook_leads_to_every_other() -> None:
    first, *others = course.CONTENTS
    notebook = nbformat.read(course.NOTEBOOKS / f"{first}.ipynb", as_version=4)
    rows = "\n".join(cell.source for cell in notebook.cells)
    linked = [stem for stem in others if f"]({stem}.ipynb) | " in rows]
    assert linked == others


def test_contents_name_the_notebooks_and_labs_that_exist() -> None:
    there = sorted(path.stem for path in course.NOTEBOOKS.glob("*.ipynb"))
    assert there == list(course.CONTENTS)
    labs = sorted(path.stem for path in course.SOLUTIONS.glob("*/*.ipynb"))
    assert labs == [course.lab_of(stem) for stem in course.WITH_LAB]
