"""From nothing to a started lab, against importing boto3 and moto."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

from tests.bench.contest import ROOT, environment
from tests.bench.table import Row, duration

MORE = 0.5  # seconds
ROUNDS = 9
OURS = "from helpers import lab; lab.start()"
PEER = "import boto3, moto"


def rows() -> Iterator[Row]:
    """Seconds inside a fresh interpreter; its own start is the same for both.

    The goal is not a ratio but seconds, to which whatever else the machine does can only add. So
    the quickest of several starts counts.
    """
    mine, theirs = fresh(OURS), fresh(PEER)
    mine()  # so that all modules are compiled
    pairs = [(mine(), theirs()) for _ in range(ROUNDS)]
    ours, peer = (min(side) for side in zip(*pairs, strict=True))
    more = ours - peer
    yield Row(
        measure=f"Import helpers and lab.start() ({more:+.2f} s)",
        ours=duration(ours),
        peer=f"{duration(peer)} {PEER}",
        ratio=ours / peer,
        goal=f"≤ {MORE} s more",
        met=more <= MORE,
    )


def fresh(code: str) -> Callable[[], float]:
    """The seconds that these lines take in an interpreter that has imported nothing yet."""
    program = f"import time; t = time.perf_counter(); {code}; print(time.perf_counter() - t)"

    def run() -> float:
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return float(done.stdout)

    return run
