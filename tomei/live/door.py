"""The door for streams: server-sent events, opened and kept open only by who may hear.

`allowed(headers, topics)` is called in a thread: it returns the topics that the sender of these headers may hear, or
None when nobody is signed in. It is asked again every `RECHECK_S`, and at once when a `recheck` event is published on a
topic of the stream (`person:<id>` at sign-out).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from tomei.kernel import time
from tomei.live import queries
from tomei.live.bus import Bus, Subscription
from tomei.live.rules import START, Cursor, Entry, read_cursor, read_topics

HEARTBEAT_S = 15.0
RECHECK_S = 30.0
SEND_S = 20.0  # a reader that takes nothing for so long is gone
REPLAY = 500  # more than this was missed: the page loads anew instead
STREAMS = 5000

Message = MutableMapping[str, Any]
Headers = list[tuple[bytes, bytes]]
Allowed = Callable[[Headers, list[str]], set[str] | None]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_HEAD = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


async def stream(scope: Message, receive: Receive, send: Send, *, bus: Bus, allowed: Allowed) -> None:
    """Answer `GET /live?topics=…&after=…`: 401 signed out, 403 none of these topics, 503 too many streams.

    Returns when the reader is gone, too slow or no longer allowed; the browser opens the stream again and replays.
    """
    query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=20)
    topics = read_topics(query.get("topics", [""])[0])
    granted = await bus.ask(allowed, scope["headers"], topics) if topics else set()
    if not granted or bus.streams >= STREAMS:
        status = 401 if granted is None else 503 if granted else 403
        await _refuse(send, status)
        return
    subscription = bus.subscribe(granted)  # before the replay: what happens meanwhile waits in the queue
    gone = asyncio.ensure_future(_until_gone(receive, subscription))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _HEAD})
        seen = await _replay(send, bus, subscription, _last_seen(scope["headers"], query))
        await _pass_on(scope["headers"], send, bus, subscription, allowed, gone, seen)
    except TimeoutError:
        scope.get("tomei.abort", lambda: None)()  # there is no other way to let go of a reader that takes nothing
    finally:
        gone.cancel()
        bus.end(subscription)
    with suppress(TimeoutError):
        await _write(send, b"", last=True)


def _last_seen(headers: Headers, query: dict[str, list[str]]) -> Cursor | None:
    for name, value in headers:
        if name == b"last-event-id":
            return read_cursor(value.decode("latin-1"))
    return read_cursor(query.get("after", [""])[0])


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive, subscription: Subscription) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscription.wake.set()


async def _replay(send: Send, bus: Bus, subscription: Subscription, cursor: Cursor | None) -> Cursor | None:
    """Send what was missed since `cursor`; `gone` tells the page to load everything anew."""
    if cursor is None:
        head = await bus.ask(queries.head)
        await _write(send, f"retry: 2000\nid: {head}\n\n".encode())  # a lost stream replays from here
        return None
    await _write(send, b"retry: 2000\n\n")
    entries = await bus.ask(_missed, cursor, set(subscription.topics))
    if entries is None:
        await _write(send, b"event: gone\ndata: {}\n\n")
        return None
    if entries:
        await _write(send, b"".join(entry.frame for entry in entries))
        return entries[-1].cursor
    return cursor


def _missed(cursor: Cursor, topics: set[str]) -> list[Entry] | None:
    if cursor != START and not queries.still_there(cursor):
        return None
    entries = queries.after(cursor, REPLAY + 1, time.now(), topics)
    return entries if len(entries) <= REPLAY else None


async def _pass_on(
    headers: Headers,
    send: Send,
    bus: Bus,
    subscription: Subscription,
    allowed: Allowed,
    gone: asyncio.Future[None],
    seen: Cursor | None,
) -> None:
    loop = asyncio.get_running_loop()
    check_at = loop.time() + RECHECK_S
    while not (gone.done() or subscription.dropped):
        if loop.time() >= check_at:
            granted = await bus.ask(allowed, headers, sorted(subscription.topics))
            if not granted:
                return
            bus.narrow(subscription, granted)
            check_at = loop.time() + RECHECK_S
        entries, subscription.waiting = list(subscription.waiting), type(subscription.waiting)()
        subscription.wake.clear()
        frames = [entry.frame for entry in entries if seen is None or entry.cursor > seen]
        if frames:
            await _write(send, b"".join(frames))
        if any(entry.kind == "recheck" for entry in entries):
            check_at = 0.0
            continue
        if not subscription.waiting and not await _woken(subscription, min(HEARTBEAT_S, check_at - loop.time())):
            await _write(send, b": still here\n\n")


async def _woken(subscription: Subscription, seconds: float) -> bool:
    try:
        async with asyncio.timeout(max(seconds, 0.0)):
            await subscription.wake.wait()
    except TimeoutError:
        return False
    return True


async def _write(send: Send, body: bytes, *, last: bool = False) -> None:
    async with asyncio.timeout(SEND_S):
        await send({"type": "http.response.body", "body": body, "more_body": not last})
