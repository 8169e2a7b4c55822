"""LISTEN on PostgreSQL: a connection of its own that only listens, in a thread that nobody waits for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger("tomei.clock")
LOOK_S = 1.0  # how soon it sees that it should stop
AGAIN_S = 2.0  # after a lost connection


class Listener(threading.Thread):
    """Calls `heard` after each notification on `channel`. Callers poll as well: a notification may be lost."""

    def __init__(self, channel: str, heard: Callable[[], None]) -> None:
        super().__init__(name=f"listen-{channel}", daemon=True)
        self._channel, self._heard = channel, heard
        self._stop_now = threading.Event()

    def run(self) -> None:
        while not self._stop_now.is_set():
            wrapper = connections["default"].copy()
            try:
                self._listen(wrapper)
            except Exception as error:
                log.warning("listening on %s ended, trying again: %s", self._channel, error)
                self._stop_now.wait(AGAIN_S)
            finally:
                wrapper.close()

    def _listen(self, wrapper: BaseDatabaseWrapper) -> None:
        wrapper.ensure_connection()
        raw = wrapper.connection
        raw.execute(f"LISTEN {self._channel}")
        self._heard()  # what came before the connection stood
        while not self._stop_now.is_set():
            for _ in raw.notifies(timeout=LOOK_S, stop_after=1):
                self._heard()

    def stop(self) -> None:
        self._stop_now.set()
