"""An answer, and how it is sent: in small pieces, so that a slow reader costs memory of one piece and no thread."""

from __future__ import annotations

import asyncio
import html
import json
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from tomei.kernel.errors import Refused
from tomei.site.middleware import POLICY
from tomei.ui import refusals

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PIECE = 64 * 1024
FILE_PIECE = 256 * 1024
STALL_S = 60.0  # a reader that takes nothing for so long is let go
SECURITY: Headers = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_files = ThreadPoolExecutor(2, thread_name_prefix="tomei-file")


@dataclass(slots=True)
class Answer:
    """Either `body`, or `size` bytes of `file`, which is closed once sent."""

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    file: BinaryIO | None = None
    size: int = 0

    @property
    def length(self) -> int:
        return self.size if self.file is not None else len(self.body)


def header(headers: Headers, name: bytes) -> str:
    """The first header called `name` (lower case), or an empty text."""
    return next((value.decode("latin-1") for key, value in headers if key == name), "")


def secured(headers: Headers) -> Headers:
    """With the security headers that are not there yet."""
    present = {name for name, _ in headers}
    if b"content-security-policy" in present:
        present.add(b"x-frame-options")  # who set a policy said there who may frame it
    return headers + [pair for pair in SECURITY if pair[0] not in present]


def refusal(scope: Scope, status: int, code: str, extra: Headers | None = None, **facts: Any) -> Answer:
    """A refusal of the front itself: JSON for the API and the signal door, a plain page for people."""
    language = "ja" if header(scope["headers"], b"accept-language").lower().startswith("ja") else "en"
    said = refusals.said(Refused(code, **facts), language)
    if scope["path"].startswith(("/api/", "/in/", "/v2/")) or "json" in header(scope["headers"], b"accept"):
        kind = b"application/json"
        text = json.dumps(
            {"code": code, "message": said.sentence, "way_out": said.way_out, "facts": facts}, ensure_ascii=False
        )
    else:
        kind = b"text/html; charset=utf-8"
        text = (
            f'<!doctype html><html lang="{language}"><meta name="viewport" content="width=device-width">'
            f"<title>{status}</title><h1>{html.escape(said.sentence)}</h1><p>{html.escape(said.way_out)}</p></html>"
        )
    headers = [(b"content-type", kind), (b"cache-control", b"no-store"), *(extra or [])]
    return Answer(status, headers, text.encode())


async def deliver(
    answer: Answer, scope: Scope, send: Send, *, before_end: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Send `answer`; whoever takes nothing for `STALL_S` is cut off. The file is closed in any case.

    `before_end` is awaited when all is sent and the connection not yet given up.
    """
    try:
        headers = [pair for pair in answer.headers if pair[0] != b"content-length"]
        if answer.status not in (204, 304):
            headers.append((b"content-length", b"%d" % answer.length))
        await _send(send, {"type": "http.response.start", "status": answer.status, "headers": secured(headers)})
        if scope["method"] == "HEAD" or answer.status in (204, 304):
            await _send(send, {"type": "http.response.body", "body": b""})
        elif answer.file is not None:
            await _pour(answer.file, answer.size, send)
        else:
            await _pieces(answer.body, send, before_end)
    except TimeoutError:
        scope.get("tomei.abort", lambda: None)()
    finally:
        if answer.file is not None:
            answer.file.close()


async def _send(send: Send, message: Message) -> None:
    async with asyncio.timeout(STALL_S):
        await send(message)


async def _pieces(body: bytes, send: Send, before_end: Callable[[], Awaitable[None]] | None) -> None:
    view = memoryview(body)
    for start in range(0, max(len(body), 1), PIECE):
        piece = body if len(body) <= PIECE else bytes(view[start : start + PIECE])
        more = start + PIECE < len(body) or before_end is not None
        await _send(send, {"type": "http.response.body", "body": piece, "more_body": more})

    if before_end is not None:
        await before_end()
        await _send(send, {"type": "http.response.body", "body": b""})


async def _pour(file: BinaryIO, size: int, send: Send) -> None:
    loop, left = asyncio.get_running_loop(), size
    while left > 0:
        piece = await loop.run_in_executor(_files, file.read, min(FILE_PIECE, left))
        if not piece:
            raise TimeoutError  # the file shrank meanwhile: cut the line, so that nobody takes it for whole
        left -= len(piece)
        await _send(send, {"type": "http.response.body", "body": piece, "more_body": left > 0})
    if size == 0:
        with suppress(OSError):
            await _send(send, {"type": "http.response.body", "body": b""})
