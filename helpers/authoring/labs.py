"""Make the learner's copy of a lab from its solution, with nbgrader's own tool.

``labs/solutions/<lab>/<lab>.ipynb`` is written by hand; ``labs/exercises/<lab>/<lab>.ipynb`` is
what nbgrader's ``generate_assignment`` makes of it. nbgrader keeps what it needs to know of a cell
in the cell's metadata; it follows from the cell's text, so nobody has to type it in.
"""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from pathlib import Path

from nbformat import NotebookNode
from traitlets.config import Config, PyFileConfigLoader

from . import normal_form

CONFIG = "nbgrader_config.py"
SOLUTION = "### BEGIN SOLUTION"
TASK = re.compile(r"^# Task (\d\d\.\d+): about \d+ lines?$", re.MULTILINE)
CHECK = re.compile(r"check\.task\(\s*[\"'](\d\d\.\d+)[\"']")


def mark(notebook: NotebookNode) -> NotebookNode:
    """Return a solution in normal form, each cell with the metadata that nbgrader wants.

    A code cell with a solution in it becomes the task's cell, and one that calls
    ``check.task`` the cell that is graded, for one point. Raises ``ValueError`` for a solution
    that does not say to which task it belongs.
    """
    marked = normal_form.normalise(notebook)
    for cell in marked.cells:
        for name in ("nbgrader", "deletable", "editable"):
            cell.metadata.pop(name, None)
        if cell.cell_type == "code":
            _mark_code(cell)
    return marked


def _mark_code(cell: NotebookNode) -> None:
    checked = CHECK.search(cell.source)
    if SOLUTION in cell.source:
        task = TASK.search(cell.source)
        if task is None:
            raise ValueError(f"no line “# Task 10.1: about 3 lines” above this:\n{cell.source}")
        cell.metadata["nbgrader"] = _marks("task", task[1], solution=True)
    elif checked:
        cell.metadata["nbgrader"] = _marks("check", checked[1], grade=True, locked=True, points=1)


def _marks(kind: str, task: str, **flags: bool | int) -> dict[str, object]:
    known = {"grade": False, "locked": False, "solution": False, "task": False}
    return {
        **known,
        **flags,
        "grade_id": f"{kind}-{task.replace('.', '-')}",
        "schema_version": 3,
    }


def generate(solution: Path, config_folder: Path) -> dict[str, bytes]:
    """Return the learner's files of the lab in folder ``solution``, as nbgrader makes them.

    ``config_folder`` holds the course's ``nbgrader_config.py``. Nothing is written there: nbgrader
    works in a temporary course folder and keeps no gradebook. Names are relative to the lab.
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory

    lab = solution.name
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        config = _config(config_folder, root)
        source = root / config.CourseDirectory.source_directory / lab
        shutil.copytree(solution, source)
        _mark_all(source)
        course = CourseDirectory(config=config, assignment_id=lab)
        maker = GenerateAssignment(coursedir=course, config=config)
        maker.log.setLevel(logging.ERROR)
        maker.start()
        made = root / config.CourseDirectory.release_directory / lab
        files = (file for file in made.rglob("*") if file.is_file())
        return {file.relative_to(made).as_posix(): file.read_bytes() for file in files}


def _mark_all(solution: Path) -> None:
    for file in sorted(solution.glob("*.ipynb")):
        normal_form.write(mark(normal_form.read(file)), file)


def _config(folder: Path, root: Path) -> Config:
    config = PyFileConfigLoader(CONFIG, path=str(folder)).load_config()
    config.CourseDirectory.root = str(root)
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    return config


def stale(solution: Path, exercise: Path) -> list[str]:
    """Return what is out of step in one lab, in words; an empty list if nothing is."""
    found = []
    for file in sorted(solution.glob("*.ipynb")):
        if normal_form.text(mark(normal_form.read(file))) != file.read_text(encoding="utf-8"):
            found.append(f"{file.name} in {solution.parent.name} lacks nbgrader's marks")
    wanted = generate(solution, solution.parents[1])
    present = {p.relative_to(exercise).as_posix(): p for p in exercise.rglob("*") if p.is_file()}
    for name in sorted(wanted.keys() | present.keys()):
        if name not in present or name not in wanted or wanted[name] != present[name].read_bytes():
            found.append(f"{name} in {exercise.parent.name} is not what nbgrader makes of it now")
    return found


def refresh(solution: Path, exercise: Path) -> bool:
    """Mark a solution and make the learner's copy anew. Return whether a file changed."""
    if not stale(solution, exercise):
        return False
    _mark_all(solution)
    shutil.rmtree(exercise, ignore_errors=True)
    for name, content in generate(solution, solution.parents[1]).items():
        target = exercise / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return True
