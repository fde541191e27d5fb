"""Signing in with a password in the kernel, against bare moto."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from moto import mock_aws

from helpers import lab
from tests.bench.accounts import people, sign_in
from tests.bench.contest import Side, compare, row
from tests.bench.table import Row

AT_MOST = 1.5


def rows() -> Iterator[Row]:
    """InitiateAuth."""
    with Side.of(ours) as lab_side, Side.of(bare_moto) as moto_side:
        outcome = compare(lab_side.timed("InitiateAuth"), moto_side.timed("InitiateAuth"))
        yield row("InitiateAuth with password, in the kernel", outcome, "bare moto", AT_MOST)


def ours() -> dict[str, Callable[[], object]]:
    lab.start()
    return {"InitiateAuth": sign_in(*people(1))}


def bare_moto() -> dict[str, Callable[[], object]]:
    mock_aws().start()
    return {"InitiateAuth": sign_in(*people(1))}
