"""Signing in over HTTP, against the emulators that are installed as peers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from tests.bench import peers
from tests.bench.accounts import people, sign_in
from tests.bench.contest import Side, compare, row
from tests.bench.table import Row, Skipped

# ministack is the fastest of those that really sign their tokens; at least as fast is the goal.
AT_MOST = {"ministack": 1.0}
ROUNDS = 61  # two processes on each side, so it takes more turns to be sure


def rows() -> Iterator[Row]:
    """InitiateAuth of one boto3 client, one request after another."""
    rivals = [server for server in peers.SERVERS if server.is_installed()]
    if not rivals:
        raise Skipped("no peer is installed: make peers")
    with peers.running(OURS) as url, Side.of(client, url) as ours:
        for rival in rivals:
            with peers.running(rival) as other_url, Side.of(client, other_url) as theirs:
                outcome = compare(ours.timed("InitiateAuth"), theirs.timed("InitiateAuth"), ROUNDS)
            measure = f"InitiateAuth with password, over HTTP ({1 / outcome.ours:.0f} per second)"
            name = f"{rival.name} {rival.version()}"
            yield row(measure, outcome, name, AT_MOST.get(rival.name))


def client(url: str) -> dict[str, Callable[[], object]]:
    """One boto3 client of the server at this address."""
    return {"InitiateAuth": sign_in(*people(1, url))}


OURS = peers.Server("ours", [sys.executable, "-m", "helpers", "serve", "--port", "{port}"])
