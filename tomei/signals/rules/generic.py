"""Our own fixed shape, for whatever can post JSON (`docs/doors.md`).

One event, or a list of them under `events`:
`{"status": "firing" | "resolved", "key", "title", "severity", "component", "at", "url", "text", "labels": {…}}`.
`title` is needed, `status` is firing when missing. Every other field is ignored and stays in the kept body.
"""

from __future__ import annotations

from tomei.kernel.errors import Refused
from tomei.signals.rules import shapes
from tomei.signals.rules.alertmanager import STATUSES
from tomei.signals.rules.reading import bounded
from tomei.signals.rules.shapes import Event, Parsed


def parse_generic(body: bytes) -> Parsed:
    """Refuses what is not this shape; nothing of a list is taken when one of its events cannot be."""
    whole = shapes.shape(shapes.read(body), dict, "body")
    if "events" not in whole:
        return Parsed((_event(whole, "body"),))
    given = shapes.shape(whole["events"], list, "events")
    if len(given) > shapes.MOST_EVENTS:
        raise Refused("signal.too_many", most=shapes.MOST_EVENTS, count=len(given))
    return Parsed(tuple(_event(event, f"events[{place}]") for place, event in enumerate(given)))


def _event(event: object, where: str) -> Event:
    given = shapes.shape(event, dict, where)
    status = given.get("status", "firing")
    if status not in STATUSES:
        raise Refused("signal.wrong_shape", where=f"{where}.status")
    title = shapes.words(shapes.shape(given.get("title"), str, f"{where}.title"), shapes.TITLE)
    if not title:
        raise Refused("signal.wrong_shape", where=f"{where}.title")
    plain = {
        name: shapes.words(shapes.shape("" if given.get(name) is None else given[name], str, f"{where}.{name}"), limit)
        for name, limit in (("key", 10_000), ("severity", 40), ("component", 80), ("text", shapes.LONG))
    }
    at = given.get("at")
    if at is not None and shapes.moment(at) is None:
        raise Refused("signal.wrong_shape", where=f"{where}.at")
    labels = shapes.labels(given.get("labels"), f"{where}.labels")
    component = plain["component"].lower() or shapes.component_of(labels)
    key = bounded(plain["key"] or f"{component}/{title}")
    return Event(
        status=status,
        group_key=key,
        fingerprint=key,
        title=title,
        severity=(plain["severity"] or labels.get("severity", "")).lower()[:40],
        component=component,
        at=shapes.moment(at),
        url=shapes.link(given.get("url")),
        text=plain["text"],
        labels=labels,
    )
