"""A pool of 10,000 users, against a pool of 10 in the same cloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from helpers import lab
from tests.bench.accounts import people, sign_in
from tests.bench.contest import Side, compare, row
from tests.bench.table import Row

FEW, MANY = 10, 10_000
AT_MOST = 1.2


def rows() -> Iterator[Row]:
    """InitiateAuth and GetUser."""
    with Side.of(ours) as side:
        for action in ("InitiateAuth", "GetUser"):
            outcome = compare(side.timed(f"{action}-{MANY}"), side.timed(f"{action}-{FEW}"))
            yield row(f"{action} in a pool of {MANY:,}", outcome, f"ours, {FEW} users", AT_MOST)


def ours() -> dict[str, Callable[[], object]]:
    """Both pools in one cloud, so that nothing but the number of users differs."""
    lab.start()
    return {name: act for count in (FEW, MANY) for name, act in actions(count).items()}


def actions(count: int) -> dict[str, Callable[[], object]]:
    idp, app, name = people(count)
    enter = sign_in(idp, app, name)
    token = enter()["AccessToken"]
    return {
        f"InitiateAuth-{count}": enter,
        f"GetUser-{count}": lambda: idp.get_user(AccessToken=token),
    }
