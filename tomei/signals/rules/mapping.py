"""The generic door with a mapping: where in a sender's JSON the parts of our event stand.

A field is a JMESPath expression over one event, or over the whole body where it begins with `$.`. `events` finds the
list of events; without it the body is one event. A table turns the sender's values into ours: `CRITICAL = firing`, and
`* = …` for everything that stands in no other line.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.alertmanager import STATUSES
from tomei.signals.rules.shapes import Event, Parsed

if TYPE_CHECKING:
    from tomei.signals.rules.jmes import Reader

FIELDS = ("status", "key", "title", "severity", "component", "at", "url", "text", "labels")
TABLES = ("status", "severity", "component")
MOST_BYTES = 1024 * 1024  # of a body that is mapped
MOST_EVENTS = 1000
MOST_LINES, MOST_LINE = 50, 100
_REST = "*"


@dataclass(frozen=True, slots=True)
class Mapping:
    """`paths` by field, and `events`; `tables` by field, the sender's values in lower case."""

    paths: Table[str, str] = field(default_factory=dict)
    tables: Table[str, Table[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.paths)

    def as_json(self) -> dict[str, Any]:
        return {"paths": dict(self.paths), "tables": {name: dict(one) for name, one in self.tables.items()}}


@dataclass(frozen=True, slots=True)
class Tried:
    """One event as a mapping reads it: what each field says, and the fields that are missing, with what stood there."""

    said: Table[str, str]
    missing: Table[str, str]
    event: Event | None

    @property
    def needed(self) -> str:
        """The first field that it cannot do without and does not have."""
        return next((name for name in ("title", "status") if name in self.missing), "")


def of_json(given: Table[str, Any]) -> Mapping:
    """As kept; it was checked when it was saved."""
    return Mapping(given.get("paths", {}), given.get("tables", {}))


def checked(paths: Table[str, str], tables: Table[str, str]) -> Mapping:
    """The mapping that was typed; empty fields count as not given. Refuses what cannot be read, and names its field."""
    from tomei.signals.rules import jmes  # a mapping is rare: nobody else pays for the library

    given = {name: paths[name].strip() for name in ("events", *FIELDS) if paths.get(name, "").strip()}
    for name, text in given.items():
        try:
            jmes.compiled(text.removeprefix("$."))
        except Refused as error:
            raise Refused(error.code, **{**error.facts, "field": name}) from error
    if given and "title" not in given:
        raise Refused("mapping.no_title", field="title")
    read = {name: _table(name, tables[name]) for name in TABLES if tables.get(name, "").strip()}
    return Mapping(given, read)


def _table(name: str, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.splitlines():
        theirs, equals, ours = (part.strip() for part in line.rpartition("="))
        if not line.strip():
            continue
        ours = ours.lower()
        wrong = not equals or not theirs or not ours or len(line) > MOST_LINE or not line.isprintable()
        if wrong or len(found) >= MOST_LINES or (name == "status" and ours not in STATUSES):
            raise Refused("mapping.bad_line", field=f"{name}_values", line=line.strip()[:60])
        found[theirs.casefold()] = ours
    return found


def lines(table: Table[str, str]) -> str:
    """A table as it is typed."""
    return "\n".join(f"{theirs} = {ours}" for theirs, ours in table.items())


def map_body(mapping: Mapping, body: bytes) -> Parsed:
    """Refuses `mapping.missing` for an event without title or status; nothing of a list is taken then."""
    tried = try_out(mapping, body)
    for place, one in enumerate(tried):
        if one.event is None:
            raise Refused("mapping.missing", where=f"{place + 1}: {one.needed}", found=one.missing[one.needed])
    return Parsed(tuple(one.event for one in tried if one.event is not None))


def try_out(mapping: Mapping, body: bytes) -> tuple[Tried, ...]:
    """Every event of a body, field by field."""
    from tomei.signals.rules import jmes  # a mapping is rare: nobody else pays for the library

    if len(body) > MOST_BYTES:
        raise Refused("mapping.too_large", most=MOST_BYTES, size=len(body))
    whole, reader = shapes.read(body), jmes.Reader()
    return tuple(_try(mapping, one, whole, reader) for one in _events(mapping, whole, reader))


def _events(mapping: Mapping, whole: object, reader: Reader) -> list[object]:
    if "events" not in mapping.paths:
        return [whole]
    found = reader.read(mapping.paths["events"].removeprefix("$."), whole)
    if not isinstance(found, list):
        raise Refused("mapping.no_list")
    if len(found) > MOST_EVENTS:
        raise Refused("signal.too_many", most=MOST_EVENTS, count=len(found))
    return found


def _try(mapping: Mapping, given: object, whole: object, reader: Reader) -> Tried:
    found = {name: _find(path, given, whole, reader) for name, path in mapping.paths.items() if name != "events"}
    said = {name: _said(name, value, mapping.tables.get(name, {})) for name, value in found.items()}
    missing = {name: shapes.words(found[name], 60) for name in found if not said[name]}
    if "status" not in found:
        said["status"] = "firing"
    event = _event(said, found) if said.get("title") and said["status"] else None
    return Tried({name: text for name, text in said.items() if text}, missing, event)


def _find(path: str, given: object, whole: object, reader: Reader) -> object:
    if path.startswith("$."):
        return reader.read(path[2:], whole)
    return reader.read(path, given)


def _said(name: str, value: object, table: Table[str, str]) -> str:
    if name == "at":
        at = reading.moment(value)
        return at.isoformat() if at else ""
    if name == "labels":
        return ", ".join(f"{key}={text}" for key, text in reading.labels(value).items())
    if name == "url":
        return reading.link(value)
    plain = str(value).lower() if isinstance(value, bool) else reading.plain(value, _limit(name))
    if name in TABLES:
        plain = table.get(plain.casefold(), table.get(_REST, plain.lower()) if plain else "")
        return plain if name != "status" or plain in STATUSES else ""
    return plain


def _limit(name: str) -> int:
    return {"key": 10_000, "title": shapes.TITLE, "severity": 40, "component": 80, "text": shapes.LONG}.get(name, 100)


def _event(said: Table[str, str], found: Table[str, object]) -> Event:
    labels = reading.labels(found.get("labels"))
    component = said.get("component", "")[:80] or shapes.component_of(labels)
    key = reading.bounded(said.get("key") or f"{component}/{said['title']}")
    return Event(
        status=said["status"],
        group_key=key,
        fingerprint=key,
        title=said["title"],
        severity=(said.get("severity") or labels.get("severity", "")).lower()[:40],
        component=component,
        at=_moment(said.get("at", "")),
        url=said.get("url", ""),
        text=said.get("text", ""),
        labels=labels,
    )


def _moment(text: str) -> datetime | None:
    return shapes.moment(text) if text else None
