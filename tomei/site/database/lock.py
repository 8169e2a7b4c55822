"""One fair lock per SQLite file: writers are served in the order they came, the clock's thread before all others.

SQLite lets one writer in at a time and makes the others sleep and try again, so that a busy process starves whoever
sleeps longest. Here they wait in a row instead; SQLite's own lock is left to keep other processes out.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

LOOK_S = 0.25  # how often a waiting thread looks whether the owner is still alive


class Turn:
    """One wait for the lock, and the right to release it once it was given."""

    __slots__ = ("event", "lock", "thread")

    def __init__(self, lock: FairLock) -> None:
        self.lock = lock
        self.thread = threading.current_thread()
        self.event = threading.Event()

    def end(self) -> None:
        self.lock.release(self)


class FairLock:
    """`acquire` gives a `Turn` or, after `timeout` seconds, None. A dead thread's turn goes to the next in the row."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._owner: Turn | None = None
        self._first: deque[Turn] = deque()
        self._row: deque[Turn] = deque()

    def acquire(self, timeout: float, *, first: bool = False) -> Turn | None:
        turn = Turn(self)
        with self._mutex:
            if self._owner is None:
                self._owner = turn
                return turn
            (self._first if first else self._row).append(turn)
        left = timeout
        while not turn.event.wait(min(LOOK_S, max(left, 0.0))):
            left -= LOOK_S
            self._pass_on_from_the_dead()
            if left <= 0 and self._give_up(turn):
                return None
        return turn

    def release(self, turn: Turn) -> None:
        """Hand the lock to the next in the row; a turn that was taken from a dead thread releases nothing."""
        with self._mutex:
            if self._owner is turn:
                self._hand_over()

    def waiting(self) -> int:
        with self._mutex:
            return len(self._first) + len(self._row)

    def _hand_over(self) -> None:
        row = self._first or self._row
        self._owner = row.popleft() if row else None
        if self._owner is not None:
            self._owner.event.set()

    def _pass_on_from_the_dead(self) -> None:
        with self._mutex:
            if self._owner is not None and not self._owner.thread.is_alive():
                self._hand_over()

    def _give_up(self, turn: Turn) -> bool:
        """Leave the row; False when the lock came in this very moment, so that it is never lost."""
        with self._mutex:
            if turn.event.is_set():
                return False
            (self._first if turn in self._first else self._row).remove(turn)
            return True


class WriteLock:
    """The locks of this process by database name, and whether this thread goes first."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._locks: dict[str, FairLock] = {}
        self._mine = threading.local()

    def of(self, name: str) -> FairLock:
        with self._mutex:
            return self._locks.setdefault(name, FairLock())

    @contextmanager
    def priority(self, who: str) -> Iterator[None]:
        """Inside, this thread is served before all others: only `clock`, or everybody would be first."""
        before = getattr(self._mine, "who", "")
        self._mine.who = who
        try:
            yield
        finally:
            self._mine.who = before

    @property
    def first(self) -> bool:
        return getattr(self._mine, "who", "") == "clock"


write_lock = WriteLock()
