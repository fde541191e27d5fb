"""The cloud's clock. It moves the whole process, so that signatures and PyJWT agree with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine


class Clock:
    """Time as the cloud and everything else in this process see it.

    With `start` the clock stands still at that instant until it is advanced. Without it, time
    runs as usual and `advance` shifts it.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._travel = time_machine.travel(start or datetime.now(UTC), tick=start is None)
        self._traveller = self._travel.start()

    def now(self) -> datetime:
        """The present, in UTC."""
        return datetime.now(UTC)

    def timestamp(self) -> int:
        """The present in whole seconds since 1970, as JWTs count."""
        return int(self.now().timestamp())

    def advance(self, **amount: float) -> datetime:
        """Move time forward, for example `advance(minutes=61)`. Returns the new present.

        The amount is given in the words of `datetime.timedelta`. ValueError if it is negative:
        tokens and codes cannot grow younger.
        """
        step = timedelta(**amount)
        if step < timedelta():
            raise ValueError("the clock only moves forward")
        self._traveller.shift(step)
        return self.now()

    def stop(self) -> None:
        """Give the process its real time back."""
        self._travel.stop()
