"""Plain SQL for what is written with every delivery: many rows in one statement, alike on both databases.

The ORM takes three times as long for the same rows, nearly all of it in Python.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from tomei.signals.models import Group
from tomei.signals.rules import Event, Standing

VARIABLES = 6000  # in one statement; SQLite takes 32,766
Place = tuple[int, str]  # a group and the fingerprint of one of its alerts
_NEW = (
    "source_id", "key", "title", "title_ja", "severity", "component_id", "state", "triage", "incident_id",
    "triage_due_at", "triaged_by_id", "triaged_by", "triaged_at", "reason", "first_at", "fired_at", "last_at",
    "resolved_at", "events", "url", "flapping_at", "flaps", "changed", "labels",
)  # fmt: skip
_KEPT = ("source_id", "key", "incident_id", "first_at")  # of a group that is there already
_MOMENTS = frozenset(name for name in _NEW if name.endswith("_at"))
_CHANGED = ", ".join(f"{name} = EXCLUDED.{name}" for name in _NEW if name not in _KEPT)
_RECEIVED = "source_id, at, body, size, verdict, error, events, word"
_SIGNAL = "group_id, received_id, at, known_at, status, title, fingerprint, text, is_late, labels"


def _writes() -> Callable[[datetime | None], Any]:
    """What turns a moment into what this database takes; asked once per statement, for it is called for each value."""
    return _as_text if connection.vendor == "sqlite" else _as_is


@lru_cache(maxsize=2048)
def _as_text(at: datetime | None) -> str | None:
    """As Django writes it: UTC without saying so. Most events of one delivery share a moment."""
    return None if at is None else str(at.astimezone(UTC).replace(tzinfo=None))


def _as_is(at: datetime | None) -> datetime | None:
    return at


def _json() -> str:
    return "%s::jsonb" if connection.vendor == "postgresql" else "%s"


def _labels(found: Mapping[str, str]) -> str:
    return json.dumps(dict(found), ensure_ascii=False)


def _run(head: str, width: int, rows: Sequence[Sequence[Any]], tail: str = "", *, last: str = "%s") -> list[Any]:
    """`head VALUES (…), (…) tail` over all rows, in as few statements as they fit in; returns what it returns.

    `last` stands for the last column of each row.
    """
    one = f"({'%s, ' * (width - 1)}{last})"
    found: list[Any] = []
    with connection.cursor() as cursor:
        for start in range(0, len(rows), VARIABLES // width):
            part = rows[start : start + VARIABLES // width]
            cursor.execute(f"{head} {', '.join([one] * len(part))} {tail}", [value for row in part for value in row])
            if cursor.description:
                found += cursor.fetchall()
    return found


def add_received(rows: Sequence[tuple[int, datetime, bytes, int, str, str, int, str]]) -> list[int]:
    """Source, moment, packed body, size, verdict, error, number of events and word of each; their ids in that order."""
    moment = _writes()
    given = [(source, moment(at), *rest) for source, at, *rest in rows]
    found = _run(f"INSERT INTO signals_received ({_RECEIVED}) VALUES", 8, given, "RETURNING id")
    return [int(row[0]) for row in found]


def locked_groups(places: Sequence[tuple[int, str]]) -> list[Group]:
    """The rows of these sources and keys that are there, held until the end of the transaction."""
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    found: list[Group] = []
    for start in range(0, len(places), VARIABLES // 2):
        part = places[start : start + VARIABLES // 2]
        wanted = ", ".join(["(%s, %s)"] * len(part))
        sql = f"SELECT * FROM signals_group WHERE (source_id, key) IN (VALUES {wanted}) ORDER BY id{lock}"  # noqa: S608 - constants only
        found += Group.objects.raw(sql, [value for place in part for value in place])
    return found


def add_groups(groups: Sequence[Group]) -> None:
    """Groups that were not there a moment ago; another process may have been first."""
    columns = ", ".join(_NEW)
    _run(f"INSERT INTO signals_group ({columns}) VALUES", len(_NEW), [_values(group) for group in groups],
         "ON CONFLICT DO NOTHING", last=_json())  # fmt: skip


def save_groups(groups: Sequence[Group]) -> None:
    """Rows that this transaction holds, as they stand in memory; `incident_id` has a writer of its own."""
    rows = [(group.pk, *_values(group)) for group in groups]
    columns = ", ".join(("id", *_NEW))
    _run(f"INSERT INTO signals_group ({columns}) VALUES", len(_NEW) + 1, rows,
         f"ON CONFLICT (id) DO UPDATE SET {_CHANGED}", last=_json())  # fmt: skip


def _values(group: Group) -> list[Any]:
    found, moment = group.__dict__, _writes()
    return [
        _labels(found[name]) if name == "labels" else moment(found[name]) if name in _MOMENTS else found[name]
        for name in _NEW
    ]


def standings(places: Iterable[Place]) -> dict[Place, Standing]:
    """The alerts that are known, by group and fingerprint."""
    head = "SELECT group_id, fingerprint, status, at FROM signals_member WHERE (group_id, fingerprint) IN (VALUES"
    found = _run(head, 2, list(dict.fromkeys(places)), ")")
    return {(row[0], row[1]): Standing(row[2], _read(row[3])) for row in found}


def _read(at: Any) -> datetime | None:
    """SQLite gives UTC without saying so, as text where an expression hides the column's type."""
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def save_standings(changed: Mapping[Place, Standing]) -> None:
    moment = _writes()
    rows = [(group, name, now.status, moment(now.at)) for (group, name), now in changed.items()]
    _run("INSERT INTO signals_member (group_id, fingerprint, status, at) VALUES", 4, rows,
         "ON CONFLICT (group_id, fingerprint) DO UPDATE SET status = EXCLUDED.status, at = EXCLUDED.at")  # fmt: skip


def firing(group_ids: Sequence[int]) -> set[int]:
    """Those of these groups of which at least one alert fires."""
    exists = "EXISTS (SELECT 1 FROM signals_member m WHERE m.group_id = g.id AND m.status = 'firing')"
    rows = [(pk,) for pk in group_ids]
    found = _run("SELECT g.id FROM signals_group g WHERE g.id IN (VALUES", 1, rows, f") AND {exists}")
    return {row[0] for row in found}


def told(late: Iterable[tuple[int, datetime]]) -> set[tuple[int, str, str, datetime | None]]:
    """Events of these groups at these moments that are kept already: group, fingerprint, status, moment."""
    moment = _writes()
    rows = [(group, moment(at)) for group, at in dict.fromkeys(late)]
    head = "SELECT group_id, fingerprint, status, at FROM signals_signal WHERE (group_id, at) IN (VALUES"
    return {(row[0], row[1], row[2], _read(row[3])) for row in _run(head, 2, rows, ")")}


def add_signals(rows: Iterable[tuple[int, int | None, Event, bool]], now: datetime) -> None:
    """Group, received, event and whether it was late, of each; told at `now`."""
    moment = _writes()
    known_at = moment(now)
    given = [
        (
            group, received, moment(event.at or now), known_at, event.status, event.title, event.fingerprint,
            event.text, is_late, _labels(event.labels),
        )
        for group, received, event, is_late in rows
    ]  # fmt: skip
    _run(f"INSERT INTO signals_signal ({_SIGNAL}) VALUES", 10, given, last=_json())
