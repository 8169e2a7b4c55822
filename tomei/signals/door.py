"""The inbound door: durable before it is answered, and one defined answer to everything that may come."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from django.db import OperationalError
from django.utils import translation

from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.signals import actions, rules
from tomei.signals.models import Source
from tomei.ui import refusals

MOST_WAITING = 64  # requests of this process inside the door at once; beyond it, come again
RETRY_S = 5
_waiting = 0
_guard = Lock()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sender is told. `json` has the counts, or the one error shape of the API."""

    status: int
    json: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


class _Full(Exception):
    """More are waiting than this process promises to hold."""


@contextmanager
def _place() -> Iterator[None]:
    global _waiting
    with _guard:
        if _waiting >= MOST_WAITING:
            raise _Full
        _waiting += 1
    try:
        yield
    finally:
        with _guard:
            _waiting -= 1


def refusal(status: int, error: Refused, headers: Mapping[str, str] | None = None) -> Reply:
    said = refusals.said(error, translation.get_language() or "en")
    body = {
        "code": error.code,
        "message": said.sentence,
        "way_out": said.way_out,
        "facts": {name: value if isinstance(value, int) else str(value) for name, value in error.facts.items()},
    }
    return Reply(status, body, headers or {})


def receive(kind: str, key: str, body: bytes, now: datetime) -> Reply:
    """Take one request in and answer it.

    200 with counts when it is stored and understood; 400 when it is stored and not understood; 404 for every wrong
    key, alike; 413 when it is too large; 429 with Retry-After when too many wait; 503 when the database cannot write,
    507 when the disk is full. Nothing but 200 and 400 has kept the body.
    """
    try:
        with _place():
            return _receive(kind, key, body, now)
    except _Full:
        return refusal(429, Refused("signal.busy", seconds=RETRY_S), {"Retry-After": str(RETRY_S)})
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return refusal(507, Refused("signal.no_space"), {"Retry-After": "60"})
    except OperationalError as error:
        if "disk is full" in str(error) or "No space left" in str(error):
            return refusal(507, Refused("signal.no_space"), {"Retry-After": "60"})
        return refusal(503, Refused("signal.database"), {"Retry-After": "2"})


def _receive(kind: str, key: str, body: bytes, now: datetime) -> Reply:
    # Found by digest: how long the search takes says nothing about the key.
    source = Source.objects.filter(key_digest=ids.digest(key), kind=kind, archived_at=None).first()
    if source is None:
        return refusal(404, Refused("signal.unknown_key"))
    if len(body) > rules.MOST_BYTES:
        return _too_large(source, len(body), now)
    try:
        parsed = rules.PARSERS[kind](body)
    except Refused as error:
        return _unread(source, body, error, now)
    taken = actions.take_in(source, body, parsed, by=actor_of(source), now=now)
    counts = {"received": taken.received_id, "events": taken.events, "new": taken.new, "repeated": taken.repeated}
    return Reply(200, {**counts, "late": taken.late, "groups": list(taken.group_ids)[:100]})


def refuse_size(kind: str, key: str, size: int, now: datetime) -> Reply:
    """For a front that stopped reading at a limit of its own: the same answers as `receive`, without the body."""
    source = Source.objects.filter(key_digest=ids.digest(key), kind=kind, archived_at=None).first()
    return refusal(404, Refused("signal.unknown_key")) if source is None else _too_large(source, size, now)


def _unread(source: Source, body: bytes, error: Refused, now: datetime) -> Reply:
    detail = ", ".join(f"{name}: {value}" for name, value in error.facts.items())
    kept = actions.keep_unread(source, body, f"{error.code} {detail}".strip(), size=len(body), now=now)
    reply = refusal(400, error)
    return Reply(400, {**reply.json, "code": "not_understood", "error": error.code, "received": kept})


def _too_large(source: Source, size: int, now: datetime) -> Reply:
    """That something came and was too large is kept, the body is not."""
    error = Refused("signal.too_large", most=rules.MOST_BYTES, size=size)
    actions.keep_unread(source, b"", f"{error.code} size: {size}", size=size, now=now)
    return refusal(413, error)


def actor_of(source: Source) -> Actor:
    """The sender itself acts; it holds no right, only what the default rule does in its name."""
    return Actor("source", source.pk, source.name)
