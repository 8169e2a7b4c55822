"""What PagerDuty posts to others: webhooks v3 (`event`), v2 and v1 (`messages`).

An incident there is a group here. What tells of people only (assigned, escalated, …) says nothing new about harm: the
request is kept, and nothing follows from it.
"""

from __future__ import annotations

from datetime import datetime

from tomei.kernel.errors import Refused
from tomei.signals.rules import reading, shapes
from tomei.signals.rules.reading import Table
from tomei.signals.rules.shapes import Event, Parsed, Remark

STATUS = {
    "triggered": "firing",
    "trigger": "firing",
    "reopened": "firing",
    "resolved": "resolved",
    "resolve": "resolved",
}
REMARK = {"acknowledged": "acknowledged", "acknowledge": "acknowledged", "annotated": "note", "annotate": "note"}
PEOPLE = {
    "action_invocation.created", "action_invocation.terminated", "action_invocation.updated", "assign",
    "conference_bridge.updated", "custom_field_values.updated", "delegate", "delegated", "escalate", "escalated",
    "incident_type.changed", "priority_updated", "reassigned", "responder.added", "responder.replied",
    "role.assigned", "service_updated", "status_update_published", "unacknowledge", "unacknowledged",
    "workflow.completed", "workflow.started",
}  # fmt: skip


def parse_hook(whole: Table) -> Parsed:
    """Refuses a kind of event that PagerDuty has not published."""
    if "event" in whole:
        given = reading.table(whole, "event")
        return _said(reading.text(given, "event_type"), reading.table(given, "data"), given.get("occurred_at"), given)
    if not isinstance(whole.get("messages"), list):
        raise Refused("signal.wrong_shape", where="messages")
    found = [_message(one) for one in reading.rows(whole["messages"])]
    if not found:
        raise Refused("signal.wrong_shape", where="messages")
    return Parsed(
        tuple(event for one in found for event in one.events),
        remarks=tuple(remark for one in found for remark in one.remarks),
    )


def _message(given: Table) -> Parsed:
    incident = reading.table(given, "incident") or reading.table(given, "data", "incident")
    return _said(reading.text(given, "event", "type"), incident, given.get("created_on"), given)


def _said(kind: str, incident: Table, at: object, given: Table) -> Parsed:
    prefix, _dot, name = kind.partition(".")
    if kind == "pagey.ping" or prefix == "service":
        return Parsed()
    if prefix != "incident" or (name not in STATUS and name not in REMARK and name not in PEOPLE):
        raise Refused("signal.wrong_shape", where="event_type")
    if name in PEOPLE:
        return Parsed()
    moment = reading.moment(at)
    if name in REMARK:
        return Parsed(remarks=(_remark(REMARK[name], incident, moment, given),))
    return Parsed((_event(STATUS[name], incident, moment),))


def _key(incident: Table) -> str:
    """A note names the incident that it stands at."""
    return reading.bounded(reading.need(reading.text(reading.table(incident, "incident") or incident, "id"), "id"))


def _remark(kind: str, incident: Table, at: datetime | None, given: Table) -> Remark:
    log = (reading.rows(given.get("log_entries")) or [{}])[0]
    changed_by = reading.table(incident, "last_status_change_by")
    who = (
        reading.text(reading.table(given, "agent"), "summary", "name")
        or reading.text(reading.table(log, "agent"), "summary")
        or reading.text(changed_by, "name", "summary")
    )
    return Remark(kind, _key(incident), who, at, reading.prose(incident.get("content")))


def _event(status: str, incident: Table, at: datetime | None) -> Event:
    service = reading.table(incident, "service")
    labels = reading.labels(
        {"service": reading.text(service, "summary", "name"), "urgency": incident.get("urgency")},
        {"priority": reading.text(reading.table(incident, "priority"), "summary")},
        {"number": incident.get("number") or incident.get("incident_number")},
    )
    summary = reading.table(incident, "trigger_summary_data")
    title = (
        reading.text(incident, "title", "summary", limit=shapes.TITLE)
        or reading.text(summary, "subject", "description", limit=shapes.TITLE)
        or reading.text(incident, "incident_key", "id", limit=shapes.TITLE)
    )
    key = _key(incident)
    return Event(
        status=status,
        group_key=key,
        fingerprint=key,
        title=title,
        severity={"high": "critical", "low": "warning"}.get(reading.text(incident, "urgency"), "critical"),
        component=shapes.component_of(labels),
        at=at,
        url=reading.link(incident.get("html_url")),
        text=reading.prose(incident.get("description")),
        labels=labels,
    )
