"""What may stand in a text cell: a short text, known terms, links that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from .. import normal_form
from .page import FENCED, HEADING, Cell, Page

MOST_WORDS = 120
BOLD = re.compile(r"\*\*(?!\s)(.+?)(?<!\s)\*\*", re.DOTALL)
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
GLOSSARY = "GLOSSARY.md"


def length(page: Page) -> Iterator[str]:
    """A text cell has at most 120 words."""
    for cell in page.texts:
        count = words(cell)
        if count > MOST_WORDS:
            yield f"cell {cell.number}: {count} words, more than {MOST_WORDS}"
        if count == 0:
            yield f"cell {cell.number}: a text cell without words"


def words(cell: Cell) -> int:
    """Count a text cell's words: what has a letter or digit in it, links by their text."""
    text = LINK.sub(r"\2", FENCED.sub("", cell.source))
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def glossary(page: Page) -> Iterator[str]:
    """A term in bold is in the glossary; bold is used for nothing else."""
    terms = {term: cell for cell in page.texts for term in BOLD.findall(cell.prose)}
    if not terms:
        return
    file = page.root / "notebooks" / GLOSSARY
    if not file.is_file():
        yield f"it has terms in bold, and there is no notebooks/{GLOSSARY}"
        return
    known = {_plain(term) for term in BOLD.findall(file.read_text(encoding="utf-8"))}
    for term, cell in terms.items():
        if _plain(term) not in known:
            yield f"cell {cell.number}: **{term}** is not in {GLOSSARY}"


def _plain(term: str) -> str:
    """Leave out what does not make another term: case, a plural's s, a link around it."""
    return LINK.sub(r"\2", " ".join(term.split())).lower().rstrip(".,:;").removesuffix("s")


def links(page: Page) -> Iterator[str]:
    """Every relative link leads to a file of the project, and to a heading that is there."""
    for cell in page.texts:
        for _, _, target in LINK.findall(cell.prose):
            problem = _problem(page, target)
            if problem:
                yield f"cell {cell.number}: the link {target} {problem}"


def _problem(page: Page, target: str) -> str:
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return "" if target.startswith(("https://", "mailto:")) else "is not https"
    name, _, anchor = unquote(target).partition("#")
    file = (page.path.parent / name).resolve() if name else page.path
    if not file.is_relative_to(page.root):
        return "leads out of the project"
    if not file.exists():
        return "leads to no file"
    if anchor and anchor not in _anchors(file):
        return "leads to no such heading"
    return ""


def _anchors(file: Path) -> set[str]:
    """Return what may stand behind ``#``: JupyterLab's form of a heading and GitHub's."""
    if file.suffix == ".ipynb":
        notebook = normal_form.read(file)
        text = "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    else:
        text = file.read_text(encoding="utf-8")
    titles = [found[2] for found in HEADING.finditer(FENCED.sub("", text))]
    jupyter = {title.replace(" ", "-") for title in titles}
    github = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    return jupyter | github


def pictures(page: Page) -> Iterator[str]:
    """A picture in the text says in words what it shows."""
    for cell in page.texts:
        for mark, words, target in LINK.findall(cell.prose):
            if mark and not words.strip():
                yield f"cell {cell.number}: the picture {target} has no words for who cannot see it"


TEXT_RULES = (length, glossary, links, pictures)
