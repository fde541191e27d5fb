"""The authors' commands: ``outputs``, ``labs`` and ``rules``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from . import labs, outputs, rules
from .course import EXERCISES, NOTEBOOKS, ROOT, SOLUTIONS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 1 if a notebook is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m helpers.authoring", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, help in (
        ("outputs", "run notebooks from a clean kernel and save what they show"),
        ("labs", "make the learners' copies of the labs from the solutions"),
        ("rules", "say which rules of the course a notebook breaks"),
    ):
        command = commands.add_parser(name, help=help, description=help)
        command.add_argument("paths", nargs="*", type=Path, metavar="NOTEBOOK")
        if name != "rules":
            command.add_argument("--check", action="store_true", help="change nothing, only tell")
    chosen = parser.parse_args(arguments)
    if chosen.command == "outputs":
        return _outputs(chosen.paths or _all(), check=chosen.check)
    if chosen.command == "labs":
        return _labs(chosen.paths, check=chosen.check)
    return _rules(chosen.paths or _all())


def _all() -> list[Path]:
    return sorted(NOTEBOOKS.glob("*.ipynb")) + sorted(SOLUTIONS.glob("*/*.ipynb"))


def _outputs(paths: Sequence[Path], *, check: bool) -> int:
    failed = 0
    for path in paths:
        if check:
            if not outputs.is_normal(path):
                failed = 1
                _tell(f"{path.name}: not run in full, or not in normal form")
            continue
        try:
            _tell(f"{path.name}: {'saved anew' if outputs.refresh(path) else 'as before'}")
        except outputs.RunFailed as error:
            failed = 1
            _tell(str(error))
    return failed


def _labs(paths: Sequence[Path], *, check: bool) -> int:
    failed = 0
    folders = [path.resolve().parent for path in paths] or sorted(
        path for path in SOLUTIONS.glob("*") if path.is_dir()
    )
    for solution in folders:
        exercise = solution.parents[1] / EXERCISES.name / solution.name
        if not check:
            changed = labs.refresh(solution, exercise)
            _tell(f"{solution.name}: {'made anew' if changed else 'as before'}")
            continue
        for breach in labs.stale(solution, exercise):
            failed = 1
            _tell(breach)
    return failed


def _rules(paths: Sequence[Path]) -> int:
    breaches = [breach for path in paths for breach in rules.breaches(path, ROOT)]
    for breach in breaches:
        _tell(breach)
    return int(bool(breaches))


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
