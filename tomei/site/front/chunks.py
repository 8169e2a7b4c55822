"""A chunk of an upload goes from the line straight to the disk: never into memory, never through Django's request.

The page is asked twice: before a byte is taken, whether this chunk would be, and then with what came.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from io import BytesIO

from tomei.files.uploads.rules import CHUNK
from tomei.files.uploads.store import Receiver
from tomei.site.front.answers import Answer, Receive, Scope
from tomei.site.front.bodies import IDLE_S, WHOLE_S, Body, Gone, Unfit, declared
from tomei.site.front.pages import Pages

_ADDRESS = re.compile(r"/(?:room/|api/v1/)?incidents/[^/]+/evidence/uploads/[^/]+/[0-9]{1,6}/?")


def takes(scope: Scope) -> bool:
    return scope["method"] == "PUT" and _ADDRESS.fullmatch(scope["path"]) is not None


async def answer(scope: Scope, receive: Receive, pages: Pages) -> Answer:
    """What the page says: `scope["tomei.unread"]` is set when it said so before the body was taken."""
    length = declared(scope)
    if length is None:
        raise Unfit(411, "front.no_length")
    if length > CHUNK:
        raise Unfit(413, "front.too_large", limit_mib=CHUNK // 2**20)
    nothing = Body(BytesIO(), 0)
    asked = await pages.answer({**scope, "tomei.environ": {"tomei.asks": length}}, nothing)
    if asked.status != 204:
        scope["tomei.unread"] = True
        return asked
    taken = Receiver()
    try:
        await _take(taken, receive, length)
        return await pages.answer({**scope, "tomei.environ": {"tomei.chunk": taken.came()}}, nothing)
    finally:
        taken.drop()


async def _take(taken: Receiver, receive: Receive, length: int) -> None:
    """All of it; raises `Gone`, or `Unfit` with 408 or 507."""
    try:
        async with asyncio.timeout(WHOLE_S):
            async for piece in _pieces(receive):
                if taken.size + len(piece) > length:
                    raise Gone
                taken.write(piece)
    except TimeoutError:
        raise Unfit(408, "front.slow_body", seconds=int(IDLE_S)) from None
    except OSError as error:
        raise Unfit(507, "front.no_space") from error
    if taken.size != length:
        raise Gone


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        async with asyncio.timeout(IDLE_S):
            message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return
