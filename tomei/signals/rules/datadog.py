"""Datadog's webhook: the payload of docs/doors.md, or Datadog's own default one.

Ours: `transition`, `monitor`, `cycle`, `scope`, `title`, `type`, `priority`, `severity`, `date`, `link`, `message`,
`tags`, `host`; fields with the names of Datadog's variables (`ALERT_TRANSITION`, `alert_id`) are read alike. Its own:
`id`, `title`, `body`, `event_type`, `date`, `last_updated`, `org`; there the beginning of the title says what happened.
"""

from __future__ import annotations

import re

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.reading import Table
from tomei.signals.rules.shapes import Event, Parsed

RESOLVED = ("recovered", "resolved", "ok")
WARNING = ("warn", "re-warn", "no data", "re-no data")
FIRING = ("triggered", "re-triggered", "renotify", "re-notify", "alert", *WARNING)
PRIORITY = {"p1": "critical", "p2": "error", "p3": "warning", "p4": "notice", "p5": "info"}
TYPE = {"error": "critical", "warning": "warning", "success": "info", "info": "info"}
MOMENTS = ("date", "date_posix", "last_updated")
TEXT = ("message", "text_only_msg", "event_msg", "body", "status", "alert_status")
_ON = re.compile(r" on \{(.*)\}$")
_BRACKETS = re.compile(r"\s*\[([^\[\]]{1,200})\]\s*")


def parse_datadog(body: bytes) -> Parsed:
    """Refuses a body from which nobody can tell whether it begins or ends."""
    whole = {name.lower().lstrip("$"): value for name, value in reading.body(body).items()}
    title = reading.text(whole, "title", "event_title", "alert_title", limit=2 * shapes.TITLE)
    marks, clean = _marks(title)
    said = reading.text(whole, "transition", "alert_transition").lower() or _told(marks)
    if not said and reading.text(whole, "event_type") and title:
        said = "triggered" if reading.text(whole, "type", "alert_type") in ("error", "warning") else "info"
    is_over = said.startswith(RESOLVED)
    if said == "info" or (not is_over and not said.startswith(FIRING)):
        if said in ("info", "test", "muted", "unmuted"):
            return Parsed()
        raise Refused("signal.wrong_shape", where="transition")
    reading.need(clean, "title")
    return Parsed((_event(whole, "resolved" if is_over else "firing", said, marks, clean),))


def _marks(title: str) -> tuple[list[str], str]:
    """`[P1] [Triggered on {host:a}] CPU is high` → what stands in brackets, and the words."""
    marks, rest = [], title
    while found := _BRACKETS.match(rest):
        marks.append(found[1].lower())
        rest = rest[found.end() :]
    return marks, (rest or title)[: shapes.TITLE]


def _told(marks: list[str]) -> str:
    """What happened, from the marks; a test notification is marked before."""
    known = next((mark for mark in marks if mark.startswith((*RESOLVED, *FIRING))), "")
    return known or next((mark for mark in marks if mark not in PRIORITY), "")


def _event(whole: Table, status: str, said: str, marks: list[str], title: str) -> Event:
    monitor, cycle = (
        reading.text(whole, "monitor", "alert_id"),
        reading.text(whole, "cycle", "alert_cycle_key", "aggreg_key"),
    )
    on = next((found[1] for mark in marks if (found := _ON.search(mark))), "")
    scope = reading.text(whole, "scope", "alert_scope") or on
    labels = reading.labels(
        {"host": reading.text(whole, "host", "hostname"), "scope": scope, "monitor": monitor},
        reading.text(whole, "tags", limit=shapes.LONG).split(","),
        {"org": reading.table(whole, "org").get("name")},
    )
    key = reading.bounded(f"monitor/{monitor}/{scope}" if monitor else cycle or reading.own_key(title, scope))
    return Event(
        status=status,
        group_key=key,
        fingerprint=key,
        title=title,
        severity=_severity(whole, said, marks),
        component=shapes.component_of(labels),
        at=next((at for name in MOMENTS if (at := reading.moment(whole.get(name)))), None),
        url=reading.link(whole.get("link")),
        text=reading.prose(*(whole.get(name) for name in TEXT)),
        labels=labels,
    )


def _severity(whole: Table, said: str, marks: list[str]) -> str:
    """What the payload names, else the priority of the monitor, else the threshold that was crossed."""
    named = reading.text(whole, "severity").lower()
    if named:
        return named[:40]
    if said.startswith(WARNING):
        return "warning"
    priority = reading.text(whole, "priority", "alert_priority").lower()
    found = next((mark for mark in (priority, *marks) if mark in PRIORITY), "")
    return PRIORITY[found] if found else TYPE.get(reading.text(whole, "type", "alert_type"), "critical")
