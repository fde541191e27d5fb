"""Two sides doing the same thing in turns, each in a process of its own."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.table import Row, duration

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 31
BATCH = 0.05  # seconds that one turn of the faster side should take

Timed = Callable[[int], float]
"""Does something so many times and returns the seconds that one time took."""


def environment(**more: str) -> dict[str, str]:
    """This process's environment without the AWS settings of whoever measures."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    nothing = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return {**kept, **keys, **nothing, "AWS_DEFAULT_REGION": "us-east-1", **more}


class Side:
    """A process that has prepared some actions and times them when told to.

    What it writes: "ready" on a line, then for each line "ACTION TIMES" that it reads the seconds
    that all of them took.
    """

    def __init__(self, command: Sequence[str], variables: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(**(variables or {})),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._hear("ready")

    @classmethod
    def of(cls, function: Callable[..., Any], *arguments: str) -> Side:
        """The actions that a function of a benchmark prepares."""
        name = f"{function.__module__}:{function.__name__}"
        return cls([sys.executable, "-m", "tests.bench.side", name, *arguments])

    def timed(self, action: str) -> Timed:
        """One of the actions."""

        def run(times: int) -> float:
            assert self._process.stdin is not None
            self._process.stdin.write(f"{action} {times}\n")
            self._process.stdin.flush()
            return float(self._hear()) / times

        return run

    def _hear(self, expected: str = "") -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line or (expected and line != expected):
            raise RuntimeError(f"{self._process.args} ended or said {line!r}")
        return line

    def __enter__(self) -> Side:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)


@dataclass(frozen=True)
class Outcome:
    """Median seconds of the two sides, and the median of the ratios of the rounds."""

    ours: float
    peer: float
    ratio: float


def compare(ours: Timed, peer: Timed, rounds: int = ROUNDS) -> Outcome:
    """Let the two sides take turns: ours, peer, peer, ours, and so on."""
    times = _batch(ours, peer)
    pairs = []
    for number in range(rounds):
        first, second = (ours, peer) if number % 2 == 0 else (peer, ours)
        one, other = first(times), second(times)
        pairs.append((one, other) if number % 2 == 0 else (other, one))
    return Outcome(
        ours=statistics.median(mine for mine, _ in pairs),
        peer=statistics.median(theirs for _, theirs in pairs),
        ratio=statistics.median(mine / theirs for mine, theirs in pairs),
    )


def _batch(ours: Timed, peer: Timed) -> int:
    """How many times in one turn. Finding out also warms both sides up."""
    times = 1
    while times < 1_000_000:
        fastest = min(ours(times) * times, peer(times) * times)
        if fastest >= BATCH:
            break
        times = max(times + 1, min(times * 10, int(times * BATCH / max(fastest, 1e-9)) + 1))
    return times


def row(measure: str, outcome: Outcome, peer: str, at_most: float | None = None) -> Row:
    """The row of a comparison whose goal is a ratio."""
    return Row(
        measure=measure,
        ours=duration(outcome.ours),
        peer=f"{duration(outcome.peer)} {peer}",
        ratio=outcome.ratio,
        goal="" if at_most is None else f"≤ {at_most:.2f}",
        met=None if at_most is None else outcome.ratio <= at_most,
    )
