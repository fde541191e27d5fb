"""Measure, and print one Markdown table: `make bench`, or a part: `make bench ARGS="s3 auth"`.

Everything is compared with something else in the same run, in turns, and the ratio is the median
of the ratios of these turns. So a slow or a busy machine changes the times and hardly the ratios.
Peers are other people's programs: `make peers` installs them into `.peers/`, apart from the
environment of the course. What is not installed is left out with a note.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench import (
    auth,
    decide,
    machine,
    memory,
    notebooks,
    peers,
    s3,
    served,
    start,
    users,
)
from tests.bench.table import HEADING, Skipped

BENCHMARKS = {
    "s3": s3,
    "auth": auth,
    "served": served,
    "decide": decide,
    "users": users,
    "start": start,
    "notebooks": notebooks,
    "memory": memory,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the named benchmarks, or all of them. Exit status 1 when one could not be run."""
    names = "\n".join(f"  {name:10} {module.__doc__}" for name, module in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="make bench",
        description=f"{__doc__}\nBenchmarks:\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="some of the above; none: all")
    parser.add_argument("--get-peers", action="store_true", help="install the peers, and stop")
    chosen = parser.parse_args(arguments)
    if chosen.get_peers:
        return peers.install()
    unknown = sorted(set(chosen.names) - BENCHMARKS.keys())
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {list(BENCHMARKS)}")
    say(machine.description())
    say(HEADING)
    with compiled_modules():
        return run(chosen.names or list(BENCHMARKS))


def run(names: list[str]) -> int:
    """Print the rows of these benchmarks, then what there is to say about them."""
    notes: list[str] = []
    broken = False
    for name in names:
        try:
            for row in BENCHMARKS[name].rows():
                say(row.as_markdown())
                notes += [f"{name}: {row.note}"] if row.note else []
        except Skipped as reason:
            notes.append(f"{name}: {reason}")
        except (RuntimeError, OSError, subprocess.SubprocessError) as failure:
            broken = True
            notes.append(f"{name} failed: {failure}")
    for note in notes:
        say(f"\n- {note}")
    return 1 if broken else 0


@contextmanager
def compiled_modules() -> Iterator[None]:
    """Let Python keep compiled modules, as it does for everybody who has not forbidden it.

    Containers often forbid it. Every start would then compile all packages anew.
    """
    if not sys.dont_write_bytecode:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        yield


def say(text: str) -> None:
    """Write a line at once: a benchmark takes its time."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
