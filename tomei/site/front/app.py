"""The ASGI application: which door an address goes to, start and end of what runs beside the pages."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Awaitable, Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Protocol

from tomei.kernel import time
from tomei.live import door
from tomei.live.bus import Bus
from tomei.site.front import access, bodies, chunks
from tomei.site.front.answers import Answer, Headers, Receive, Scope, Send, deliver, refusal
from tomei.site.front.pages import Application, Busy, Pages
from tomei.site.front.proxies import Proxies
from tomei.site.front.static import Table

log = logging.getLogger("tomei.front")
Heard = Callable[[Scope], Answer | None]
"""A hot door: a GET or HEAD that is answered from memory in the event loop, or None when it is not for this door."""


class Clock(Protocol):
    """What the front starts and stops; `tomei.clock.engine.Engine` is one."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


class Posts(Protocol):
    """A door that answers whole requests by itself; `tomei.site.front.inbound.Inbound` is one."""

    def takes(self, scope: Scope) -> bool: ...
    async def answer(self, scope: Scope, body: bodies.Body) -> Answer: ...
    def stop(self) -> None: ...


def nobody(headers: Headers, topics: list[str]) -> set[str] | None:
    """Without a rule nobody may listen."""
    return None


class Front:
    """One per process. `clock` may be None where another process ticks."""

    def __init__(
        self,
        application: Application,
        *,
        files: Path,
        static: Path,
        threads: int = 2,
        proxies: Sequence[str] = (),
        clock: Clock | None = None,
        bus: Bus | None = None,
        allowed: door.Allowed = nobody,
        hot_doors: Sequence[Heard] = (),
        before: Sequence[Callable[[], object]] = (),
        inbound: Posts | None = None,
    ) -> None:
        self.bus = bus or Bus()
        self._pages = Pages(application, threads, files)
        self._static = Table(static)
        self._proxies = Proxies(proxies)
        self._inbound = inbound
        self._clock, self._allowed, self._hot, self._before = clock, allowed, list(hot_doors), list(before)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        self._proxies.clean(scope)
        started = time.monotonic()
        if scope["path"] == "/live" and scope["method"] == "GET":
            await door.stream(scope, receive, send, bus=self.bus, allowed=self._allowed)
            access.note(scope, 200, time.monotonic() - started)
            return
        try:
            answer = self._from_memory(scope) or await self._page(scope, receive)
        except bodies.Unfit as unfit:
            answer = refusal(scope, unfit.status, unfit.code, [(b"connection", b"close")], **unfit.facts)
            await deliver(answer, scope, send, before_end=lambda: bodies.swallow(scope, receive))
            access.note(scope, unfit.status, time.monotonic() - started)
            return
        except bodies.Gone:
            access.note(scope, 499, time.monotonic() - started)
            return
        unread = (lambda: bodies.swallow(scope, receive)) if scope.get("tomei.unread") else None
        await deliver(answer, scope, send, before_end=unread)
        access.note(scope, answer.status, time.monotonic() - started)

    def _from_memory(self, scope: Scope) -> Answer | None:
        if scope["method"] not in ("GET", "HEAD"):
            return None
        if scope["path"].startswith("/static/"):
            return self._static.answer(scope)
        for hot in self._hot:
            try:
                answer = hot(scope)
            except Exception:
                log.exception("a hot door failed; the page is asked")
                continue
            if answer is not None:
                return answer
        return None

    async def _page(self, scope: Scope, receive: Receive) -> Answer:
        chunk = chunks.takes(scope)
        body = bodies.Body(BytesIO(), 0) if chunk else await bodies.take(scope, receive)
        try:
            if chunk:
                return await chunks.answer(scope, receive, self._pages)
            if self._inbound is not None and self._inbound.takes(scope):
                return await self._inbound.answer(scope, body)
            return await self._pages.answer(scope, body)
        except (bodies.Unfit, bodies.Gone):
            raise
        except Busy:
            return refusal(scope, 503, "front.busy", [(b"retry-after", b"5")])
        except OSError as error:
            log.exception("a page could not be answered: %s", error)
            full = error.errno == errno.ENOSPC
            return refusal(scope, 507 if full else 500, "front.no_space" if full else "front.fault")
        except Exception:
            log.exception("a page failed")
            return refusal(scope, 500, "front.fault")
        finally:
            body.file.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self._start()
                except Exception as error:
                    log.exception("the front could not start")
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _start(self) -> None:
        self.bus.start(asyncio.get_running_loop())
        await asyncio.to_thread(self.bus.ready.wait, 10)  # what `before` renders must not miss what follows it
        for step in self._before:
            await asyncio.to_thread(step)
        if self._clock is not None:
            self._clock.start()

    async def _stop(self) -> None:
        steps: list[Awaitable[None]] = [asyncio.to_thread(self.bus.stop), asyncio.to_thread(self._pages.close)]
        if self._inbound is not None:
            steps.append(asyncio.to_thread(self._inbound.stop))
        if self._clock is not None:
            steps.append(asyncio.to_thread(self._clock.stop))
        await asyncio.gather(*steps)
