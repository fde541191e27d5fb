"""One World holds everything the offline cloud knows beyond what moto keeps."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from helpers.cloud import resources
from helpers.cloud.clock import Clock
from helpers.cloud.ids import Ids
from helpers.cloud.inbox import Inbox
from helpers.cloud.outside import Outside, WsgiApp
from helpers.cloud.sessions import Sessions
from helpers.cloud.trace import Trace

Room = TypeVar("Room")

ACCOUNT = "123456789012"


class World:
    """The state of one offline cloud, made by start and dropped by stop or reset.

    `seed` and `now` given: the same ids and the same instant on every run. Both None: fresh ids
    and running time. `outside` are the hosts that are not the cloud's, each a WSGI application.
    """

    def __init__(
        self,
        *,
        seed: int | None = None,
        now: datetime | None = None,
        outside: Mapping[str, WsgiApp] | None = None,
    ) -> None:
        resources.reset(seed)
        self.account = ACCOUNT
        self.admin_key = os.environ.get("LAB_ADMIN_ACCESS_KEY_ID") or "test"
        self.admin_secret = os.environ.get("LAB_ADMIN_SECRET_ACCESS_KEY") or "test"
        self.clock = Clock(now)
        self.ids = Ids(seed)
        self.inbox = Inbox()
        self.sessions = Sessions(self.ids)
        self.trace = Trace()
        self.outside = Outside(outside or {}, self.trace, self.clock.now)
        # moto's resources are not safe for threads: one request at a time goes through the door.
        self.lock = threading.RLock()
        self._rooms: dict[type, Any] = {}

    def room(self, kind: type[Room]) -> Room:
        """This world's one instance of a room's state, made on first use."""
        if kind not in self._rooms:
            self._rooms[kind] = kind()
        return self._rooms[kind]

    def stop(self) -> None:
        """Drop everything and give the process its real time back."""
        self.clock.stop()
        resources.reset(None)
