"""A notebook as the rules see it: numbered cells, headings, words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode

from .. import normal_form

FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.MULTILINE)


class Cell(NamedTuple):
    """A cell and its place, counted from 0 over text and code as JupyterLab's status bar does."""

    number: int
    node: NotebookNode

    @property
    def source(self) -> str:
        """The cell's text or code."""
        return self.node.source

    @property
    def prose(self) -> str:
        """A text cell without its code examples: no term and no link is looked for there."""
        return INLINE.sub("", FENCED.sub("", self.node.source))

    @property
    def tags(self) -> set[str]:
        """The cell's tags."""
        return set(self.node.metadata.get("tags", []))

    @property
    def outputs(self) -> list[NotebookNode]:
        """What the cell showed when it was last run."""
        return list(self.node.get("outputs", []))

    @property
    def printed(self) -> str:
        """What it wrote to standard output."""
        return "".join(o.text for o in self.outputs if o.get("name") == "stdout")

    @property
    def figures(self) -> int:
        """How many pictures it shows."""
        return sum("image/png" in output.get("data", {}) for output in self.outputs)


class Heading(NamedTuple):
    """A heading: its level (1 for ``#``), its words and the cell it stands in."""

    level: int
    title: str
    cell: int


@dataclass(frozen=True)
class Page:
    """One notebook file of the project."""

    path: Path
    root: Path
    notebook: NotebookNode

    @classmethod
    def read(cls, path: Path, root: Path) -> Page:
        """Read the file at ``path``; ``root`` is the project's top folder."""
        return cls(path.resolve(), root.resolve(), normal_form.read(path))

    @property
    def stem(self) -> str:
        """The file's name without its ending: ``10_scoping_s3``."""
        return self.path.stem

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells in order."""
        return [Cell(number, node) for number, node in enumerate(self.notebook.cells)]

    @property
    def texts(self) -> list[Cell]:
        """The text cells in order."""
        return [cell for cell in self.cells if cell.node.cell_type == "markdown"]

    @property
    def codes(self) -> list[Cell]:
        """The code cells in order."""
        return [cell for cell in self.cells if cell.node.cell_type == "code"]

    @cached_property
    def headings(self) -> list[Heading]:
        """All headings in order."""
        return [
            Heading(len(found[1]), found[2], cell.number)
            for cell in self.texts
            for found in HEADING.finditer(FENCED.sub("", cell.source))
        ]

    @property
    def sections(self) -> list[str]:
        """The titles of the second level, which divide the page."""
        return [heading.title for heading in self.headings if heading.level == 2]

    def section(self, title: str) -> list[Cell]:
        """Return the cells from section ``title`` to the next one; none if there is no such."""
        starts = [heading for heading in self.headings if heading.level == 2]
        for place, heading in enumerate(starts):
            if heading.title == title:
                rest = starts[place + 1 :]
                end = rest[0].cell if rest else len(self.cells)
                return self.cells[heading.cell : max(end, heading.cell + 1)]
        return []
