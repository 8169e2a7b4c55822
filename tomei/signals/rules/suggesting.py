"""A first mapping, read off an example by the names that senders use; a person looks at it before anything is saved."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.alertmanager import STATUSES

MOST_PLACES, MOST_DEPTH = 80, 6
LISTS = ("alerts", "events", "incidents", "problems", "items", "data", "records", "messages")
NAMES = {
    "title": ("title", "summary", "alertname", "alerttitle", "subject", "headline", "name", "rulename", "monitor",
              "check", "message", "description"),
    "status": ("status", "state", "alertstate", "alertstatus", "currentstate", "eventstatus", "eventtype", "action"),
    "key": ("fingerprint", "dedupkey", "alias", "alertid", "incidentid", "problemid", "checkid",
            "monitorid", "eventid", "key", "uuid", "id"),
    "severity": ("severity", "level", "priority", "criticality", "urgency", "importance"),
    "component": ("component", "service", "servicename", "application", "app", "system", "resource"),
    "at": ("startsat", "startedat", "started", "triggeredat", "occurredat", "at", "timestamp", "time", "date",
           "createdat", "created", "updatedat"),
    "url": ("url", "link", "href", "permalink", "weburl", "htmlurl", "alerturl", "incidenturl", "dashboardurl"),
    "text": ("description", "details", "text", "message", "body", "comment", "reason"),
    "labels": ("labels", "tags", "attributes", "metadata"),
}  # fmt: skip
FIRING = ("alert", "alerting", "alarm", "critical", "problem", "down", "triggered", "open", "opened", "active", "error",
          "failed", "failing", "failure", "warning", "warn", "true", "created", "new")  # fmt: skip
RESOLVED = ("ok", "up", "closed", "recovered", "recovery", "normal", "success", "false", "healthy", "clear", "cleared")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LETTERS = re.compile(r"[^a-z0-9]")


def suggest(example: bytes) -> dict[str, str]:
    """Fields of the form by name (`title`, `status_values`, …): none for what cannot be read or has no title.

    The nearest of the usual names wins; a text is never proposed twice.
    """
    try:
        whole = shapes.read(example)
    except Refused:
        return {}
    path, event = _first_event(whole)
    standing = list(_walk(event, ()))
    found = {"events": path} if path else {}
    for name in NAMES:
        place = _nearest(name, standing, taken=set(found.values()))
        if place is not None:
            found[name] = place
    return {**found, **_values(found.get("status"), dict(_told(standing)))} if "title" in found else {}


def places(example: bytes) -> list[tuple[str, str]]:
    """What stands where in an example: (JMESPath in one event, the words there), at most `MOST_PLACES`."""
    try:
        _path, event = _first_event(shapes.read(example))
    except Refused:
        return []
    return [(path, shapes.words(value, 80)) for path, value in _told(_walk(event, ()))][:MOST_PLACES]


def _first_event(whole: object) -> tuple[str, object]:
    """Where the list of events is ("" when the body is one event), and its first one."""
    if isinstance(whole, list):
        return ("@", whole[0]) if whole and isinstance(whole[0], dict) else ("", whole)
    if isinstance(whole, dict):
        for name in sorted(whole, key=lambda key: LISTS.index(_bare(key)) if _bare(key) in LISTS else len(LISTS)):
            rows = whole[name]
            if _bare(name) in LISTS and isinstance(rows, list) and rows and isinstance(rows[0], dict):
                return _quoted(name), rows[0]
    return "", whole


def _walk(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every place below, the nearest first: tables and lists of words too, since labels come so."""
    level: list[tuple[tuple[str, ...], object]] = [(path, value)]
    for _depth in range(MOST_DEPTH):
        level = [((*at, name), one) for at, table in level if isinstance(table, dict) for name, one in table.items()]
        yield from level


def _told(standing: Any) -> Iterator[tuple[str, Any]]:
    for path, value in standing:
        if isinstance(value, (str, int, float, bool)) and value != "":
            yield ".".join(_quoted(part) for part in path), value


def _nearest(name: str, standing: list[tuple[tuple[str, ...], Any]], *, taken: set[str]) -> str | None:
    fits, names = _FITS.get(name, _is_word), NAMES[name]
    ranked = [
        (len(path), names.index(_bare(path[-1])), ".".join(_quoted(part) for part in path))
        for path, value in standing
        if _bare(path[-1]) in names and fits(value)
    ]
    free = [one for one in ranked if one[2] not in taken]
    return min(free, key=lambda one: (one[1] + 3 * one[0], one[0]))[2] if free else None


def _values(path: str | None, told: dict[str, Any]) -> dict[str, str]:
    """The line that turns the example's own state into ours, where its word is a known one."""
    value = told.get(path or "")
    word = str(value).lower() if isinstance(value, bool) else reading.plain(value, 40).casefold()
    if path is None or word in STATUSES:
        return {}
    ours = "firing" if word in FIRING else "resolved" if word in RESOLVED else ""
    return {"status_values": f"{word} = {ours}"} if ours else {}


def _bare(name: str) -> str:
    return _LETTERS.sub("", name.lower())


def _quoted(name: str) -> str:
    return name if _PLAIN.match(name) else json.dumps(name, ensure_ascii=False)


def _is_word(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and bool(reading.plain(value, 100).strip())


_FITS: dict[str, Callable[[Any], bool]] = {
    "title": lambda value: isinstance(value, str) and bool(value.strip()),
    "text": lambda value: isinstance(value, str) and bool(value.strip()),
    "status": lambda value: isinstance(value, bool) or _is_word(value),
    "at": lambda value: reading.moment(value) is not None,
    "url": lambda value: bool(reading.link(value)),
    "labels": lambda value: bool(value) and isinstance(value, (dict, list)) and bool(reading.labels(value)),
}
