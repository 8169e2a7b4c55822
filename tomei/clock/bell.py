"""Wakes the engines of this process when something falls due soon."""

from __future__ import annotations

import threading


class Bell:
    """A counter that can be waited for: a ring between two waits is never lost."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    @property
    def count(self) -> int:
        with self._changed:
            return self._count

    def ring(self) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, seen: int, timeout: float) -> int:
        """Return the count as soon as it differs from `seen`, at the latest after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._count != seen, timeout)
            return self._count


bell = Bell()
