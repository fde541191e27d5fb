"""The table of contents leads from each notebook to its neighbours and its lab."""

from __future__ import annotations

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
    assert course.navigation("14_exam_review") == (
        "[← 13 capstone photo app](13_capstone_photo_app.ipynb) · [Contents](00_start_here.ipynb)"
    )


def test_a_lab_leads_back_to_its_notebook_and_on_to_the_next() -> None:
    folder = "../../../notebooks"
    assert course.lab_navigation("lab_13_capstone_photo_app") == (
        f"[← 13 capstone photo app]({folder}/13_capstone_photo_app.ipynb)"
        f" · [Contents]({folder}/00_start_here.ipynb)"
        f" · [14 exam review →]({folder}/14_exam_review.ipynb)"
    )


def test_every_notebook_but_the_first_and_last_has_a_lab() -> None:
    without = [stem for stem in course.CONTENTS if course.lab_of(stem) is None]
    assert without == ["00_start_here", "14_exam_review"]
    assert course.notebook_of("lab_02_tokens") == "02_tokens"
