"""The repository says nothing about the machine or the network it was made on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

LARGEST = 1_000_000  # bytes; a clone should take seconds

# Written so that this file does not match them itself.
INDEX = re.compile(
    r"--(?:extra-)?index-url|--find-link[s]|(?:py(?:pi|thonhosted)|npmjs)\.(?:org|com)"
)
FOLDER = re.compile(r"(?<![\w.~/:}>-])/(?:home|root|tmp|work|opt|mnt|Users)/[\w.]|[A-Z]:\\+Users\\")
RUN = re.compile(r"ipykernel_\d|site-packages/\w|\.py:\d+: \w*Warning")


def test_no_package_index_is_named(tracked: list[Path]) -> None:
    assert list(matches(INDEX, tracked)) == []


def test_no_path_of_a_machine_is_named(tracked: list[Path]) -> None:
    assert list(matches(FOLDER, tracked)) == []


def test_no_notebook_keeps_a_trace_of_where_it_ran(tracked: list[Path]) -> None:
    assert list(matches(RUN, [path for path in tracked if path.suffix == ".ipynb"])) == []


def test_no_file_is_large(tracked: list[Path]) -> None:
    assert [path.name for path in tracked if path.stat().st_size > LARGEST] == []


def test_only_the_agreed_folders(root: Path, tracked: list[Path]) -> None:
    folders = {p.relative_to(root).parts[0] for p in tracked if p.parent != root}
    assert folders == {".ci", "helpers", "labs", "notebooks", "tests"}


def test_no_result_of_a_run_is_tracked(tracked: list[Path]) -> None:
    leftovers = {".pyc", ".db", ".log"}
    assert [p.name for p in tracked if p.suffix in leftovers or "-checkpoint" in p.stem] == []


def matches(pattern: re.Pattern[str], paths: list[Path]) -> Iterator[str]:
    """`file:line: text` for each line that the pattern is found in."""
    for path in paths:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        for number, line in enumerate(text.splitlines(), 1):
            if found := pattern.search(line):
                yield f"{path.name}:{number}: {line[found.start() :][:80]}"
