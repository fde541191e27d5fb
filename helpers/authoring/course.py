"""The course's table of contents, and where its files are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
LABS = ROOT / "labs"
SOLUTIONS = LABS / "solutions"
EXERCISES = LABS / "exercises"

# The notebooks that exist. Put a new one in its place: the links of its neighbours follow.
CONTENTS = (
    "00_start_here",
    "01_user_pools",
    "02_tokens",
    "05_hosted_ui",
    "06_social_federation",
    "07_saml_federation",
    "09_identity_pools",
    "10_scoping_s3",
    "11_choosing_roles",
    "12_federation_without_cognito",
)
# Those of them that have exercises.
WITH_LAB = ("01_user_pools", "10_scoping_s3")


def navigation(stem: str) -> str:
    """Return the line that opens and closes notebook ``stem``: previous, contents, next.

    Raises ``ValueError`` for a notebook that is not in the table of contents.
    """
    place = _place(stem)
    links = []
    if place > 0:
        links.append(f"[← {_spoken(CONTENTS[place - 1])}]({CONTENTS[place - 1]}.ipynb)")
        links.append(f"[Contents]({CONTENTS[0]}.ipynb)")
    if place + 1 < len(CONTENTS):
        links.append(f"[{_spoken(CONTENTS[place + 1])} →]({CONTENTS[place + 1]}.ipynb)")
    return " · ".join(links)


def lab_of(stem: str) -> str | None:
    """Return the name of a notebook's lab, ``lab_10_scoping_s3``, or None if it has none."""
    return f"lab_{stem}" if stem in WITH_LAB else None


def notebook_of(lab: str) -> str:
    """Return the notebook that a lab belongs to. Raises ``ValueError`` if there is none."""
    stem = lab.removeprefix("lab_")
    if lab_of(stem) != lab:
        raise ValueError(f"{lab} is no lab of this course: a lab is called lab_ and its notebook")
    return stem


def lab_navigation(lab: str) -> str:
    """Return the line that opens and closes a lab: back to its notebook, and on to the next."""
    stem = notebook_of(lab)
    folder = "../../../notebooks"
    links = [
        f"[← {_spoken(stem)}]({folder}/{stem}.ipynb)",
        f"[Contents]({folder}/{CONTENTS[0]}.ipynb)",
    ]
    links += [
        f"[{_spoken(following)} →]({folder}/{following}.ipynb)"
        for following in CONTENTS[_place(stem) + 1 :][:1]
    ]
    return " · ".join(links)


def _place(stem: str) -> int:
    if stem not in CONTENTS:
        raise ValueError(f"{stem} is not in the course's table of contents")
    return CONTENTS.index(stem)


def _spoken(stem: str) -> str:
    number, _, name = stem.partition("_")
    return f"{number} {name.replace('_', ' ')}"
