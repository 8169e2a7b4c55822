"""Reading events so that none is skipped and none is seen before it is certain."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from tomei.live.models import LiveEvent
from tomei.live.rules import START, Cursor, Entry, entry, oldest_open

# `pg_snapshot_xmin` alone would wait for writers of every database of the server: a nightly load next door would make
# our pages stand still. So: the oldest transaction open in our own database, at most what was next when we looked.
# The snapshot is older than the look at the sessions, so whatever ended in between is seen by the statement after.
_OPEN = (
    "SELECT (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint,"
    " ARRAY(SELECT (backend_xid::text)::bigint FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_xid IS NOT NULL)"
)


def _certain() -> QuerySet[LiveEvent]:
    """Rows before which nothing can appear any more. On SQLite writers follow each other, so that is all rows.

    On PostgreSQL to be called outside a transaction: inside, the server shows the sessions as they were at its start.
    """
    rows = LiveEvent.objects.all()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_OPEN)
            rows = rows.filter(xid__lt=oldest_open(*cursor.fetchone()))
    return rows.order_by("xid", "id")


def head() -> Cursor:
    """The cursor after the newest certain event."""
    last = _certain().values_list("xid", "id").last()
    return Cursor(*last) if last else START


def after(cursor: Cursor, limit: int, now: datetime, topics: Collection[str] | None = None) -> list[Entry]:
    """The next events after `cursor`, of `topics` or of all."""
    rows = _certain().filter(Q(xid__gt=cursor.xid) | Q(xid=cursor.xid, id__gt=cursor.id))
    if topics is not None:
        rows = rows.filter(topic__in=topics)
    found = rows.values_list("xid", "id", "topic", "kind", "data")[:limit]
    return [entry(Cursor(xid, row), topic, kind, data, now) for xid, row, topic, kind, data in found]


def still_there(cursor: Cursor) -> bool:
    """Whether the event at `cursor` is kept: if not, what came after it may be gone as well."""
    return LiveEvent.objects.filter(xid=cursor.xid, pk=cursor.id).exists()
