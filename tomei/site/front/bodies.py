"""Take a body whole before anything runs: 1 MiB in memory, then a temporary file."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from tomei.site.front.answers import Receive, Scope, header

MIB = 1024 * 1024
IN_MEMORY = MIB
IDLE_S = 30.0  # without a byte
WHOLE_S = 600.0  # a byte now and then does not last for ever
LINGER_S = 2.0


class Gone(Exception):
    """The client went before its body was whole: nothing runs and nobody is there to be told."""


class Unfit(Exception):
    """The body cannot be taken; `status` and `code` say why."""

    def __init__(self, status: int, code: str, **facts: object) -> None:
        super().__init__(code)
        self.status, self.code, self.facts = status, code, facts


@dataclass(slots=True)
class Body:
    """A whole body, to be read from its start."""

    file: BinaryIO
    length: int


def limit(scope: Scope) -> int:
    """How many bytes are taken at this address: 5 MiB of signals, 32 MiB of uploads, else 6 MiB."""
    if scope["path"].startswith("/in/"):
        return 5 * MIB
    if header(scope["headers"], b"content-type").lower().startswith("multipart/form-data"):
        return 32 * MIB
    return 6 * MIB


async def take(scope: Scope, receive: Receive) -> Body:
    """The whole body; raises `Gone`, or `Unfit` with 400, 408, 413 or 507."""
    told = declared(scope)
    most = limit(scope)
    if told is not None and told > most:
        raise Unfit(413, "front.too_large", limit_mib=most // MIB)
    if told == 0 or (told is None and not header(scope["headers"], b"transfer-encoding")):
        return Body(BytesIO(), 0)
    body = Body(BytesIO(), 0)
    try:
        async with asyncio.timeout(WHOLE_S):
            await _fill(body, receive, most)
    except TimeoutError:
        body.file.close()
        raise Unfit(408, "front.slow_body", seconds=int(IDLE_S)) from None
    except OSError as error:
        body.file.close()
        raise Unfit(507, "front.no_space") from error
    if told is not None and body.length != told:
        raise Gone
    body.file.seek(0)
    return body


def declared(scope: Scope) -> int | None:
    """How long its body is, by what the request says; `Unfit` with 400 when that is no number."""
    text = header(scope["headers"], b"content-length").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Unfit(400, "front.bad_length")
    return int(text[:15])


async def _fill(body: Body, receive: Receive, most: int) -> None:
    while True:
        async with asyncio.timeout(IDLE_S):
            message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        piece = message.get("body", b"")
        body.length += len(piece)
        if body.length > most:
            raise Unfit(413, "front.too_large", limit_mib=most // MIB)
        if body.length > IN_MEMORY and isinstance(body.file, BytesIO):
            whole = body.file.getvalue()
            body.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the request
            body.file.write(whole)
        body.file.write(piece)
        if not message.get("more_body", False):
            return


async def swallow(scope: Scope, receive: Receive, most: int = 64 * MIB) -> None:
    """Read on for a moment after a refusal: a client that still sends would lose the answer to a reset."""
    if header(scope["headers"], b"expect"):
        return  # it waits for our word before it sends
    try:
        async with asyncio.timeout(LINGER_S):
            while most > 0:
                message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
                most -= len(message.get("body", b""))
    except TimeoutError:
        return
