"""Opsgenie: its Alert API as a sender speaks it, and the webhook that Opsgenie itself posts.

Create: `message`, `alias`, `description`, `priority` (P1 to P5), `details`, `tags`, `entity`, `source`, `user`, `note`.
What is done to an alert comes from the door as `{"operation", "identifier", "body"}`. The webhook has `action`,
`alert` (`alias`, `alertId`, `message`, `priority`, `createdAt`, `updatedAt`, `username`, `note`, `tags`, `details`).
"""

from __future__ import annotations

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.reading import Table
from tomei.signals.rules.shapes import Event, Parsed, Remark

PRIORITY = {"P1": "critical", "P2": "error", "P3": "warning", "P4": "notice", "P5": "info"}
STATUS = {"create": "firing", "close": "resolved", "delete": "resolved"}
REMARK = {"acknowledge": "acknowledged", "addnote": "note", "notes": "note"}


def parse_opsgenie(body: bytes) -> Parsed:
    """Refuses what is neither an alert, nor something done to one."""
    whole = reading.body(body)
    if "operation" in whole and "identifier" in whole:
        return _done(whole)
    if "action" in whole and "alert" in whole:
        return _hook(whole)
    message = reading.need(reading.text(whole, "message", limit=shapes.TITLE), "message")
    return Parsed((_event("firing", alias(whole), message, whole),))


def alias(alert: Table) -> str:
    """The sender's alias; without one, what was sent decides: the same words again are the same alert."""
    parts = [reading.text(alert, name) for name in ("message", "entity", "source")]
    return reading.text(alert, "alias", "alertId", limit=10_000) or reading.own_key(*parts)


def _done(whole: Table) -> Parsed:
    name = reading.text(whole, "operation")
    key = reading.bounded(reading.need(reading.text(whole, "identifier", limit=10_000), "identifier"))
    given = whole.get("body")
    if given is not None and not isinstance(given, dict):
        raise Refused("signal.wrong_shape", where="body")
    said = reading.table(whole, "body")
    if name in REMARK:
        who, note = reading.text(said, "user", "source"), reading.text(said, "note", limit=shapes.LONG)
        if REMARK[name] == "note":
            reading.need(note, "note")
        return Parsed(remarks=(Remark(REMARK[name], key, who, None, note),))
    if name not in ("close", "delete"):
        raise Refused("signal.wrong_shape", where="operation")
    return Parsed((_event("resolved", key, key, said),))


def _hook(whole: Table) -> Parsed:
    action = reading.need(reading.text(whole, "action"), "action").lower()
    alert = reading.table(whole, "alert")
    if action not in STATUS and action not in REMARK:
        return Parsed()  # assigned, escalated, tagged, or an action that the house made up: nothing about harm
    key = reading.need(reading.text(alert, "alias", "alertId", limit=10_000), "alert.alias")
    at = reading.moment(alert.get("createdAt" if action == "create" else "updatedAt"))
    if action in REMARK:
        who, note = reading.text(alert, "username", "source"), reading.text(alert, "note", limit=shapes.LONG)
        return Parsed(remarks=(Remark(REMARK[action], reading.bounded(key), who, at, note),))
    title = reading.text(alert, "message", limit=shapes.TITLE) or key
    return Parsed((_event(STATUS[action], key, title, {**alert, "at": at.isoformat() if at else None}),))


def _event(status: str, key: str, title: str, alert: Table) -> Event:
    found = reading.bounded(key)
    labels = reading.labels(
        {"entity": alert.get("entity"), "source": alert.get("source")}, alert.get("details"), alert.get("tags")
    )
    return Event(
        status=status,
        group_key=found,
        fingerprint=found,
        title=title[: shapes.TITLE],
        severity=(labels.get("severity") or PRIORITY[_priority(alert)]).lower()[:40],
        component=shapes.component_of(labels),
        at=shapes.moment(alert.get("at")),
        url=reading.link(labels.get("url"), labels.get("link"), alert.get("source")),
        text=reading.prose(alert.get("description"), alert.get("note")),
        labels=labels,
    )


def _priority(alert: Table) -> str:
    """P3 when none is given, as there."""
    said = reading.text(alert, "priority").upper()
    said = f"P{said}" if said.isdecimal() else said
    return said if said in PRIORITY else "P3"
