"""The door for signals without Django's request: read by the event loop, written by one thread for all.

What is out of the ordinary (another method, a cookie, `?lang=`) goes to the page, which asks the same `signals.door`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import translation

from tomei.kernel import time
from tomei.signals import door
from tomei.signals.door import Letter, Reply
from tomei.signals.rules.beating import HEARTBEAT, word_of
from tomei.signals.web import doors
from tomei.signals.writer import Writer
from tomei.site.front.answers import Answer, Headers, Scope
from tomei.site.front.bodies import Body

_ADDRESS = re.compile(r"/in/([^/]+)/([^/]+)")
_PING = re.compile(rf"/in/{HEARTBEAT}/([^/]+)(?:/([^/]*))?")


class Inbound:
    """`takes(scope)` tells what is for this door; `answer` returns when the request is durable, or refused."""

    def __init__(self) -> None:
        self._writer = Writer(self._answered)

    def takes(self, scope: Scope) -> bool:
        if b"lang=" in scope["query_string"] or any(name == b"cookie" for name, _value in scope["headers"]):
            return False
        return _addressed(scope) is not None

    async def answer(self, scope: Scope, body: Body) -> Answer:
        addressed = _addressed(scope)
        assert addressed is not None
        kind, key, word = addressed
        language = _language(_accepts(scope["headers"]))
        if not door.enter(body.length):
            return _said(door.busy(language), language, scope)
        try:
            whole = body.file.read() if isinstance(body.file, BytesIO) else await asyncio.to_thread(body.file.read)
            letter = Letter(kind, key, whole, time.now(), language, word)
            return _said(await self._written(letter), language, scope)
        finally:
            door.leave(body.length)

    def stop(self) -> None:
        self._writer.stop()

    async def _written(self, letter: Letter) -> Reply:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Reply] = loop.create_future()
        return await future if self._writer.submit(letter, future) else door.busy(letter.language)

    def _answered(self, found: Sequence[tuple[asyncio.Future[Reply], Reply]]) -> None:
        """In the writer's thread; the loop is the same for all."""
        found[0][0].get_loop().call_soon_threadsafe(_settle, found)


def _settle(found: Sequence[tuple[asyncio.Future[Reply], Reply]]) -> None:
    for future, reply in found:
        if not future.done():
            future.set_result(reply)


def _addressed(scope: Scope) -> tuple[str, str, str] | None:
    """Kind, key and what stands behind the key; None for what is for another door."""
    ping = _PING.fullmatch(scope["path"])
    if ping is not None:
        word = word_of(ping[2] or "") if scope["method"] in doors.PINGS else None
        return None if word is None else (HEARTBEAT, ping[1], word)
    match = _ADDRESS.fullmatch(scope["path"]) if scope["method"] == "POST" else None
    kind = _kind(match[1]) if match is not None else None
    return (kind, match[2], "") if match is not None and kind is not None else None


@lru_cache(maxsize=64)
def _kind(name: str) -> str | None:
    """The kind of source behind `/in/<name>/…`, or None where another view answers there."""
    try:
        match = resolve(f"/in/{name}/key")
    except Resolver404:
        return None
    plain = match.func is doors.receive and set(match.kwargs) == {"kind", "key"}
    return match.kwargs["kind"] if plain else None


def _accepts(headers: Headers) -> str:
    return ",".join(value.decode("latin-1") for name, value in headers if name == b"accept-language")[:500]


@lru_cache(maxsize=256)
def _language(accepts: str) -> str:
    """As `site.middleware.Reader` chooses for somebody without a cookie."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepts
    return "ja" if translation.get_language_from_request(request).startswith("ja") else "en"


def _said(reply: Reply, language: str, scope: Scope) -> Answer:
    """The same headers as through Django."""
    headers: Headers = [
        (b"content-type", b"application/json"),
        (b"content-language", language.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"Cookie"),
    ]
    if settings.SECURE_HSTS_SECONDS and scope.get("scheme") == "https":
        headers.append((b"strict-transport-security", b"max-age=%d" % settings.SECURE_HSTS_SECONDS))
    headers += [(name.lower().encode(), value.encode()) for name, value in reply.headers.items()]
    return Answer(reply.status, headers, json.dumps(dict(reply.json), ensure_ascii=False).encode())
