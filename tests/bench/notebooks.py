"""Every notebook from top to bottom in nbval, as `make test` runs it."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.bench.contest import ROOT, environment
from tests.bench.table import Row, Skipped, duration

AT_MOST = 4.0  # seconds, on average


def rows() -> Iterator[Row]:
    """The average, and the slowest beside it."""
    files = sorted((ROOT / "notebooks").glob("*.ipynb"))
    if not files:
        raise Skipped("there are no notebooks")
    measure(files[-1:])  # so that all modules are compiled
    seconds, failed = measure(files)
    average = statistics.mean(seconds.values())
    slowest = max(seconds, key=lambda name: seconds[name])
    yield Row(
        measure=f"A notebook in nbval, average of {len(seconds)}",
        ours=duration(average),
        peer=f"{duration(seconds[slowest])} the slowest, {slowest}",
        ratio=average / seconds[slowest],
        goal=f"≤ {AT_MOST:.0f} s",
        met=average <= AT_MOST,
        note=f"did not pass in nbval: {', '.join(sorted(failed))}" if failed else "",
    )


def measure(files: list[Path]) -> tuple[dict[str, float], set[str]]:
    """The seconds of each notebook, its kernel's start included, and those that failed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        nbval = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout", "120"]
        nbval += ["--nbval-sanitize-with", str(ROOT / "tests" / "notebooks" / "nbval.cfg")]
        options = ["-p", "no:cacheprovider", *nbval, f"--junitxml={report}"]
        subprocess.run(
            [sys.executable, "-m", "pytest", *options, *map(str, files)],
            cwd=ROOT,
            env=environment(PYTHONPATH=str(ROOT)),
            stdout=subprocess.DEVNULL,
            check=False,
        )
        cells = ET.parse(report).getroot().iter("testcase")
        seconds: dict[str, float] = defaultdict(float)
        failed = set()
        for cell in cells:
            name = name_of(cell, files)
            seconds[name] += float(cell.get("time", 0))
            if cell.find("failure") is not None or cell.find("error") is not None:
                failed.add(name)
        return dict(seconds), failed


def name_of(cell: ET.Element, files: list[Path]) -> str:
    """The notebook that a cell of the report belongs to."""
    text = f"{cell.get('classname')} {cell.get('file')} {cell.get('name')}"
    return next(path.stem for path in files if path.stem in text)
