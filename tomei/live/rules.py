"""Cursors and frames of the stream, pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


class Cursor(NamedTuple):
    """Where a reader stands: transaction, then row. On SQLite the transaction is always 0."""

    xid: int
    id: int

    def __str__(self) -> str:
        return f"{self.xid}-{self.id}"


START = Cursor(0, 0)


def oldest_open(following: int, open_: list[int]) -> int:
    """The lowest transaction that may still write, in full 64 bits.

    `following` is the next number to be given; `open_` are the running ones, whose upper 32 bits the server leaves out.
    """
    behind = [(following - low) % 2**32 for low in open_]
    return following - max((gap for gap in behind if gap < 2**31), default=0)  # more: began after we looked


def read_cursor(text: str) -> Cursor | None:
    """`"17-42"` as a cursor; None for anything else, as if the reader had seen nothing."""
    xid, _, row = text.strip().partition("-")
    if not (xid.isascii() and xid.isdigit() and row.isascii() and row.isdigit() and len(text) <= 40):
        return None
    cursor = Cursor(int(xid), int(row))
    return cursor if max(cursor) < 2**63 else None  # more than a database keeps


def read_topics(text: str) -> list[str]:
    """Up to 60 well-formed topics of `now,incident:12,…`; the rest is dropped, as it names nothing."""
    wanted = dict.fromkeys(part.strip() for part in text.split(","))
    return [topic for topic in wanted if topic and len(topic) <= 60 and topic.isprintable()][:60]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it is sent: `frame` is made once for all who hear it."""

    cursor: Cursor
    topic: str
    kind: str
    frame: bytes


def entry(cursor: Cursor, topic: str, kind: str, data: dict[str, Any], now: datetime) -> Entry:
    """`now` corrects the clocks of pages that show a countdown."""
    body = {"topic": topic, "kind": kind, "data": data, "now": now.isoformat()}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    name = kind if kind.isidentifier() else "changed"  # a line break in it would forge an event
    return Entry(cursor, topic, kind, f"id: {cursor}\nevent: {name}\ndata: {text}\n\n".encode())
