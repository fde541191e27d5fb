"""A step of nbgrader's own pipeline: ``policy = (…dots…)`` over three lines becomes one line."""

from __future__ import annotations

import re

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

# A solution in the middle of an assignment needs brackets around nbgrader's two comment lines.
BRACKETED = re.compile(r"\(\s*\n\s*\.\.\.\s*\n\s*\)")


class ShortStub(NbGraderPreprocessor):
    """Leave the learner ``policy = ...`` where the solution stood in brackets of its own."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Shorten the stub in one cell; nbgrader calls this for each."""
        cell.source = BRACKETED.sub("...", cell.source)
        return cell, resources
