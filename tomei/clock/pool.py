"""A few threads for outside work. One that hangs is given up and replaced, so that it costs no place."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import close_old_connections, connections

from tomei.clock.handlers import JobFacts

IDLE_S = 30.0  # a thread without work ends, with its database connection


@dataclass(slots=True)
class Task:
    """One piece of outside work: what it came to, or the exception it ended with."""

    job: JobFacts
    do: Callable[[JobFacts], Any]
    deadline: float
    result: Any = None
    error: BaseException | None = None
    abandoned: bool = False


class Pool:
    """Runs tasks and puts the finished ones into `finished`; `done` is called after each."""

    def __init__(self, done: Callable[[], None]) -> None:
        self.finished: queue.SimpleQueue[Task] = queue.SimpleQueue()
        self._inbox: queue.Queue[Task | None] = queue.Queue()
        self._done = done
        self._mutex = threading.Lock()
        self._idle = 0
        self._threads = 0

    def submit(self, task: Task) -> None:
        with self._mutex:
            self._inbox.put(task)
            if self._idle >= self._inbox.qsize():
                return
            self._threads += 1
        threading.Thread(target=self._work, name="tomei-outside", daemon=True).start()

    def close(self) -> None:
        """Threads without work end now; one at work ends after it."""
        with self._mutex:
            for _ in range(self._threads):
                self._inbox.put(None)

    def _work(self) -> None:
        try:
            while (task := self._next()) is not None:
                self._run(task)
                if task.abandoned:
                    return
        finally:
            connections.close_all()
            with self._mutex:
                self._threads -= 1

    def _next(self) -> Task | None:
        with self._mutex:
            self._idle += 1
        try:
            return self._inbox.get(timeout=IDLE_S)
        except queue.Empty:
            return None
        finally:
            with self._mutex:
                self._idle -= 1

    def _run(self, task: Task) -> None:
        close_old_connections()
        try:
            task.result = task.do(task.job)
        except BaseException as error:  # whatever it was, the clock must hear of it
            task.error = error
        self.finished.put(task)
        self._done()
