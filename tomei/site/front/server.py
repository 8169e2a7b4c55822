"""uvicorn as we run it: one process, no header of its own, no access log of its own, a short graceful end."""

from __future__ import annotations

import asyncio
import errno
import resource
import socket
import typing
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tomei.live.bus import Bus
from tomei.site.front.answers import Receive, Scope, Send
from tomei.site.front.build import build

HEAD_S = 30.0  # for the whole head of a request
HEAD_BYTES = 384 * 1024  # more than the loop reads at once: the first piece may hold a short head and much body
GRACE_S = 5


class Application(typing.Protocol):
    """What is served: the front, or what stands before it for a while."""

    @property
    def bus(self) -> Bus: ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class PortInUse(SystemExit):
    """Somebody else listens there. The message is one line; the exit code is 1."""


class Protocol(HttpToolsProtocol):
    """Bounds the head of a request in time and size, and lets the application cut a line that stands still."""

    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_timer is None or self.transport.is_closing():
            return
        self._head_bytes += len(data)
        if self._head_bytes > HEAD_BYTES:
            self._head_came()
            self.send_400_response("The head of the request is too long.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()
        self.scope["tomei.abort"] = self.transport.abort  # type: ignore[typeddict-unknown-key]

    def on_headers_complete(self) -> None:
        self._head_came()
        super().on_headers_complete()

    def _expect_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_S, self.transport.abort)

    def _head_came(self) -> None:
        self._head_bytes = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


class Server(uvicorn.Server):
    """Ends the live streams first: they would hold a graceful end for all its seconds."""

    def __init__(self, config: uvicorn.Config, front: Application, ready: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._front, self._ready = front, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._ready is not None and not self.should_exit:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._front.bus.end_all()
        await super().shutdown(sockets)


def configured(front: Application, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        front,
        http=Protocol,
        ws="none",
        lifespan="on",
        interface="asgi3",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=GRACE_S,
        limit_concurrency=_connections(),
        **more,
    )


def _connections() -> int:
    """As many as the system lets us open, less what databases and files need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, 65536) if hard != resource.RLIM_INFINITY else 65536
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(wanted - 200, 100)


def listen(host: str, port: int) -> socket.socket:
    """Take the address; `PortInUse` says in one line that somebody has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise PortInUse(f"{host}:{port} {why}. Choose another with --port.") from error
    return taken


def serve(host: str, port: int, *, front: Application | None = None, ready: Callable[[], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is called once requests are answered."""
    taken = listen(host, port)
    front = front or build()
    server = Server(configured(front), front, ready)
    try:
        server.run(sockets=[taken])
    except KeyboardInterrupt:
        return
    if not server.started:
        raise SystemExit(3)
