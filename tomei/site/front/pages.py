"""Django's WSGI application on a few threads. A thread runs the view and nothing else: it never waits for a client.

`a2wsgi` hands pieces to the client from inside the thread and lets it wait when the client stalls; so the answer is
collected here and sent by the event loop.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

from django.urls import get_resolver

from tomei.site.front.answers import Answer, Headers, Scope, header
from tomei.site.front.bodies import IN_MEMORY, Body

log = logging.getLogger("tomei.front")
WAITING = 200
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Busy(Exception):
    """More requests wait than will be answered in time."""


class Pages:
    """`answer(scope, body)` runs the application; raises `Busy` when more than `WAITING` requests wait."""

    def __init__(self, application: Application, threads: int, files: Path) -> None:
        self._application, self._room = application, threads + WAITING
        self._files = files.resolve()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="tomei-page")
        self._inside = 0

    async def answer(self, scope: Scope, body: Body) -> Answer:
        if self._inside >= self._room:
            raise Busy
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self.run, scope, body)
        finally:
            self._inside -= 1

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    def run(self, scope: Scope, body: Body) -> Answer:
        """Call the application and collect what it says, a long answer in a temporary file."""
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[..., None]:
            started[:] = [int(status.split(" ", 1)[0]), headers]
            return lambda piece: None  # nobody in Django calls it

        pieces = self._application(environ(scope, body), start_response)
        try:
            answer = _collected(pieces)
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()
        answer.status = started[0]
        answer.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in started[1]]
        return self._handed_over(answer)

    def _handed_over(self, answer: Answer) -> Answer:
        """A view that names a file in `X-Tomei-File` lets the front send it; nothing outside our files is sent."""
        name = header(answer.headers, b"x-tomei-file")
        if not name:
            return answer
        answer.headers = [pair for pair in answer.headers if pair[0] != b"x-tomei-file"]
        place = (self._files / name).resolve()
        if not place.is_relative_to(self._files) or not place.is_file():
            log.error("a view handed over %s, which is no file of ours", name)
            return Answer(404, [(b"content-type", b"text/plain")], b"Not found")
        answer.file = place.open("rb")
        answer.size = place.stat().st_size
        first, _dash, last = header(answer.headers, b"x-tomei-part").partition("-")
        if last:
            answer.headers = [pair for pair in answer.headers if pair[0] != b"x-tomei-part"]
            answer.file.seek(int(first))
            answer.size = max(min(int(last) + 1, answer.size) - int(first), 0)
        return answer


def _collected(pieces: Iterable[bytes]) -> Answer:
    found: list[bytes] = []
    size = 0
    file: BinaryIO | None = None
    for piece in pieces:
        size += len(piece)
        if file is not None:
            file.write(piece)
            continue
        found.append(piece)
        if size > IN_MEMORY:
            file = tempfile.TemporaryFile()  # noqa: SIM115 - closed once it is sent
            assert file is not None
            file.writelines(found)
            found.clear()
    if file is not None:
        file.seek(0)
    return Answer(500, [], b"".join(found), file, size)


def environ(scope: Scope, body: Body) -> dict[str, Any]:
    """The request as WSGI wants it. Names with an underscore are dropped: they could pose as another header."""
    host, port = scope.get("server") or ("localhost", 80)
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "CONTENT_LENGTH": str(body.length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body.file,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "tomei.front": True,
    } | scope.get("tomei.environ", {})
    _add_headers(found, scope["headers"])
    return found


def _add_headers(found: dict[str, Any], headers: Headers) -> None:
    for name, value in headers:
        if b"_" in name or name in (b"content-length", b"transfer-encoding"):
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        text = value.decode("latin-1")
        if key in found:
            text = f"{found[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
        found[key] = text


def warm() -> None:
    """Build the URL tree now: the first visitor need not wait for it."""
    get_resolver()._populate()
