"""Group commit: whatever came in while the last transaction ran goes into the next one.

One thread writes for all requests of a process. Each is answered only when the transaction that holds it is durable.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from typing import Any

from django.db import close_old_connections, connection

from tomei.kernel import time
from tomei.kernel.errors import Refused
from tomei.signals import door
from tomei.signals.door import Letter, Reply

log = logging.getLogger("tomei.signals")
HELD_S = 0.05  # a transaction holds the database's write lock no longer than this, unless a single request does
LEAST, MOST = 8, 8192  # weight of one transaction
BYTES = 600  # of a body weigh as much as one more event
GATHER_S = 0.002  # senders that were just answered are given this long to come back, before a small batch goes off
IDLE_S = 5.0  # after so long without work the connection is looked at before it is used
Answered = Callable[[Sequence[tuple[Any, Reply]]], None]
"""Called in the writer's thread, once per transaction, with the tokens handed in and their replies."""


class Pace:
    """How much goes into one transaction: learned from how long the last ones held the lock."""

    def __init__(self) -> None:
        self.allowed = 64
        self._began = 0.0

    def began(self) -> None:
        self._began = time.monotonic()

    def ended(self, weight: int) -> None:
        """A transaction of this weight has committed. One that never began says nothing."""
        if not self._began:
            return
        held, self._began = time.monotonic() - self._began, 0.0
        if held > HELD_S:
            self.allowed = max(LEAST, int(min(weight, self.allowed) * 0.7 * HELD_S / held))
        elif held < HELD_S / 2 and weight * 2 > self.allowed:
            self.allowed = min(MOST, self.allowed * 2)


def weight(letter: Letter) -> int:
    return 1 + len(letter.body) // BYTES


class Writer:
    """`submit` hands in a letter; `answered` gets its reply. The thread starts with the first letter."""

    def __init__(self, answered: Answered) -> None:
        self._answered = answered
        self._row: deque[tuple[Letter, Any]] = deque()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._stopping = False
        self._last = 0  # letters in the last transaction
        self._used_at = 0.0
        self.pace = Pace()

    def submit(self, letter: Letter, token: Any) -> bool:
        """False after the end: nobody would answer any more."""
        with self._changed:
            if self._stopping:
                return False
            self._row.append((letter, token))
            if self._thread is None:
                self._thread = Thread(target=self._run, name="tomei-door", daemon=True)
                self._thread.start()
            self._changed.notify()
        return True

    def stop(self) -> None:
        """Return when all that was handed in is answered and the thread has ended."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while batch := self._next():
                self._write(batch)
        finally:
            connection.close()

    def _next(self) -> list[tuple[Letter, Any]]:
        """What waits, in the order it came and as much as one transaction bears; empty when there is an end."""
        with self._changed:
            while not self._row and not self._stopping:
                self._changed.wait()
            until = time.monotonic() + GATHER_S
            while len(self._row) * 2 < self._last and not self._stopping:
                left = until - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    break
            batch: list[tuple[Letter, Any]] = []
            room = self.pace.allowed
            while self._row and (not batch or weight(self._row[0][0]) <= room):
                batch.append(self._row.popleft())
                room -= weight(batch[-1][0])
            self._last = len(batch)
            return batch

    def _write(self, batch: list[tuple[Letter, Any]]) -> None:
        letters = [letter for letter, _token in batch]
        if time.monotonic() - self._used_at > IDLE_S:
            close_old_connections()  # one that was lost meanwhile is opened anew
        try:
            replies = door.receive_all(letters, self.pace.began)
        except Exception:
            log.exception("the door failed")
            replies = [door.refusal(500, Refused("signal.fault"), language=letter.language) for letter in letters]
        self._used_at = time.monotonic()
        self.pace.ended(sum(weight(letter) for letter in letters))
        if any(reply.status >= 500 for reply in replies):
            close_old_connections()
        self._answered([(token, reply) for (_letter, token), reply in zip(batch, replies, strict=True)])
