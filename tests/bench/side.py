"""The process of one side: `python -m tests.bench.side MODULE:FUNCTION ARGUMENT…`.

The function prepares everything and returns its actions by name. `contest.Side` talks to it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib import import_module


def main(name: str, *arguments: str) -> None:
    """Prepare the actions, then time them as the lines on standard input say."""
    module, function = name.split(":")
    actions: dict[str, Callable[[], object]] = getattr(import_module(module), function)(*arguments)
    answer("ready")
    for line in sys.stdin:
        action, times = line.split()
        answer(repr(timed(actions[action], int(times))))


def timed(action: Callable[[], object], times: int) -> float:
    """The seconds that doing it so many times takes."""
    begin = time.perf_counter()
    for _ in range(times):
        action()
    return time.perf_counter() - begin


def answer(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
