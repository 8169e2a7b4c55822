"""One reader per process: it sees each event once and hands it to every stream that listens to its topic."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tomei.clock.listen import Listener
from tomei.kernel import time
from tomei.live import actions, queries
from tomei.live.rules import Cursor, Entry

log = logging.getLogger("tomei.live")
LOOK_S = {"sqlite": 0.25, "postgresql": 1.0}  # for what other processes wrote; our own commits ring the bell
QUEUE = 200  # events that a stream may lag behind before it is dropped; it comes back and replays
PAUSE_S = 0.25  # between two calls of a callback: a cache is rendered at once, then at most so often
LONGEST_PAUSE_S = 0.5  # and where a rendering takes long, it rests four times as long, up to this
_AT_ONCE = 500
P = ParamSpec("P")
R = TypeVar("R")


class Subscription:
    """What one stream still has to send. Belongs to the event loop; only the bus adds to it."""

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = set(topics)
        self.waiting: deque[Entry] = deque()
        self.wake = asyncio.Event()
        self.dropped = False

    def offer(self, entry: Entry) -> None:
        if len(self.waiting) >= QUEUE:
            self.dropped = True
            self.waiting.clear()
        if not self.dropped:
            self.waiting.append(entry)
        self.wake.set()


class Bus:
    """`start(loop)` reads in a thread of its own until `stop`. `on` calls a function of this process in that thread."""

    def __init__(self) -> None:
        self._by_topic: dict[str, set[Subscription]] = defaultdict(set)
        self._callbacks: list[tuple[str, Callable[[Entry], None]]] = []
        self._owed: dict[str, Entry] = {}  # the newest event by topic that callbacks have not heard
        self._free_at: dict[str, float] = {}  # when a topic's callbacks may be called again
        self._stopping = threading.Event()
        self.ready = threading.Event()  # from now on nothing that commits is missed
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._cursor: Cursor | None = None
        self._version = -1
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="tomei-live-door")
        self._opened: set[BaseDatabaseWrapper] = set()

    async def ask(self, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The answer of a function that uses the database, got in one of two threads that the streams share."""

        def answer() -> R:
            close_old_connections()  # one that was lost is opened anew
            self._opened.add(connections["default"])
            return question(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._threads, answer)

    def on(self, topic: str, callback: Callable[[Entry], None]) -> None:
        """Call `callback` when there are events of `topic`, of whatever process (caches that must follow).

        With the last of what came meanwhile, and not again within `PAUSE_S`: a storm is not a hundred renderings.
        """
        self._callbacks.append((topic, callback))

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._thread = threading.Thread(target=self._run, name="tomei-live", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        actions.bell.ring()
        if self._thread is not None:
            self._thread.join(5)
        self._threads.shutdown(wait=True, cancel_futures=True)
        closer = threading.Thread(target=self._close_opened)  # Django lets nobody close one in the loop's own thread
        closer.start()
        closer.join(5)

    def _close_opened(self) -> None:
        for opened in self._opened:  # their threads have ended
            opened.inc_thread_sharing()
            opened.close()

    def subscribe(self, topics: Iterable[str]) -> Subscription:
        subscription = Subscription(topics)
        for topic in subscription.topics:
            self._by_topic[topic].add(subscription)
        return subscription

    def narrow(self, subscription: Subscription, topics: set[str]) -> None:
        """From now on `subscription` hears only those of its topics that are in `topics`."""
        for topic in subscription.topics - topics:
            self._by_topic[topic].discard(subscription)
            if not self._by_topic[topic]:
                del self._by_topic[topic]
        subscription.topics &= topics

    def end(self, subscription: Subscription) -> None:
        self.narrow(subscription, set())

    def end_all(self) -> None:
        """End every stream; the browsers come back to whoever serves next. Called in the loop."""
        for subscription in set().union(*self._by_topic.values()):
            subscription.dropped = True
            subscription.wake.set()

    @property
    def streams(self) -> int:
        return len(set().union(*self._by_topic.values())) if self._by_topic else 0

    def _run(self) -> None:
        listener = Listener(actions.CHANNEL, actions.bell.ring) if connection.vendor == "postgresql" else None
        if listener is not None:
            listener.start()
        try:
            self._read_until_stopped()
        finally:
            if listener is not None:
                listener.stop()
            connection.close()

    def _read_until_stopped(self) -> None:
        look = LOOK_S.get(connection.vendor, 1.0)
        seen = -1
        while not self._stopping.is_set():
            before, seen = seen, actions.bell.count
            try:
                if before != seen or self._others_wrote():
                    self._read()
                self._call_back()
            except Exception as error:
                log.warning("live events could not be read, trying again: %s", error)
                with suppress(Exception):
                    connection.close()
                self._stopping.wait(1.0)
                seen = -1
                continue
            actions.bell.wait(seen, min(look, PAUSE_S) if self._owed else look)

    def _others_wrote(self) -> bool:
        if connection.vendor != "sqlite":
            return True
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            before, self._version = self._version, cursor.fetchone()[0]
        return before != self._version

    def _read(self) -> None:
        if self._cursor is None:
            self._cursor = queries.head()
            self.ready.set()
            return
        wanted = {topic for topic, _callback in self._callbacks}
        while entries := queries.after(self._cursor, _AT_ONCE, time.now()):
            self._cursor = entries[-1].cursor
            self._owed |= {entry.topic: entry for entry in entries if entry.topic in wanted}
            if self._loop is not None:
                with suppress(RuntimeError):  # the loop was closed while we read
                    self._loop.call_soon_threadsafe(self._fan_out, entries)

    def _call_back(self) -> None:
        """Call who has rested since the last call; the others later, the loop wakes for them."""
        now = time.monotonic()
        for topic in [one for one in self._owed if now >= self._free_at.get(one, now)]:
            entry, began = self._owed.pop(topic), time.monotonic()
            for mine, callback in self._callbacks:
                if mine == topic:
                    try:
                        callback(entry)
                    except Exception:
                        log.exception("a listener to %s failed", topic)
            ended = time.monotonic()
            self._free_at[topic] = ended + min(max(PAUSE_S, 4 * (ended - began)), LONGEST_PAUSE_S)

    def _fan_out(self, entries: list[Entry]) -> None:
        for entry in entries:
            for subscription in self._by_topic.get(entry.topic, ()):
                subscription.offer(entry)
